"""An answer of S3, or the lack of one, as a `Reply`."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    SSLError,
)

from preflight.model import Effect, Refusal, Reply
from preflight.providers.s3 import resolver
from preflight.providers.s3.client import Exchange
from preflight.providers.s3.echo import judge

_KEPT = (
    "server",
    "date",
    "content-type",
    "via",
    "retry-after",
    "location",
    "cf-ray",
    "x-amz-bucket-region",
    "x-amz-request-id",
    "x-amz-id-2",
    "x-squid-error",
    "www-authenticate",
)
_OF_PROXIES = frozenset({407, 511})
_OWN_DOCUMENTS = (b"<Error", b'"__type"')  # S3, STS and IAM speak XML; KMS names the type of its error in JSON
# CloudFront and the API Gateway have headers in `x-amz` and `x-amzn` too, and are no storage
_OWN_HEADERS = (
    "x-amz-request-id",
    "x-amz-id-2",
    "x-amz-bucket-region",
    "x-trans-id",
    "x-oss-request-id",
    "x-obs-request-id",
    "x-cos-request-id",
    "x-guploader-uploadid",
)
_OWN_SERVERS = ("amazons3", "minio", "ceph", "seaweedfs", "wasabi", "aliyunoss", "rclone")
_NAMED = re.compile(r"\bUser: (arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):[\w+=,.@/-]{1,200}) is not authorized")
_NEVER_SENT = (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError)


def granted(exchange: Exchange, began: float, effect: Effect, **facts: object) -> Reply:
    return Reply(
        status=exchange.status,
        request_id=exchange.headers.get("x-amz-request-id"),
        facts={**_free_facts(exchange), **facts},
        millis=_since(began),
        effect=effect,
    )


def refused(exchange: Exchange, began: float, operation: str, stage: str, error: Exception) -> Reply:
    """What an exception of the SDK stands for. `effect` is `POSSIBLE` wherever a write may have happened."""
    (code, message), status = _words(error, exchange), exchange.status
    if status and _is_foreign_redirect(status, exchange):
        code, message = NOT_S3, "redirected, and not in S3's own words"
    harmless = _decided(status, code, exchange.body) if status else _never_sent(error)
    return Reply(
        status=status,
        code=code,
        message=message,
        request_id=exchange.headers.get("x-amz-request-id"),
        facts={**_free_facts(exchange), **_caller(message)},
        millis=_since(began),
        refusal=Refusal(
            provider="s3",
            stage=stage if status else "connect",
            operation=operation,
            status=status,
            code=code,
            message=message,
            body=exchange.body.decode("utf-8", "replace")[:16_384] or None,
            headers={name: exchange.headers[name] for name in _KEPT if name in exchange.headers},
            foreign=bool(status) and _is_foreign(status or 0, exchange),
        ),
        effect=Effect.NONE if harmless else Effect.POSSIBLE,
        candidates=judge(exchange.body, *exchange.sent) if code == "SignatureDoesNotMatch" else (),
    )


def _caller(message: str | None) -> dict[str, str]:
    """Whom a denial names: Amazon tells callers of the same account or organization as whom it saw them."""
    found = _NAMED.search(message or "")
    return {"principal": found[1], "account": found[2]} if found else {}


def _is_foreign(status: int, exchange: Exchange) -> bool:
    """Whether nothing in the answer is S3's, a compatible's or that of the services beside it.

    A proxy asks for its own credentials (407, 511), and a gateway hands headers on when it lost what is behind it.
    """
    if status in _OF_PROXIES:
        return True
    document = any(mark in exchange.body for mark in _OWN_DOCUMENTS)
    return not document and (status >= 500 or not _bears_a_mark(exchange.headers))


def _bears_a_mark(headers: Mapping[str, str]) -> bool:
    return any(name in headers for name in _OWN_HEADERS) or headers.get("server", "").lower().startswith(_OWN_SERVERS)


def _is_foreign_redirect(status: int, exchange: Exchange) -> bool:
    """Whether somebody between redirects: S3 says so in its own headers or in a document."""
    ours = any(name.startswith("x-amz-") for name in exchange.headers) or b"<Error" in exchange.body
    return 300 <= status < 400 and not ours


def _decided(status: int, code: str, body: bytes) -> bool:
    """Whether S3 itself says that nothing was done; somebody between may refuse after the request went through."""
    in_its_words = b"<Error" in body and code != NOT_S3 and not code.isdigit()
    return 300 <= status < 500 and status != 408 and in_its_words


def _never_sent(error: Exception) -> bool:
    """Whether the request cannot have reached the server. What our own side refuses to build was never sent."""
    if isinstance(error, SSLError):
        return _in_handshake(error)
    ours = isinstance(error, BotoCoreError | ValueError) and not isinstance(error, HTTPClientError)
    return isinstance(error, _NEVER_SENT) or ours


NOT_S3 = "NotS3"


class NotAnAnswer(Exception):  # noqa: N818 - it is an answer that is none
    """A success in form only: a body where S3 sends none, none where it sends one, or no `ETag`."""


def refused_as(reply: Reply, operation: str, message: str) -> Reply:
    """A success that is none, for what it claims cannot be."""
    refusal = Refusal(
        provider="s3", stage="put_object", operation=operation, status=reply.status, code=NOT_S3, message=message
    )
    return replace(reply, code=NOT_S3, message=message, refusal=refusal)


def not_offered(what: str) -> Reply:
    refusal = Refusal(provider="s3", stage="config", operation=what, code="not-offered")
    return Reply(code="not-offered", message=f"{what} is not offered here", refusal=refusal)


def _words(error: Exception, exchange: Exchange) -> tuple[str, str]:
    if isinstance(error, ClientError):
        said: Mapping[str, Any] = error.response.get("Error", {})
        return str(said.get("Code") or ""), str(said.get("Message") or "")
    if isinstance(error, NotAnAnswer) or exchange.status:
        return NOT_S3, str(error) if isinstance(error, NotAnAnswer) else f"unreadable: {error}"[:500]
    if isinstance(error, SSLError) and not _in_handshake(error):
        # whatever OpenSSL makes of the bytes that it met, the server had been found to speak TLS
        return "ConnectionClosedError", "the connection broke inside TLS, after the request had left"
    url = exchange.sent[1]
    blamed = resolver.at_fault(urlsplit(url).hostname or "", list(_chain(error))[-1])
    sentence = " <- ".join([*_reasons(error), *([blamed] if blamed else [])])
    return type(error).__name__, _without_path(sentence, url)[:2000]


def _without_path(sentence: str, url: str) -> str:
    """What the SDK says of a request, without the name that it was about: that may spell anything, a code too."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return sentence.replace(path, "/…") if len(path) > 1 else sentence


def _in_handshake(error: Exception) -> bool:
    """Whether TLS failed before the request left: told by where, for OpenSSL has the same words for both."""
    for below in _chain(error):
        trace = below.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_name == "do_handshake":
                return True
            trace = trace.tb_next
    return False


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what is below it, down to the operating system or the TLS library."""
    below: BaseException | None = error
    while below is not None:
        yield below
        below = below.__cause__ or below.__context__


def _reasons(error: Exception) -> list[str]:
    """The SDK's sentence, and the reasons below it that it does not repeat."""
    said = [str(error)]
    for below in islice(_chain(error), 1, None):
        if len(said) < 4 and str(below) not in said[-1]:
            said.append(f"{type(below).__name__}: {below}")
    return said


def _free_facts(exchange: Exchange) -> dict[str, object]:
    """What any answer tells beside what was asked: region, clock, version, default encryption."""
    headers = exchange.headers
    found = {
        "bucket_region": headers.get("x-amz-bucket-region"),
        "skew_seconds": exchange.skew,
        "server": headers.get("server"),
        "version_id": headers.get("x-amz-version-id"),
        "encryption": headers.get("x-amz-server-side-encryption"),
        "kms_key": headers.get("x-amz-server-side-encryption-aws-kms-key-id"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
