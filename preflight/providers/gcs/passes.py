"""Every request that may be sent to Google, with what it is called: nothing else passes the door."""

from __future__ import annotations

from preflight.providers.gcs.door import Pass
from preflight.providers.gcs.wire import Wire


def token(url: str) -> Pass:
    return Pass(operation="token", stage="token", method="POST", url=url)


def insert(wire: Wire, key: str) -> Pass:
    """The whole object in one request, only if the name is free."""
    return Pass(
        operation="objects.insert",
        stage="put_object",
        method="POST",
        url=wire.of_uploads,
        query={"uploadType": "multipart", "ifGenerationMatch": "0"},
        names=key,
        writes=True,
    )


def start(wire: Wire, key: str) -> Pass:
    """Opens a resumable upload, only if the name is free; nothing exists before its end."""
    return Pass(
        operation="objects.insert",
        stage="put_object",
        method="POST",
        url=wire.of_uploads,
        query={"uploadType": "resumable", "ifGenerationMatch": "0"},
        names=key,
    )


def finish(wire: Wire) -> Pass:
    return Pass(
        operation="objects.insert",
        stage="put_object",
        method="PUT",
        url=wire.of_uploads,
        query={"uploadType": "resumable", "upload_id": "*"},
        writes=True,
    )


def cancel(wire: Wire) -> Pass:
    return Pass(
        operation="objects.insert",
        stage="cleanup",
        method="DELETE",
        url=wire.of_uploads,
        query={"uploadType": "resumable", "upload_id": "*"},
    )


def get(wire: Wire, key: str) -> Pass:
    return Pass(
        operation="objects.get",
        stage="get_object",
        method="GET",
        url=wire.of_object(key),
        query={"alt": "media"},
    )


def list_own(wire: Wire, prefix: str) -> Pass:
    return Pass(
        operation="objects.list",
        stage="list",
        method="GET",
        url=f"{wire.of_bucket}/o",
        query={"prefix": prefix, "maxResults": "1"},
    )


def delete(wire: Wire, key: str) -> Pass:
    return Pass(operation="objects.delete", stage="cleanup", method="DELETE", url=wire.of_object(key))


def test_permissions(wire: Wire) -> Pass:
    return Pass(
        operation="buckets.testIamPermissions",
        stage="test_permissions",
        method="GET",
        url=f"{wire.of_bucket}/iam/testPermissions",
        query={"permissions": "*"},
    )


def read_bucket(wire: Wire) -> Pass:
    return Pass(
        operation="buckets.get",
        stage="get_bucket",
        method="GET",
        url=wire.of_bucket,
        query={"projection": "noAcl"},
    )


def read_policy(wire: Wire) -> Pass:
    """Version 3, or conditions are left out of the answer."""
    return Pass(
        operation="buckets.getIamPolicy",
        stage="get_bucket_policy",
        method="GET",
        url=f"{wire.of_bucket}/iam",
        query={"optionsRequestedPolicyVersion": "3"},
    )
