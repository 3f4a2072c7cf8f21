"""What can be asked about a bucket: its metadata, its policy, and which permissions the caller holds on it."""

from __future__ import annotations

from urllib.parse import parse_qs

from preflight.sandbox.exchange import Response
from preflight.sandbox.gcs.call import Call
from preflight.sandbox.gcs.refusal import RefusedError, answer

_OF_PROJECTS = frozenset({"storage.buckets.create", "storage.buckets.list"})
_LISTED = ("storage.buckets.", "storage.objects.", "storage.managedFolders.")


def get(call: Call) -> Response:
    call.demand("storage.buckets.get")
    bucket = call.bucket
    document = {
        "kind": "storage#bucket",
        "selfLink": f"{call.endpoint}/storage/v1/b/{bucket.name}",
        "id": bucket.name,
        "name": bucket.name,
        "projectNumber": str(bucket.project.number),
        "metageneration": "1",
        "location": "EU",
        "locationType": "multi-region",
        "storageClass": "STANDARD",
        "etag": "CAE=",
        "timeCreated": "2026-01-15T10:00:00.000Z",
        "updated": "2026-01-15T10:00:00.000Z",
        **bucket.resource,
    }
    if not call.may("storage.buckets.getIpFilter"):
        document.pop("ipFilter", None)
    return answer(document)


def policy(call: Call) -> Response:
    """Below version 3 conditions are not told."""
    call.demand("storage.buckets.getIamPolicy")
    bindings = [dict(binding) for binding in call.bucket.policy.get("bindings", ())]
    conditional = any("condition" in binding for binding in bindings)
    asked = int(call.request.query.get("optionsRequestedPolicyVersion", "1"))
    if asked < 3:
        for binding in bindings:
            binding.pop("condition", None)
    version = 3 if conditional and asked >= 3 else 1
    resource = call.bucket.resource_name
    return answer(
        {
            "kind": "storage#policy",
            "resourceId": resource,
            "version": version,
            "etag": "CAE=",
            "bindings": bindings,
        }
    )


def test_permissions(call: Call) -> Response:
    """Needs no permission; a permission that cannot be asked of a bucket spoils the whole question."""
    asked = parse_qs(call.request.raw_query).get("permissions", [])
    listed = _LISTED if call.state.strict else ("storage.",)
    if not asked or any(name in _OF_PROJECTS or not name.startswith(listed) for name in asked):
        raise RefusedError(400, "invalid", "Invalid argument.")
    held = [name for name in asked if call.may(name)]
    document = {"kind": "storage#testIamPermissionsResponse"}
    return answer({**document, "permissions": held} if held else document)
