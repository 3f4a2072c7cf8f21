"""The role and the assignment that are missing, beside those that are there, and all judged again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.grants.abs import (
    OBJECT_ID,
    SUBSCRIPTION,
    UNWRITABLE,
    assign_role,
    assignment,
    create_role,
    role,
    role_name,
)
from preflight.grants.kinds import Change, Mended
from preflight.iam.decision import Answer
from preflight.model import AbsStorage, Delete, Get, Put, PutParts, Read, Reply, Setting, Store
from preflight.providers.abs.paper_store import PaperStore

Json = dict[str, Any]
ReadSetting = Callable[[Setting], Reply]

_NAMED = "stream-recordings-writer"


def mend(storage: AbsStorage, current: Store) -> Mended:
    """One assignment is enough, or nothing that could be assigned is: assignments only ever add."""

    def read(setting: Setting) -> Reply:
        return current.ask(Read(setting))

    before = PaperStore(storage, read)
    if _refused(before, storage) is None:
        return Mended(holds=True)
    for held in (before.layers.assignments, before.layers.denials):
        if held is not None and not held.valid:
            return Mended(why=f"the assignments cannot be read: {held.findings[0]}")
    made = assignment(storage, where=before.target.scope, principal=_principal(before))
    mended = PaperStore(storage, _beside(read, before, storage, made))
    left = _refused(mended, storage)
    if left is not None:
        return Mended(open=left.facts["answer"] == Answer.UNKNOWN, why=str(left.message))
    if disturbed := _disturbed(before, mended, storage):
        return Mended(why=f"every change would also change another decision: {disturbed}")
    return Mended(holds=True, changes=(_role_change(storage, before), _assignment_change(storage, made)))


def _principal(paper: PaperStore) -> str:
    return str(paper.document.get("principal") or OBJECT_ID)


def _refused(paper: PaperStore, storage: AbsStorage) -> Reply | None:
    """The first of the writes that the documents do not grant."""
    key = f"{storage.path}x"
    return next((reply for reply in (paper.ask(Put(key)), paper.ask(PutParts(key))) if not reply.ok), None)


def _beside(read: ReadSetting, before: PaperStore, storage: AbsStorage, made: Json) -> ReadSetting:
    """The documents with the assignment added; where no token told the object id, the client id stands for it."""
    given = {**made["properties"], "roleDefinitionId": _NAMED, "principalName": storage.client_id}
    definition = {**role(storage), "Name": _NAMED}
    document = {
        **before.document,
        "assignments": [*before.document.get("assignments", ()), given],
        "definitions": [*before.document.get("definitions", ()), definition],
    }

    def changed(setting: Setting) -> Reply:
        reply = read(setting)
        if setting is not Setting.POLICY:
            return reply
        return replace(reply, facts={"document": document}, refusal=None)

    return changed


def _disturbed(before: PaperStore, after: PaperStore, storage: AbsStorage) -> str:
    """The first other right that the change would give, or nothing."""
    key = f"{storage.path}x"
    asks = (Get(key), Delete(key))
    return next((str(ask) for ask in asks if _answer(before, ask) != _answer(after, ask)), "")


def _answer(paper: PaperStore, ask: Get | Delete) -> str:
    return str(paper.ask(ask).facts["answer"])


def _role_change(storage: AbsStorage, paper: PaperStore) -> Change:
    parts = paper.target.scope.split("/")
    made = role(storage, parts[2] if len(parts) > 2 else SUBSCRIPTION)
    return Change(title=f"custom role `{role_name(storage)}`", before=None, after=made, commands=(create_role(made),))


def _assignment_change(storage: AbsStorage, made: Json) -> Change:
    title = f"role assignment at container {storage.bucket}"
    wide = storage.path and "condition" not in made["properties"]
    notes = (f"{UNWRITABLE}: this is for the whole container",) if wide else ()
    return Change(title=title, before=None, after=made, commands=(assign_role(storage, made),), notes=notes)
