"""# Folders can be created under the path

Asks Google whether the writer may create folders, and looks whether the bucket has a hierarchical namespace, where a
folder is a thing of its own and is made by the first write into it.

**Why it matters.** There, a write into a folder that exists needs one permission, and a write into a new one needs
`storage.folders.create` as well. The test objects lie directly under the path; whether Stream makes folders below it
is not known. A bucket without a hierarchical namespace has no such folders.

**Example failure.** `? folders can be created under recordings/   create-folders: permission-missing`

**Fix.** Grant `roles/storage.objectCreator`, which holds the permission, or add it to the custom role. Where the bucket
is flat, `--inspect` sees it, and nothing has to be granted.
"""

from dataclasses import replace

from preflight.checks import Check, Stage
from preflight.claims import passed, seen, skipped, unknown
from preflight.model import (
    Candidate,
    Cause,
    Evidence,
    GcsStorage,
    Identity,
    Outcome,
    Permission,
    Read,
    Setting,
    Severity,
    Storage,
)
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.WRITER not in session.stores:
        return replace(skipped(check, session, "the documents judge folders with the write"), essential=False)
    layout = seen(session, Setting.ACCOUNT) if Identity.INSPECTOR in session.stores else None
    deep = layout.reply.facts.get("hierarchical") if layout and layout.reply.ok else None
    if layout and deep is False:
        return passed(check, session, "the bucket is flat: it has no folders to create", [layout])
    held = session.ask(Read(Setting.HELD))
    evidence = [held, *([layout] if layout else [])]
    told = held.reply.facts.get("for_folders") or {}
    lacking = [Permission(name) for name, holds in told.items() if not holds]
    if lacking:
        return _lacking(check, session, lacking, evidence, deep=bool(deep))
    if told:
        return passed(check, session, f"holds {', '.join(told)}", evidence)
    if deep:
        return _by_policy(check, session, evidence)
    reason = "nothing tells of folders in this bucket, nor whether the writer may create any"
    return replace(skipped(check, session, reason), essential=False)


def _lacking(
    check: Check, session: Session, lacking: list[Permission], evidence: list[Evidence], *, deep: bool
) -> Outcome:
    named = ", ".join(permission.action for permission in lacking)
    where = (
        "this bucket has a hierarchical namespace, and whether Stream makes folders in it is not known"
        if deep
        else "whether this bucket has a hierarchical namespace was not read: --inspect does, and a flat one is ready"
    )
    message = f"the writer does not hold {named}, without which no recording gets into a new folder; {where}"
    candidate = Candidate(cause=Cause.PERMISSION_MISSING, because=message, missing=tuple(lacking))
    return unknown(check, session, message, evidence, [candidate])


def _by_policy(check: Check, session: Session, evidence: list[Evidence]) -> Outcome:
    """The bucket has folders, and Google did not tell who may create them: the documents might."""
    if Identity.DOCUMENTS in session.stores:
        paper = session.ask(session.put, Identity.DOCUMENTS)
        if paper.reply.facts.get("answer") == "allowed":
            return passed(check, session, "proven by policy", [*evidence, paper])
    message = "the bucket has a hierarchical namespace, and nothing tells whether the writer may create folders in it"
    return unknown(check, session, message, evidence, [Candidate(cause=Cause.PERMISSION_MISSING, because=message)])


def _only_in_google(storage: Storage) -> str:
    is_google = isinstance(storage, GcsStorage)
    return "" if is_google else f"{storage.words['provider']} asks for no right of its own for folders"


CHECK = Check(
    title="folders can be created under {where}",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("write-object",),
    essential=True,
    applies=_only_in_google,
)
