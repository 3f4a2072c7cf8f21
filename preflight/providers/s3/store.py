"""S3 as the identity that will write: the asks of the examination, through boto3."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

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
from preflight.providers import Reach
from preflight.providers.s3 import gate
from preflight.providers.s3.client import Access, Exchange, open_client
from preflight.providers.s3.replies import NotAnAnswer, granted, not_offered, refused

PAUSE = 0.2  # seconds before the one repetition of a write whose answer was lost


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
                return self._twice(ask, partial(self._put, ask))
            case PutParts():
                return self._parts(ask)
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

    def _twice(self, ask: Put, write: Callable[[], Reply]) -> Reply:
        """A create-only write is safe to repeat; after a doubtful answer, "already exists" means that it was ours."""
        reply = write()
        if reply.effect is not Effect.POSSIBLE or ask.again or ask.dry:
            return reply
        time.sleep(PAUSE)
        second = write()
        if second.status == 412:
            return granted(self._exchange, time.monotonic(), Effect.CERTAIN, lost_answer=True)
        if second.ok:
            return second
        return reply

    def _put(self, ask: Put) -> Reply:
        return self._call(
            "PutObject",
            "put_object",
            Effect.CERTAIN,
            Key=ask.key,
            Body=_body(),
            ContentType="text/plain; charset=utf-8",
            IfNoneMatch="*",
        )

    def _parts(self, ask: PutParts) -> Reply:
        """Create, one part, complete.

        The completion carries no precondition, as Stream's will not: it goes onto the object that this very run has
        created, so that nothing else can be overwritten.
        """
        created = self._call("CreateMultipartUpload", "put_object", Effect.POSSIBLE, Key=ask.key)
        upload = created.facts.get("UploadId")
        if not created.ok or not upload:
            return created
        part = self._call(
            "UploadPart",
            "put_object",
            Effect.POSSIBLE,
            Key=ask.key,
            UploadId=upload,
            PartNumber=1,
            Body=_body(),
        )
        if not part.ok:
            return self._abandon(ask, upload, part)
        done = self._call(
            "CompleteMultipartUpload",
            "put_object",
            Effect.CERTAIN,
            Key=ask.key,
            UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part.facts["ETag"]}]},
        )
        return done if done.ok else self._abandon(ask, upload, done)

    def _abandon(self, ask: PutParts, upload: str, reply: Reply) -> Reply:
        """Abort what cannot be finished. A write-only key may not, and the open upload is then residue."""
        aborted = self._call("AbortMultipartUpload", "cleanup", Effect.NONE, Key=ask.key, UploadId=upload)
        if aborted.ok and reply.effect is Effect.NONE:
            return reply

        note = f"an unfinished upload (id {upload}) may remain: aws s3api abort-multipart-upload removes it"
        return replace(reply, effect=Effect.POSSIBLE, facts={**reply.facts, "residue_note": note})

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
        except (BotoCoreError, ClientError, ValueError) as error:
            return refused(exchange, began, "GetCallerIdentity", "sts", error)
        return granted(exchange, began, Effect.NONE, principal=said["Arn"], account=said["Account"])

    def _call(self, operation: str, stage: str, effect: Effect, **parameters: object) -> Reply:
        began = time.monotonic()
        try:
            client = self._open()
            said = client._make_api_call(operation, {"Bucket": self._storage.bucket, **parameters})  # noqa: SLF001
            _believe(operation, said, self._exchange)
        except (BotoCoreError, ClientError, NotAnAnswer, ValueError) as error:
            reply = refused(self._exchange, began, operation, stage, error)
            harmless = effect is Effect.NONE

            return replace(reply, effect=Effect.NONE) if harmless else reply
        kept = {name: said[name] for name in ("UploadId", "ETag", "DeleteMarker") if name in said}
        return granted(self._exchange, began, effect, **kept)

    def _open(self) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        if self._client is None:
            storage, reach = self._storage, self._reach
            endpoint = storage.endpoint_url or reach.endpoints.get("s3")
            self._client, self._exchange = open_client(self._access("s3", endpoint, self._gate))
        return self._client

    def _gate(self, operation: str, method: str, url: str) -> None:
        gate.check(operation, method, url, bucket=self._storage.bucket, prefix=self._storage.path + TEST_NAME)

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
        f"This object was written by preflight {__version__} on {now} to test that recordings can be stored here.\n"
        "Nothing refers to it. It is safe to delete.\n"
    ).encode()


def _believe(operation: str, said: dict[str, Any], exchange: Exchange) -> None:
    """boto3 takes any 200 with an `ETag` header for success: look at what S3 would really have sent."""
    html = "html" in exchange.headers.get("content-type", "").lower() or exchange.body.lstrip()[:1] == b"<"
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
            good = not html
        case _:
            good = not exchange.body.strip()
    if not good:
        raise NotAnAnswer("the answer claims success and is not one that S3 gives")
