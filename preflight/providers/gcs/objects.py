"""The small questions of a writer: who it is, what it may do, and whether it may read, list and delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from preflight.model import Reply
from preflight.providers.gcs import passes, replies
from preflight.providers.gcs.key import Key
from preflight.providers.gcs.refusals import Answer
from preflight.providers.gcs.rights import ACCOMPANYING, CREATE, FOR_FOLDERS
from preflight.providers.gcs.uploads import OPENING
from preflight.providers.gcs.wire import Attempt, Wire


def who_am_i(wire: Wire, key: Key, deadline: float) -> Reply:
    """A token is given to nobody but the account whose key signed for it."""
    attempt = wire.attempt(wire.bearer.refresh, deadline)
    if attempt.failure is not None:
        return replies.refused(attempt) if not attempt.ok else replies.unexpected(attempt, "a token")
    facts = {"principal": key.email, "account": key.project}
    identifiers = {"key_id": key.info.get("private_key_id"), "client_id": key.info.get("client_id")}
    return replies.accept(attempt, {**facts, **{k: v for k, v in identifiers.items() if isinstance(v, str)}})


def get(wire: Wire, key: str, deadline: float) -> Reply:
    attempt = wire.send(passes.get(wire, key), deadline)
    if not attempt.ok or attempt.answer is None:
        return replies.refused(attempt)
    if not attempt.answer.text.startswith(OPENING):
        return replies.unexpected(attempt, "the object that was written")
    return replies.accept(attempt, {"key": key, "bytes": len(attempt.answer.body)})


def list_own(wire: Wire, prefix: str, deadline: float) -> Reply:
    attempt = wire.send(passes.list_own(wire, prefix), deadline)
    if not attempt.ok:
        return replies.refused(attempt)
    found = _document(attempt, "storage#objects")
    if found is None:
        return replies.unexpected(attempt, "a list of objects")
    items = found.get("items")
    names = [item["name"] for item in items or () if isinstance(item, dict) and "name" in item]
    return replies.accept(attempt, {"keys": names})


def delete(wire: Wire, key: str, generation: str | None, deadline: float) -> Reply:
    """Deletes the very generation that we wrote, so that versioning keeps none of it; of soft delete no answer tells.

    Repeated once where the answer was lost; that nothing is there any more is what was wanted.
    """
    query = {"generation": generation} if generation else {}
    attempt = wire.send(passes.delete(wire, key), deadline, query)
    if attempt.answer is None:
        attempt = wire.send(passes.delete(wire, key), deadline, query)
    if _gone(attempt):
        return replies.accept(attempt, {"key": key, "gone": True})
    if not attempt.ok or attempt.answer is None:
        return replies.refused(attempt)
    if attempt.answer.body.strip():
        return replies.unexpected(attempt, "nothing, which is how a deletion is confirmed")
    return replies.accept(attempt, {"key": key})


def held(wire: Wire, question: Sequence[Sequence[str]], deadline: float) -> Reply:
    """Which of these permissions the writer holds on the bucket; asking needs none.

    Conditions on object names are not seen by it. Where Google refuses the question for a name that it does not take,
    it is asked again without the last group.
    """
    asked = [permission for group in question for permission in group]
    attempt = wire.send(passes.test_permissions(wire), deadline, {"permissions": asked})
    if attempt.answer is not None and attempt.answer.status == 400 and len(question) > 1:
        return held(wire, question[:-1], deadline)
    if not attempt.ok:
        return replies.refused(attempt)
    found = _document(attempt, "storage#testIamPermissionsResponse")
    if found is None:
        return replies.unexpected(attempt, "a list of permissions")
    permissions = found.get("permissions") or []  # left out where none is held
    if not isinstance(permissions, list):
        return replies.unexpected(attempt, "a list of permissions")
    told = [str(permission) for permission in permissions]
    beyond = [permission for permission in told if permission not in {CREATE, *ACCOMPANYING}]
    facts: dict[str, Any] = {"asked": asked, "permissions": told, "beyond": beyond}
    if CREATE in told:  # a right that is held on the bucket, so that one beside it would be seen, too
        facts["for_folders"] = {name: name in told for name in FOR_FOLDERS if name in asked}
    return replies.accept(attempt, facts)


def _document(attempt: Attempt, kind: str) -> Mapping[str, Any] | None:
    document = attempt.answer.json if attempt.answer else None
    return document if isinstance(document, dict) and document.get("kind") == kind else None


def _gone(attempt: Attempt) -> bool:
    answer: Answer | None = attempt.answer
    if answer is None or answer.status != 404:
        return False
    refusal = attempt.refusal
    return refusal.code == "notFound" and (refusal.message or "").startswith("No such object")
