"""Objects and uploads in parts, after the request has been let through."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.s3 import payload
from preflight.sandbox.s3.buckets import Bucket, Upload, Version
from preflight.sandbox.s3.refusal import RefusedError, denied, invalid, missing_key, missing_upload
from preflight.sandbox.s3.wire import document, element

_XML = {"Content-Type": "application/xml"}
_LEAST_PART = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """One authorised request on one bucket."""

    request: Request
    bucket: Bucket
    key: str
    now: datetime


def put_object(job: Job) -> Response:
    body, sent = payload.take(job.request)
    _demand_checksum(job, sent, "Put Object")
    payload.verify(job.request, body, sent)
    _precondition(job)
    version = job.bucket.store(job.key, _version(job, body, _etag(body), job.request.headers))
    return Response(200, {"ETag": version.etag, **_told(job, version), **sent})


def get_object(job: Job) -> Response:
    wanted = job.request.query.get("versionId")
    versions = job.bucket.objects.get(job.key, [])
    version = next((v for v in versions if v.id == wanted), None) if wanted else job.bucket.latest(job.key)
    if version is None or version.body is None:
        raise missing_key(job.key)
    headers = {
        "ETag": version.etag,
        "Last-Modified": format_datetime(version.modified, usegmt=True),
        "Content-Type": version.headers.get("content-type", "binary/octet-stream"),
        "Accept-Ranges": "bytes",
        **_told(job, version),
    }
    return Response(200, headers, version.body)


def delete_object(job: Job) -> Response:
    if job.bucket.settings.versioning == "Enabled":
        marker = job.bucket.store(job.key, _version(job, None, "", {}))
        return Response(204, {"x-amz-delete-marker": "true", "x-amz-version-id": marker.id})
    job.bucket.objects.pop(job.key, None)
    return Response(204)


def delete_version(job: Job) -> Response:
    wanted = job.request.query["versionId"]
    versions = job.bucket.objects.get(job.key, [])
    for version in versions:
        if version.id == wanted:
            if version.locked_until and version.locked_until > job.now:
                raise denied("Access Denied because object protected by object lock.")
            versions.remove(version)
    return Response(204, {"x-amz-version-id": wanted})


def create_upload(job: Job) -> Response:
    upload = secrets.token_urlsafe(48)
    job.bucket.uploads[upload] = Upload(key=job.key, headers=dict(job.request.headers))
    inner = element("Bucket", job.bucket.name) + element("Key", job.key) + element("UploadId", upload)
    return Response(200, {**_XML, **_encryption(job)}, document("InitiateMultipartUploadResult", inner))


def upload_part(job: Job) -> Response:
    upload = _upload(job)
    body, sent = payload.take(job.request)
    _demand_checksum(job, sent, "Put Part")
    payload.verify(job.request, body, sent)
    upload.parts[int(job.request.query["partNumber"])] = (_etag(body), body)
    return Response(200, {"ETag": _etag(body), **_encryption(job), **sent})


def complete_upload(job: Job) -> Response:
    upload = _upload(job)
    chosen = _chosen(job.request.body)
    if [number for number, _ in chosen] != sorted({number for number, _ in chosen}) or not chosen:
        text = "The list of parts was not in ascending order. Parts must be ordered by part number."
        raise RefusedError(400, "InvalidPartOrder", text)
    bodies = [_part(upload, number, etag) for number, etag in chosen]
    if any(len(body) < _LEAST_PART for body in bodies[:-1]):
        text = "Your proposed upload is smaller than the minimum allowed size"
        raise RefusedError(400, "EntityTooSmall", text)
    _precondition(job)
    digests = b"".join(hashlib.md5(body).digest() for body in bodies)  # noqa: S324 - the protocol's digest
    etag = f'"{hashlib.md5(digests).hexdigest()}-{len(bodies)}"'  # noqa: S324 - likewise
    version = job.bucket.store(job.key, _version(job, b"".join(bodies), etag, upload.headers))
    del job.bucket.uploads[job.request.query["uploadId"]]
    inner = element("Bucket", job.bucket.name) + element("Key", job.key) + element("ETag", etag)
    headers = {**_XML, **_told(job, version)}
    return Response(200, headers, document("CompleteMultipartUploadResult", inner))


def abort_upload(job: Job) -> Response:
    _upload(job)
    del job.bucket.uploads[job.request.query["uploadId"]]
    return Response(204)


def list_parts(job: Job) -> Response:
    parts = sorted(_upload(job).parts.items())
    inner = "".join(
        f"<Part>{element('PartNumber', n)}{element('ETag', etag)}{element('Size', len(body))}</Part>"
        for n, (etag, body) in parts
    )
    return Response(200, _XML, document("ListPartsResult", inner))


def list_objects(job: Job) -> Response:
    query = job.request.query
    prefix, most = query.get("prefix", ""), int(query.get("max-keys", "1000"))
    found = [key for key in sorted(job.bucket.objects) if key.startswith(prefix) and job.bucket.latest(key)]
    inner = (
        element("Name", job.bucket.name)
        + element("Prefix", prefix)
        + element("KeyCount", len(found[:most]))
        + element("MaxKeys", most)
        + element("IsTruncated", len(found) > most)
        + "".join(_entry(job.bucket, key) for key in found[:most])
    )
    return Response(200, _XML, document("ListBucketResult", inner))


def list_uploads(job: Job) -> Response:
    prefix = job.request.query.get("prefix", "")
    inner = "".join(
        f"<Upload>{element('Key', upload.key)}{element('UploadId', number)}</Upload>"
        for number, upload in job.bucket.uploads.items()
        if upload.key.startswith(prefix)
    )
    return Response(200, _XML, document("ListMultipartUploadsResult", element("Bucket", job.bucket.name) + inner))


def head_bucket(job: Job) -> Response:
    return Response(200, {"x-amz-bucket-region": job.bucket.region})


OPERATIONS: Mapping[str, Callable[[Job], Response]] = {
    "PutObject": put_object,
    "CreateMultipartUpload": create_upload,
    "UploadPart": upload_part,
    "CompleteMultipartUpload": complete_upload,
    "AbortMultipartUpload": abort_upload,
    "ListParts": list_parts,
    "GetObject": get_object,
    "GetObjectVersion": get_object,
    "HeadObject": get_object,
    "DeleteObject": delete_object,
    "DeleteObjectVersion": delete_version,
    "ListObjects": list_objects,
    "ListObjectsV2": list_objects,
    "ListMultipartUploads": list_uploads,
    "HeadBucket": head_bucket,
}


def _demand_checksum(job: Job, sent: Mapping[str, str], what: str) -> None:
    """A default retention wants proof that what is kept for so long is what was meant."""
    if job.bucket.settings.lock and not sent and "content-md5" not in job.request.headers:
        raise invalid(
            f"Content-MD5 OR x-amz-checksum- HTTP header is required for {what} requests with Object Lock parameters"
        )


def _precondition(job: Job) -> None:
    exists = job.bucket.latest(job.key)
    condition = job.request.headers.get("if-none-match")
    if condition == "*" and exists:
        raise _unmet("If-None-Match")
    wanted = job.request.headers.get("if-match")
    if wanted is not None:
        if exists is None:
            raise missing_key(job.key)
        if wanted not in {"*", exists.etag}:
            raise _unmet("If-Match")


def _unmet(condition: str) -> RefusedError:
    text = "At least one of the pre-conditions you specified did not hold"
    return RefusedError(412, "PreconditionFailed", text, {"Condition": condition})


def _version(job: Job, body: bytes | None, etag: str, headers: Mapping[str, str]) -> Version:
    lock = job.bucket.settings.lock
    until = job.now + timedelta(days=int(lock.get("days", 1))) if lock and body is not None else None
    return Version(id="null", body=body, etag=etag, modified=job.now, headers=dict(headers), locked_until=until)


def _told(job: Job, version: Version) -> dict[str, str]:
    versioned = {"x-amz-version-id": version.id} if job.bucket.settings.versioning else {}
    return {**versioned, **_encryption(job)}


def _encryption(job: Job) -> dict[str, str]:
    """Default encryption is echoed with every success: free evidence for whoever looks."""
    default = job.bucket.settings.encryption
    told = {"x-amz-server-side-encryption": default["algorithm"]} if default else {}
    if default.get("key"):
        told["x-amz-server-side-encryption-aws-kms-key-id"] = default["key"]
    return told


def _upload(job: Job) -> Upload:
    number = job.request.query["uploadId"]
    upload = job.bucket.uploads.get(number)
    if upload is None or upload.key != job.key:
        raise missing_upload(number)
    return upload


def _chosen(body: bytes) -> list[tuple[int, str]]:
    try:
        root = ET.fromstring(body)  # noqa: S314 - our own client's document, on loopback
        parts = [{child.tag.rpartition("}")[2]: child.text or "" for child in part} for part in root]
        return [(int(part["PartNumber"]), part["ETag"].strip('"')) for part in parts]
    except (ET.ParseError, KeyError, ValueError):
        text = "The XML you provided was not well-formed or did not validate against our published schema"
        raise RefusedError(400, "MalformedXML", text) from None


def _part(upload: Upload, number: int, etag: str) -> bytes:
    known, body = upload.parts.get(number, ("", b""))
    if known.strip('"') != etag:
        text = (
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or "
            "the specified entity tag may not match the part's entity tag."
        )
        raise RefusedError(400, "InvalidPart", text, {"PartNumber": str(number), "ETag": etag})
    return body


def _entry(bucket: Bucket, key: str) -> str:
    version = bucket.objects[key][-1]
    return (
        "<Contents>"
        + element("Key", key)
        + element("LastModified", f"{version.modified:%Y-%m-%dT%H:%M:%S.000Z}")
        + element("ETag", version.etag)
        + element("Size", len(version.body or b""))
        + element("StorageClass", "STANDARD")
        + "</Contents>"
    )


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'  # noqa: S324 - the protocol's digest
