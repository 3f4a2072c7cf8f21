"""The binding that is missing, added to the bucket's current policy, and all judged again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.grants.gcs import add_binding, binding
from preflight.grants.kinds import Change, Mended
from preflight.iam.decision import Answer
from preflight.model import Delete, GcsStorage, Get, List, Put, PutParts, Read, Reply, Setting, Store
from preflight.providers.gcs.paper_store import PaperStore

Json = dict[str, Any]
ReadSetting = Callable[[Setting], Reply]


def mend(storage: GcsStorage, current: Store) -> Mended:
    """One binding is enough, or nothing that the bucket's policy could say is: bindings only ever add."""

    def read(setting: Setting) -> Reply:
        return current.ask(Read(setting))

    if not storage.client_email:
        return Mended(open=True, why="who writes is not known: the service account key could not be loaded")
    before = PaperStore(storage, read)
    refused = _refused(before, storage)
    if refused is None:
        return Mended(holds=True)
    policy = before.layers.bucket
    if policy is None:
        return Mended(open=True, why="the bucket's IAM policy was not read")
    if not policy.valid:
        return Mended(why=f"the bucket's IAM policy cannot be stored like this: {policy.findings[0]}")
    document = _parsed(read(Setting.POLICY).facts.get("document"))
    conditional = before.layers.uniform is not False
    bound = binding(storage, conditional=conditional)
    after = _with(document, bound)
    mended = PaperStore(storage, _instead(read, after))
    left = _refused(mended, storage)
    if left is not None:
        return Mended(open=left.facts["answer"] == Answer.UNKNOWN, why=str(left.message))
    if disturbed := _disturbed(before, mended, storage):
        return Mended(why=f"every change would also change another decision: {disturbed}")
    notes = () if conditional else ("without uniform bucket-level access no condition can narrow it to the path",)
    change = Change(
        title=f"IAM policy of the bucket {storage.bucket}",
        before=document or None,
        after=after,
        commands=(add_binding(storage, bound),),
        notes=notes,
    )
    return Mended(holds=True, changes=(change,))


def _refused(paper: PaperStore, storage: GcsStorage) -> Reply | None:
    """The first of the writes that the documents do not grant."""
    key = f"{storage.path}x"
    return next((reply for reply in (paper.ask(Put(key)), paper.ask(PutParts(key))) if not reply.ok), None)


def _parsed(document: object) -> Json:
    value = json.loads(document) if isinstance(document, str) else copy.deepcopy(document)
    return value if isinstance(value, dict) else {}


def _with(document: Json, bound: Json) -> Json:
    """Beside a binding of the same role and condition Google keeps no second one: its members are joined."""
    found = list(document.get("bindings") or ())
    same = next((one for one in found if _alike(one, bound)), None)
    if same is None:
        found.append(bound)
    else:
        found[found.index(same)] = {**same, "members": [*same.get("members", ()), *bound["members"]]}
    return {**document, **({"version": 3} if "condition" in bound else {}), "bindings": found}


def _alike(one: Json, two: Json) -> bool:
    return one.get("role") == two["role"] and one.get("condition") == two.get("condition")


def _instead(read: ReadSetting, document: Json) -> ReadSetting:
    def changed(setting: Setting) -> Reply:
        reply = read(setting)
        return replace(reply, facts={"document": document}) if setting is Setting.POLICY else reply

    return changed


def _disturbed(before: PaperStore, after: PaperStore, storage: GcsStorage) -> str:
    """The first other right that the change would give, or nothing."""
    key = f"{storage.path}x"
    asks = (Get(key), Delete(key), List(key))
    return next((str(ask) for ask in asks if _answer(before, ask) != _answer(after, ask)), "")


def _answer(paper: PaperStore, ask: Get | Delete | List) -> str:
    return str(paper.ask(ask).facts["answer"])
