"""Objects: create, read, list, delete, with preconditions, locks and encryption keys."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import google_crc32c

from preflight.sandbox.exchange import Response
from preflight.sandbox.gcs.call import Call
from preflight.sandbox.gcs.refusal import RefusedError, answer, missing_object, unmet
from preflight.sandbox.gcs.state import Bucket, Stored

_KEY_DENIED = (
    "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been "
    "authorized to use this key."
)
_UNIFORM_ACL = (
    "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled. Read more at "
    "https://cloud.google.com/storage/docs/uniform-bucket-level-access"
)


def authorise(call: Call, metadata: Mapping[str, Any], query: Mapping[str, str]) -> str:
    """Whether the caller may create this object at all; its name. Raises RefusedError."""
    name = metadata.get("name") or query.get("name")
    if not isinstance(name, str):
        raise RefusedError(400, "required", "Required object name")
    call.demand("storage.objects.create", name)
    if "acl" in metadata or "predefinedAcl" in query:
        if call.bucket.setting("iamConfiguration", "uniformBucketLevelAccess", "enabled"):
            raise RefusedError(400, "invalid", _UNIFORM_ACL)
        call.demand("storage.objects.setIamPolicy", name)
    if call.bucket.setting("hierarchicalNamespace", "enabled"):
        _make_folders(call, name)
    return name


def store(call: Call, metadata: Mapping[str, Any], query: Mapping[str, str], name: str, body: bytes) -> Response:
    """Create the object for one who may; answers with its resource. Raises RefusedError."""
    bucket = call.bucket
    if bucket.constraint:
        raise unmet(f"Request violates constraint '{bucket.constraint}'")
    present = bucket.objects.get(name)
    _keep_preconditions(present, query)
    if present:
        call.demand("storage.objects.delete", name)
        _keep_locks(bucket, present, call.now)
    _compare(metadata, body)
    stored = Stored(
        name=name,
        body=body,
        generation=next(call.state.generations),
        created=call.now,
        content_type=str(metadata.get("contentType", "application/octet-stream")),
        kms_key=_use_key(call),
        held=bool(bucket.setting("defaultEventBasedHold")),
    )
    bucket.objects[name] = stored
    return answer(_resource(call, stored))


def get(call: Call) -> Response:
    call.demand("storage.objects.get", call.key)
    stored = call.bucket.objects.get(call.key or "")
    if stored is None:
        raise missing_object(call.bucket.name, call.key or "")
    if call.request.query.get("alt") == "media":
        headers = {"Content-Type": stored.content_type, "X-Goog-Generation": str(stored.generation)}
        return Response(200, headers, stored.body)
    return answer(_resource(call, stored))


def list_names(call: Call) -> Response:
    call.demand("storage.objects.list")
    prefix, most = call.request.query.get("prefix", ""), int(call.request.query.get("maxResults", "1000"))
    found = [stored for name, stored in sorted(call.bucket.objects.items()) if name.startswith(prefix)]
    items = [_resource(call, stored) for stored in found[:most]]
    return answer({"kind": "storage#objects", **({"items": items} if items else {})})


def delete(call: Call) -> Response:
    bucket, key = call.bucket, call.key or ""
    call.demand("storage.objects.delete", key)
    stored = bucket.objects.get(key)
    wanted = call.request.query.get("generation")
    if stored is None or wanted not in {None, str(stored.generation)}:
        raise missing_object(bucket.name, key)
    _keep_locks(bucket, stored, call.now)
    del bucket.objects[key]
    if bucket.setting("versioning", "enabled") and wanted is None:
        bucket.noncurrent.append(stored)
    return answer(None, 204)


def _make_folders(call: Call, name: str) -> None:
    parts = name.split("/")[:-1]
    for depth in range(1, len(parts) + 1):
        folder = "/".join(parts[:depth]) + "/"
        if folder not in call.bucket.folders:
            call.demand("storage.folders.create", folder)
            call.bucket.folders.add(folder)


def _keep_preconditions(present: Stored | None, query: Mapping[str, str]) -> None:
    generation = str(present.generation) if present else "0"
    if query.get("ifGenerationMatch", generation) != generation:
        raise unmet()
    if query.get("ifGenerationNotMatch") == generation:
        raise unmet()


def _keep_locks(bucket: Bucket, stored: Stored, now: datetime) -> None:
    subject = f"Object '{bucket.name}/{stored.name}'"
    if stored.held:
        text = "is under active Event-Based hold and cannot be deleted, overwritten or archived until hold is removed"
        raise RefusedError(403, "objectUnderActiveHold", f"{subject} {text}")
    until = _retained_until(bucket, stored)
    if until and until > now:
        text = "is subject to bucket's retention policy and cannot be deleted, overwritten or archived until"
        raise RefusedError(403, "retentionPolicyNotMet", f"{subject} {text} {until.isoformat()}")


def _retained_until(bucket: Bucket, stored: Stored) -> datetime | None:
    seconds = bucket.setting("retentionPolicy", "retentionPeriod")
    return stored.created + timedelta(seconds=int(seconds)) if seconds else None


def _compare(metadata: Mapping[str, Any], body: bytes) -> None:
    for name, calculated in _digests(body).items():
        if metadata.get(name, calculated) != calculated:
            text = f'Provided {name} "{metadata[name]}" doesn\'t match calculated {name} "{calculated}".'
            raise RefusedError(400, "invalid", text)


def _use_key(call: Call) -> str:
    """The version of the bucket's own key, which the project's storage service account has to be able to use."""
    name = call.bucket.setting("encryption", "defaultKmsKeyName")
    if not name:
        return ""
    key = call.state.keys.get(name)
    if key is None:
        raise RefusedError(400, "cloudKmsEncryptionKeyNotFound", "Cloud KMS encryption key not found.")
    if call.bucket.project.storage_agent not in key.users:
        raise RefusedError(403, "forbidden", _KEY_DENIED)
    if key.state != "ENABLED":
        text = "Cloud KMS key is disabled, destroyed, or scheduled to be destroyed."
        raise RefusedError(400, "cloudKmsDisabledKey", text)
    return f"{name}/cryptoKeyVersions/1"


def _digests(body: bytes) -> dict[str, str]:
    crc = google_crc32c.value(body).to_bytes(4, "big")
    md5 = hashlib.md5(body, usedforsecurity=False).digest()
    return {"crc32c": base64.b64encode(crc).decode(), "md5Hash": base64.b64encode(md5).decode()}


def _resource(call: Call, stored: Stored) -> dict[str, Any]:
    moment = stored.created.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    until = _retained_until(call.bucket, stored)
    document: dict[str, Any] = {
        "kind": "storage#object",
        "id": f"{call.bucket.name}/{stored.name}/{stored.generation}",
        "name": stored.name,
        "bucket": call.bucket.name,
        "generation": str(stored.generation),
        "metageneration": "1",
        "contentType": stored.content_type,
        "storageClass": "STANDARD",
        "size": str(len(stored.body)),
        "etag": "CAE=",
        "timeCreated": moment,
        "updated": moment,
        **_digests(stored.body),
    }
    if stored.kms_key:
        document["kmsKeyName"] = stored.kms_key
    if stored.held:
        document["eventBasedHold"] = True
    if until:
        document["retentionExpirationTime"] = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return document
