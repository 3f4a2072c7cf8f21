"""S3 as the identity that will write: the asks of the examination, through boto3."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from preflight import __version__
from preflight.model import (
    TEST_NAME,
    Ask,
    Delete,
    Effect,
    Get,
    List,
    Put,
    PutParts,
    Read,
    Reply,
    S3Storage,
    WhoAmI,
)
from preflight.providers import Reach, pauses
from preflight.providers.s3 import abort_command, gate, version_command
from preflight.providers.s3.client import Access, Exchange, open_client
from preflight.providers.s3.replies import NotAnAnswer, granted, not_offered, refused, refused_as

# What comes to exist by these is doubtful after an answer that is.
_WRITES = frozenset({"PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"})

_VERSIONING = frozenset({"PutObject", "CompleteMultipartUpload", "DeleteObject"})

WRONG_DIGEST = base64.b64encode(hashlib.md5(b"not what is sent", usedforsecurity=False).digest()).decode()
_DIGEST_REFUSED = frozenset({"BadDigest", "InvalidDigest"})
NO_UPLOAD = "preflight-has-not-opened-this-upload"
WEAKER = (
    "refused for its digest on purpose: whether this server looks at the permission before the digest is not "
    "documented, and what applies only when an object is stored, such as encryption keys, was not tried"
)
WEAKER_PARTS = (
    "a part of an upload that does not exist was refused for that: encryption keys and completion were not tried"
)
STORED = "stored although its digest was wrong: this server does not look at it"
OPENING = "This object was written by preflight"  # by which we know our own again
PERHAPS_OPEN = "an unfinished upload of this name may remain, too"


class WriterStore:
    """Asks S3 with the configured key. Its client is made at the first ask."""

    def __init__(self, storage: S3Storage, reach: Reach) -> None:
        self._storage = storage
        self._reach = reach
        self._client: Any = None
        self._exchange = Exchange()

    def ask(self, ask: Ask) -> Reply:
        match ask:
            case Put():
                return self._put_dry(ask) if ask.dry else self._put(ask) if ask.again else self._create(ask)
            case PutParts():
                return self._part_dry(ask) if ask.dry else self._parts(ask)
            case Get(key=key):
                return self._call("GetObject", "get_object", Effect.NONE, Key=key)
            case List(prefix=prefix):
                return self._call("ListObjectsV2", "list", Effect.NONE, Prefix=prefix, MaxKeys=1)
            case Delete(key=key):
                return self._delete(key)
            case WhoAmI():
                return self._who_am_i()
            case Read(setting=setting):
                return not_offered(setting)

    def _create(self, ask: Put) -> Reply:
        """A create-only write is safe to repeat; after a doubtful answer, "already exists" means that it was ours."""
        first = self._put(ask)
        if not self._worth_repeating(first):
            return first
        second = self._put(ask)
        if second.code == "PreconditionFailed":
            return granted(self._exchange, time.monotonic(), Effect.CERTAIN, lost_answer=True)
        if second.ok and first.effect is Effect.POSSIBLE:
            # not there yet when the second one came, the first may still be on its way: even after a deletion
            return replace(second, facts={**second.facts, "may_arrive_late": True})
        if first.effect is Effect.NONE:
            return second
        return replace(second, effect=Effect.POSSIBLE) if second.effect is Effect.NONE and second.status else first

    def _put(self, ask: Put, **more: object) -> Reply:
        return self._call(
            "PutObject",
            "put_object",
            Effect.CERTAIN,
            Key=ask.key,
            Body=_body(),
            ContentType="text/plain; charset=utf-8",
            IfNoneMatch="*",
            **more,
        )

    def _put_dry(self, ask: Put) -> Reply:
        """Send a digest that is wrong on purpose, twice: the second time shows whether the first was stored."""
        first = self._put(ask, ContentMD5=WRONG_DIGEST)
        if first.ok:
            return replace(first, facts={**first.facts, "weaker": WEAKER, "residue_note": STORED})
        if first.code not in _DIGEST_REFUSED and not self._worth_repeating(first):
            return first
        second = self._put(ask, ContentMD5=WRONG_DIGEST)
        facts = {**first.facts, "weaker": WEAKER}
        if second.ok or second.code == "PreconditionFailed":
            return granted(self._exchange, time.monotonic(), Effect.CERTAIN, **facts, residue_note=STORED)
        if second.code not in _DIGEST_REFUSED:
            return replace(second, effect=max(first.effect, second.effect, key=list(Effect).index))
        # where the first answer was lost, a server that ignores preconditions too would still hide the object
        effect = first.effect if first.code not in _DIGEST_REFUSED else Effect.NONE
        return replace(second, refusal=None, code=None, message=None, facts=facts, effect=effect)

    def _part_dry(self, ask: PutParts) -> Reply:
        """Send a part of an upload that was never opened: nothing can be stored, and nothing has to be aborted."""
        reply = self._call(
            "UploadPart", "put_object", Effect.NONE, Key=ask.key, UploadId=NO_UPLOAD, PartNumber=1, Body=_body()
        )
        if reply.code == "NoSuchUpload":
            facts = {**reply.facts, "weaker": WEAKER_PARTS}
            return replace(reply, refusal=None, code=None, message=None, facts=facts, effect=Effect.NONE)
        if reply.ok:
            return refused_as(reply, "UploadPart", "a part of an upload that does not exist was accepted")
        return reply

    def _parts(self, ask: PutParts) -> Reply:
        """Create, one part, complete.

        The completion carries no precondition, as Stream's will not: it goes onto the object that this very run has
        created, so that nothing else can be overwritten.
        """
        created = self._call("CreateMultipartUpload", "put_object", Effect.NONE, Key=ask.key)
        if created.effect is Effect.POSSIBLE:
            return replace(created, facts={**created.facts, "residue_note": PERHAPS_OPEN})
        if not created.ok:
            return created
        upload = str(created.facts["UploadId"])
        part = self._persist("UploadPart", Effect.NONE, Key=ask.key, UploadId=upload, PartNumber=1, Body=_body())
        if not part.ok:
            return self._abandon(ask, upload, replace(part, effect=Effect.NONE))  # a part alone is no object
        done = self._persist(
            "CompleteMultipartUpload",
            Effect.CERTAIN,
            Key=ask.key,
            UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part.facts["ETag"]}]},
        )
        return done if done.ok else self._abandon(ask, upload, done)

    def _persist(self, operation: str, effect: Effect, **parameters: object) -> Reply:
        """A step of an open upload may be repeated: the same part again, the same completion again."""
        first = self._call(operation, "put_object", effect, **parameters)
        if not self._worth_repeating(first):
            return first
        second = self._call(operation, "put_object", effect, **parameters)
        # that the upload is no more, after a completion whose answer was lost, tells nothing about the storage
        return first if second.code == "NoSuchUpload" else second

    def _abandon(self, ask: PutParts, upload: str, reply: Reply) -> Reply:
        """Abort what cannot be finished. A write-only key may not, and the open upload is then residue."""
        aborted = self._call("AbortMultipartUpload", "cleanup", Effect.NONE, Key=ask.key, UploadId=upload)
        if aborted.ok or aborted.code == "NoSuchUpload":
            return reply
        opened = {
            "open_upload": upload,
            "abort_command": abort_command(self._storage, ask.key, upload),
            "open_for_sure": 400 <= (aborted.status or 0) < 500,
        }
        return replace(reply, facts={**reply.facts, **opened})

    def _worth_repeating(self, reply: Reply) -> bool:
        """Wait and say yes, if the answer was lost or asks to come back within the time that an ask has."""
        busy = reply.status in {429, 503}
        if reply.effect is not Effect.POSSIBLE and not busy:
            return False
        asked = reply.refusal.headers.get("retry-after") if busy and reply.refusal else None
        return pauses.rest(asked, self._reach.timeout / 2)

    def _delete(self, key: str) -> Reply:
        reply = self._call("DeleteObject", "cleanup", Effect.NONE, Key=key)
        if reply.ok and (reply.facts.get("version_id") or reply.facts.get("DeleteMarker")):
            kept = {
                "version_remains": True,
                "residue_note": "the bucket keeps versions: an older version remains",
            }
            return replace(reply, facts={**reply.facts, **kept})
        return reply

    def _who_am_i(self) -> Reply:
        storage, reach = self._storage, self._reach
        if storage.endpoint_url and "sts" not in reach.endpoints:
            return not_offered("GetCallerIdentity")
        began = time.monotonic()
        exchange = Exchange()
        try:
            client, exchange = open_client(self._access("sts", reach.endpoints.get("sts"), _only_identity))
            said = client.get_caller_identity()  # type: ignore[attr-defined]  # clients are made at run time
            principal, account = said["Arn"], said["Account"]
        except gate.Forbidden:
            raise
        except Exception as error:  # noqa: BLE001 - likewise a dozen types, and a page of HTML has none of the names
            return replace(refused(exchange, began, "GetCallerIdentity", "sts", error), effect=Effect.NONE)
        return granted(exchange, began, Effect.NONE, principal=principal, account=account)

    def _call(self, operation: str, stage: str, effect: Effect, **parameters: object) -> Reply:
        """One request. `effect` is what its success means; a doubtful answer of a write is at least `POSSIBLE`."""
        began = time.monotonic()
        self._exchange.forget()
        try:
            client = self._open()
            asked = {"Bucket": self._storage.bucket, **parameters}
            said = client._make_api_call(operation, asked)  # noqa: SLF001 - by name, as its own methods do
            _believe(operation, said, self._exchange)
        except gate.Forbidden:
            raise
        except Exception as error:  # noqa: BLE001 - the SDK meets a broken answer with errors of a dozen types
            reply = refused(self._exchange, began, operation, stage, error)
            return reply if operation in _WRITES else replace(reply, effect=Effect.NONE)
        kept = {name: said[name] for name in ("UploadId", "ETag", "DeleteMarker") if name in said}
        return granted(self._exchange, began, effect, **kept, **self._version(operation, parameters))

    def _version(self, operation: str, parameters: Mapping[str, object]) -> dict[str, str]:
        """The version that this answer made, a delete marker among them, and how to delete it for good."""
        version = self._exchange.headers.get("x-amz-version-id")
        if not version or operation not in _VERSIONING:
            return {}
        named = f"the delete marker {version}" if operation == "DeleteObject" else version
        return {
            "version": named,
            "version_command": version_command(self._storage, str(parameters["Key"]), version),
        }

    def _open(self) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        if self._client is None:
            storage, reach = self._storage, self._reach
            endpoint = storage.endpoint_url or reach.endpoints.get("s3")
            self._client, self._exchange = open_client(self._access("s3", endpoint, self._gate))
        return self._client

    def _gate(self, operation: str, method: str, url: str) -> None:
        storage = self._storage
        endpoint = storage.endpoint_url or self._reach.endpoints.get("s3", "")
        prefix = storage.path + TEST_NAME
        gate.check(operation, method, url, bucket=storage.bucket, prefix=prefix, endpoint=endpoint)

    def _access(self, service: str, endpoint: str | None, guard: Callable[[str, str, str], None]) -> Access:
        storage = self._storage
        assert storage.api_key  # noqa: S101 - a store without both halves is never made
        assert storage.secret  # noqa: S101 - likewise
        return Access(
            service=service,
            region=storage.region,
            endpoint=endpoint or None,
            timeout=self._reach.timeout,
            gate=guard,
            # compatibles refuse the checksum trailers that the SDK adds by default
            checksums="when_required" if storage.endpoint_url else "when_supported",
            key=(storage.api_key.reveal(), storage.secret.reveal()),
        )


def _only_identity(operation: str, method: str, url: str) -> None:
    if operation != "GetCallerIdentity":
        raise gate.Forbidden(f"{operation}: {method} {url}")


def _body() -> bytes:
    """A test object explains itself to whoever finds it."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return (
        f"{OPENING} {__version__} on {now} to test that recordings can be stored here.\n"
        "Nothing refers to it. It is safe to delete.\n"
    ).encode()


def _believe(operation: str, said: dict[str, Any], exchange: Exchange) -> None:
    """boto3 takes any 200 with an `ETag` header for success: look at what S3 would really have sent."""
    if not exchange.whole:
        raise NotAnAnswer("the answer broke off")
    match operation:
        case "PutObject" | "UploadPart":
            good = bool(said.get("ETag") and exchange.headers.get("date")) and not exchange.body.strip()
        case "CreateMultipartUpload":
            good = bool(said.get("UploadId"))
        case "CompleteMultipartUpload":
            good = bool(said.get("Key"))  # some compatibles leave the ETag empty here
        case "ListObjectsV2":
            good = b"ListBucketResult" in exchange.body[:500]
        case "GetObject":
            good = exchange.body.decode("utf-8", "replace").startswith(OPENING)
        case _:
            good = exchange.status == 204 and "date" in exchange.headers
    if not good:
        raise NotAnAnswer("the answer claims success and is not one that S3 gives")
