"""What the blob service does, once it may: each operation answers or raises its refusal."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from preflight.sandbox.abs.state import Account, Blob, Container
from preflight.sandbox.abs.wire import RefusedError, xml
from preflight.sandbox.exchange import Request, Response

_LATEST = re.compile(r"<(?:Latest|Uncommitted)>([^<]+)</")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One authorised request and what it is about."""

    request: Request
    account: Account
    container: Container
    blob: str
    now: datetime


def put_blob(target: Target) -> Response:
    kind = target.request.headers.get("x-ms-blob-type")
    if kind is None:
        message = "An HTTP header that's mandatory for this request is not specified."
        raise RefusedError(400, "MissingRequiredHeader", message, {"HeaderName": "x-ms-blob-type"})
    if kind != "BlockBlob":
        raise RefusedError(
            400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format."
        )
    _check_kind(target.account)
    _check_free(target)
    _check_digest(target.request)
    return _store(target, target.request.body)


def put_block(target: Target) -> Response:
    _check_kind(target.account)
    _check_digest(target.request)
    block = target.request.query.get("blockid", "")
    target.container.staged.setdefault(target.blob, {})[block] = target.request.body
    digest = base64.b64encode(hashlib.md5(target.request.body, usedforsecurity=False).digest()).decode()
    return Response(201, {"Content-MD5": digest, "x-ms-request-server-encrypted": "true"})


def put_block_list(target: Target) -> Response:
    _check_kind(target.account)
    _check_free(target)
    staged = target.container.staged.get(target.blob, {})
    wanted = _LATEST.findall(target.request.body.decode("utf-8", "replace"))
    if any(block not in staged for block in wanted):
        raise RefusedError(400, "InvalidBlockList", "The specified block list is invalid.")
    target.container.staged.pop(target.blob, None)
    return _store(target, b"".join(staged[block] for block in wanted))


def get_blob(target: Target) -> Response:
    found = _existing(target)
    headers = {
        "Content-Type": found.content_type,
        "ETag": found.etag,
        "Last-Modified": _date(found.modified),
        "Accept-Ranges": "bytes",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-server-encrypted": "true",
    }
    if "x-ms-range" not in target.request.headers:
        return Response(200, headers, found.data)
    size = len(found.data)
    return Response(206, {**headers, "Content-Range": f"bytes 0-{size - 1}/{size}"}, found.data)


def delete_blob(target: Target) -> Response:
    _check_unlocked(target, _existing(target))
    kept = target.account.versioning or target.account.soft_delete_days
    del target.container.blobs[target.blob]
    return Response(202, {"x-ms-delete-type-permanent": "false" if kept else "true"})


def list_blobs(target: Target) -> Response:
    query = target.request.query
    names = sorted(name for name in target.container.blobs if name.startswith(query.get("prefix", "")))
    limit = int(query.get("maxresults", "5000"))
    listed = "".join(_listed(name, target.container.blobs[name]) for name in names[:limit])
    marker = f"<NextMarker>{escape(names[limit])}</NextMarker>" if len(names) > limit else "<NextMarker/>"
    prefix = f"<Prefix>{escape(query.get('prefix', ''))}</Prefix>"
    service = f'ServiceEndpoint="https://{target.account.name}.blob.core.windows.net/"'
    inner = f"{prefix}<MaxResults>{limit}</MaxResults><Blobs>{listed}</Blobs>{marker}"
    document = f'<EnumerationResults {service} ContainerName="{target.container.name}">{inner}</EnumerationResults>'
    return xml(200, document, {})


def get_container(target: Target) -> Response:
    container = target.container
    return Response(
        200,
        {
            "ETag": '"0x8D0000000000001"',
            "Last-Modified": _date(target.now),
            "x-ms-lease-status": "unlocked",
            "x-ms-lease-state": "available",
            "x-ms-has-immutability-policy": str(container.immutable_days > 0).lower(),
            "x-ms-has-legal-hold": str(container.legal_hold).lower(),
        },
    )


def _store(target: Target, data: bytes) -> Response:
    headers = target.request.headers
    kind = headers.get("x-ms-blob-content-type") or headers.get("content-type") or "application/octet-stream"
    blob = Blob(data=data, etag=f'"0x8D{secrets.token_hex(7).upper()}"', modified=target.now, content_type=kind)
    target.container.blobs[target.blob] = blob
    told = {"ETag": blob.etag, "Last-Modified": _date(target.now), "x-ms-request-server-encrypted": "true"}
    if target.account.versioning:
        told["x-ms-version-id"] = target.now.isoformat(timespec="microseconds").replace("+00:00", "0Z")
    return Response(201, told)


def _check_kind(account: Account) -> None:
    if not account.block_blobs:
        raise RefusedError(400, "BlobTypeNotSupported", "Block blobs are not supported.")


def _check_free(target: Target) -> None:
    """The precondition of a create, then what protects a blob that would be replaced."""
    found = target.container.blobs.get(target.blob)
    if found is None:
        return
    if target.request.headers.get("if-none-match") == "*":
        raise RefusedError(409, "BlobAlreadyExists", "The specified blob already exists.")
    _check_unlocked(target, found)


def _check_unlocked(target: Target, blob: Blob) -> None:
    if target.container.legal_hold:
        message = "This operation is not permitted as the blob is immutable due to one or more legal holds."
        raise RefusedError(409, "BlobImmutableDueToLegalHold", message)
    if (target.now - blob.modified).days < target.container.immutable_days:
        message = "This operation is not permitted as the blob is immutable due to a policy."
        raise RefusedError(409, "BlobImmutableDueToPolicy", message)
    if blob.leased:
        message = "There is currently a lease on the blob and no lease ID was specified in the request."
        raise RefusedError(412, "LeaseIdMissing", message)


def _check_digest(request: Request) -> None:
    given = request.headers.get("x-ms-blob-content-md5") or request.headers.get("content-md5")
    if not given:
        return
    try:
        digest = base64.b64decode(given, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != 16:
        message = (
            "The MD5 value specified in the request is invalid. The MD5 value must be 128 bits and Base64-encoded."
        )
        raise RefusedError(400, "InvalidMd5", message)
    calculated = hashlib.md5(request.body, usedforsecurity=False).digest()
    if digest != calculated:
        message = "The MD5 value specified in the request did not match with the MD5 value calculated by the server."
        both = {"UserSpecifiedMd5": given, "ServerCalculatedMd5": base64.b64encode(calculated).decode()}
        raise RefusedError(400, "Md5Mismatch", message, both)


def _existing(target: Target) -> Blob:
    found = target.container.blobs.get(target.blob)
    if found is None:
        raise RefusedError(404, "BlobNotFound", "The specified blob does not exist.")
    return found


def _listed(name: str, blob: Blob) -> str:
    properties = {
        "Last-Modified": _date(blob.modified),
        "Etag": blob.etag.strip('"'),
        "Content-Length": str(len(blob.data)),
        "Content-Type": blob.content_type,
        "BlobType": "BlockBlob",
        "LeaseStatus": "locked" if blob.leased else "unlocked",
    }
    inner = "".join(f"<{key}>{escape(text)}</{key}>" for key, text in properties.items())
    return f"<Blob><Name>{escape(name)}</Name><Properties>{inner}</Properties></Blob>"


def _date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
