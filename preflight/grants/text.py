"""Grants and changes as text: JSON, Terraform and commands for programs, a diff for people."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from preflight.grants.kinds import Change, Grant, Mended
from preflight.model import Storage


def dumps(document: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(document, indent=2, ensure_ascii=False)


def written(shown: Sequence[tuple[str, Grant]], form: str) -> str:
    """All grants in one form, each with its storage's label, which is no other's.

    One JSON document is written bare, several as an object by `storage/document`.
    """
    match form:
        case "terraform":
            return "\n".join(grant.terraform for _, grant in shown)
        case "commands":
            return "".join(f"{line}\n" for _, grant in shown for line in grant.commands)
        case _ if len(shown) == 1:
            return f"{dumps(shown[0][1].document)}\n"
        case _:
            return f"{dumps({f'{label}/{grant.name}': grant.document for label, grant in shown})}\n"


def told(storage: Storage, mended: Mended) -> str:
    """What came of mending one storage."""
    return "".join(f"{line}\n" for line in _told(storage, mended))


def _told(storage: Storage, mended: Mended) -> Iterator[str]:
    yield f"{storage.name}   {storage.address}"
    yield ""
    for change in mended.changes:
        yield from _change(change)
    if mended.holds and not mended.changes:
        yield "nothing to mend: the documents grant every write under the path"
    elif mended.holds:
        yield "judged again with these changes: every write under the path is granted, and no other decision changes"
        yield "nothing has been applied"
    else:
        yield f"{'not known' if mended.open else 'cannot be mended like this'}: {mended.why}"
    yield ""


def _change(change: Change) -> Iterator[str]:
    yield f"{change.title}{'   (a Deny is narrowed: have it reviewed)' if change.review else ''}"
    for note in change.notes:
        yield f"  {note}"
    yield ""
    before = dumps(change.before).splitlines() if change.before is not None else []
    after = dumps(change.after).splitlines()
    names = ("current" if before else "/dev/null", "mended")
    yield from difflib.unified_diff(before, after, *names, lineterm="")
    yield ""
    yield "the whole document:"
    yield from after
    yield ""
    yield from change.commands
    yield ""
