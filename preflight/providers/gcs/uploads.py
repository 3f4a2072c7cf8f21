"""Writes the test object the two ways in which recordings are written, by Google's own client library."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from preflight import __version__
from preflight.model import Effect, Reply
from preflight.providers import pauses
from preflight.providers.gcs import passes, replies
from preflight.providers.gcs.door import Pass
from preflight.providers.gcs.refusals import refuse
from preflight.providers.gcs.wire import Attempt, Wire

OPENING = "This is a test object of preflight"  # by which we know our own again
_CONTENT_TYPE = "text/plain"
# The library would read the bucket's settings in a thread of its own, which a writer is often denied.
_QUIET = "DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA"


def content() -> bytes:
    """What is written: it says by itself what it is, when it came and that it may go."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return (
        f"{OPENING} {__version__}, written {now} to find out whether call recordings can be stored here.\n"
        "It holds nothing else and is safe to delete.\n"
    ).encode()


def open_blob(wire: Wire, project: str, key: str) -> Any:  # noqa: ANN401 - the library ships no types
    """The library's object of this name. It signs nothing and retries nothing: both are the wire's."""
    os.environ.setdefault(_QUIET, "true")
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage  # type: ignore[import-untyped]  # ships no types

    client = storage.Client(
        project=project or "none",
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]  # typed in part
        client_options={"api_endpoint": wire.api},
        _http=wire.session,
    )
    return client.bucket(wire.bucket).blob(key)


@dataclass(frozen=True, slots=True)
class Upload:
    """One way to create an object, repeatable: the requests that it sends and the act itself."""

    ways: tuple[Pass, ...]
    act: Callable[[], object]


def single(wire: Wire, project: str, key: str) -> Upload:
    blob = open_blob(wire, project, key)

    def act() -> None:
        blob.upload_from_string(content(), content_type=_CONTENT_TYPE, if_generation_match=0, retry=None)

    return Upload((passes.insert(wire, key),), act)


def in_parts(wire: Wire, project: str, key: str) -> Upload:
    """A stream of unknown length is what makes the library open a resumable upload."""
    blob = open_blob(wire, project, key)

    def act() -> None:
        stream = io.BytesIO(content())
        blob.upload_from_file(stream, content_type=_CONTENT_TYPE, if_generation_match=0, retry=None)

    return Upload((passes.start(wire, key), passes.finish(wire)), act)


def create(wire: Wire, upload: Upload, key: str, deadline: float, *, again: bool = False) -> Reply:
    """Create the object; where the service is busy and has done nothing, once more after the rest that it asks for."""
    reply = _create(wire, upload, key, deadline, again=again)
    if again or reply.status != 429 or reply.effect is not Effect.NONE or reply.refusal is None:
        return reply
    asked = reply.refusal.headers.get("retry-after")
    if not pauses.rest(asked, (deadline - time.monotonic()) / 2):
        return reply
    return _create(wire, upload, key, deadline)


def _create(wire: Wire, upload: Upload, key: str, deadline: float, *, again: bool = False) -> Reply:
    """Create the object once; after an answer or a session that was lost, ask again under the same precondition.

    "It exists already" is then the answer that was lost: nobody else knows a name of 128 random bits.
    """
    begun = wire.attempt(upload.act, deadline, *upload.ways)
    first = _judge(wire, begun, key)
    lost = first.effect is Effect.POSSIBLE and not 300 <= (first.status or 599) < 500
    if first.ok or again or not (lost or _ended(begun)):
        return first
    attempt = wire.attempt(upload.act, deadline, *upload.ways)
    if _exists(attempt):
        facts = {"key": key, "stored": True, "confirmed": "a second create was refused, for the object exists"}
        return replies.accept(attempt, {**facts, "lost": first.message}, Effect.CERTAIN)
    second = _judge(wire, attempt, key)
    if first.effect is Effect.NONE:
        return second
    if attempt.answer is None:
        return first
    return second if second.ok else replace(second, effect=Effect.POSSIBLE)


def authorise(wire: Wire, project: str, key: str, deadline: float) -> Reply:
    """Open a resumable upload and cancel it: authorised, and nothing stored."""
    blob = open_blob(wire, project, key)
    address: list[str] = []

    def begin() -> None:
        address.append(
            blob.create_resumable_upload_session(content_type=_CONTENT_TYPE, if_generation_match=0, retry=None)
        )

    begun = wire.attempt(begin, deadline, passes.start(wire, key), passes.finish(wire))
    if not begun.ok:
        return replies.refused(begun)
    ended = wire.attempt(lambda: wire.session.delete(address[0]), deadline, passes.cancel(wire))
    cancelled = ended.answer is not None and ended.answer.status in {200, 204, 499}
    weaker = (
        "an upload was authorised and cancelled: retention, holds, rate limits and encryption keys are "
        "judged when an upload ends"
    )
    facts: dict[str, Any] = {"weaker": weaker, "cancelled": cancelled}
    if cancelled:
        return replies.accept(begun, facts)
    facts["residue_note"] = "an open upload, invisible and without content; Google drops it after a week"
    return replies.accept(begun, facts, Effect.POSSIBLE)


def _judge(wire: Wire, attempt: Attempt, key: str) -> Reply:
    """A 200 alone proves nothing: the answer has to be the resource of the object that was written."""
    if _ended(attempt) and attempt.answer and attempt.answer.status == 404:
        said = f"the resumable upload session was lost: {attempt.refusal.message or 'no reason was given'}"
        refusal = refuse(attempt.answer, code="upload-session-lost", message=said)
        return replies.of_refusal(refusal, attempt.answer, attempt.doubt)
    if not attempt.ok:
        return replies.refused(attempt)
    stored = attempt.answer.json if attempt.answer else None
    if not isinstance(stored, Mapping) or (stored.get("bucket"), stored.get("name")) != (wire.bucket, key):
        return replies.unexpected(attempt, "the object that was written")
    return replies.accept(attempt, _facts(stored), Effect.CERTAIN)


def _facts(stored: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"key": stored["name"], "stored": True}
    told = {"generation": "generation", "kms_key": "kmsKeyName", "kept_until": "retentionExpirationTime"}
    facts |= {ours: stored[theirs] for ours, theirs in told.items() if stored.get(theirs)}
    if stored.get("eventBasedHold") or stored.get("temporaryHold"):
        facts["residue_note"] = "a hold of the bucket keeps it until somebody releases it"
    elif "kept_until" in facts:
        facts["residue_note"] = f"the bucket's retention policy keeps it until {facts['kept_until']}"
    return facts


def _ended(attempt: Attempt) -> bool:
    """Whether an upload that was opened is gone before its end; Google asks to begin another one.

    Its address is what was not found: the bucket opened it, and is there.
    """
    sent, answer = attempt.sent, attempt.answer
    return sent is not None and sent.writes and answer is not None and answer.resumable and answer.status in {404, 410}


def _exists(attempt: Attempt) -> bool:
    """Whether the refusal is about our precondition, in its own words.

    Organization policies, public access prevention and whatever else a bucket enforces answer 412, too.
    """
    refusal = attempt.refusal if attempt.answer else None
    return (
        refusal is not None
        and (refusal.status, refusal.code) == (412, "conditionNotMet")
        and "pre-conditions you specified did not hold" in (refusal.message or "").lower()
    )
