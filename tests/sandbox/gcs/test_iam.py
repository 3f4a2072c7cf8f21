"""IAM is decided, not pretended: any one binding grants, conditions and deny policies take away."""

import json
from typing import Any

import pytest

from preflight.iam.gcp.roles import permissions
from tests.sandbox.gcs.conftest import WRITER, Open, Speak, granting, reason, upload

NAME = "recordings/a"


def may_write(open_box: Open, speak: Speak, *changes: dict[str, Any], name: str = NAME) -> bool:
    box = open_box(*changes)
    response = upload(speak(box), box, name)
    assert response.status_code in {200, 403}, response.text
    return response.status_code == 200


@pytest.mark.parametrize(
    ("role", "writes"),
    [
        ("roles/storage.objectCreator", True),
        ("roles/storage.objectUser", True),
        ("roles/storage.objectAdmin", True),
        ("roles/storage.legacyBucketWriter", True),
        ("roles/storage.admin", True),
        ("roles/storage.objectViewer", False),
        ("roles/storage.bucketViewer", False),
        ("roles/storage.legacyObjectReader", False),
        ("roles/owner", False),
        ("roles/editor", False),
    ],
)
def test_roles_hold_what_google_says(open_box: Open, speak: Speak, role: str, writes: bool) -> None:  # noqa: FBT001 - one row of a table
    """Google's role data: who of these may create objects. Basic roles may not by themselves."""
    assert may_write(open_box, speak, granting(role)) is writes


def test_the_role_that_stream_asks_for() -> None:
    """`roles/storage.objectCreator` writes in every way and neither reads, lists nor deletes."""
    held = permissions("roles/storage.objectCreator")
    assert {"storage.objects.create", "storage.folders.create", "storage.multipartUploads.create"} <= held
    assert not {"storage.objects.get", "storage.objects.list", "storage.objects.delete", "storage.buckets.get"} & held


@pytest.mark.parametrize(
    ("member", "writes"),
    [
        (f"serviceAccount:{WRITER}", True),
        ("allUsers", True),
        ("allAuthenticatedUsers", True),
        ("group:recorders@example.com", True),
        ("group:others@example.com", False),
        (f"user:{WRITER}", False),
        (f"deleted:serviceAccount:{WRITER}?uid=123", False),
        ("serviceAccount:other@my-project.iam.gserviceaccount.com", False),
    ],
)
def test_members_are_who_they_say(open_box: Open, speak: Speak, member: str, writes: bool) -> None:  # noqa: FBT001 - one row of a table
    """A binding reaches the account by its own name, its groups and everybody's; not by a look-alike."""
    grouped = {"accounts": {"stream-writer": {"groups": ["recorders@example.com"]}}}
    assert may_write(open_box, speak, grouped, granting("roles/storage.objectCreator", member=member)) is writes


def test_public_access_prevention_voids_everybody(open_box: Open, speak: Speak) -> None:
    """With it, `allUsers` grants nothing."""
    prevented = {
        "buckets": {"my-recordings": {"resource": {"iamConfiguration": {"publicAccessPrevention": "enforced"}}}}
    }
    assert not may_write(open_box, speak, granting("roles/storage.objectCreator", member="allUsers"), prevented)


def test_a_grant_from_the_project_counts(open_box: Open, speak: Speak) -> None:
    """The bucket's own policy may be silent."""
    binding = {"role": "roles/storage.objectCreator", "members": [f"serviceAccount:{WRITER}"]}
    project = {"projects": {"my-project": {"policy": json.dumps({"bindings": [binding]})}}}
    assert may_write(open_box, speak, granting(), project)


@pytest.mark.parametrize(
    ("expression", "writes"),
    [
        ('resource.name.startsWith("projects/_/buckets/my-recordings/objects/recordings/")', True),
        ('resource.name.startsWith("projects/_/buckets/my-recordings/objects/uploads/")', False),
        ('resource.name.startsWith("projects/my-project/buckets/my-recordings/objects/recordings/")', False),
        ('resource.type == "storage.googleapis.com/Object"', True),
        ('resource.type == "storage.googleapis.com/Bucket"', False),
        ('request.time < timestamp("2020-01-01T00:00:00Z")', False),
        ('request.time > timestamp("2020-01-01T00:00:00Z")', True),
        ("resource.name.contains('recordings')", False),
        ("this is no condition", False),
    ],
)
def test_conditions_are_evaluated(open_box: Open, speak: Speak, expression: str, writes: bool) -> None:  # noqa: FBT001 - one row of a table
    """A condition that does not hold, or that is none, grants nothing."""
    condition = {"title": "t", "expression": expression}
    assert may_write(open_box, speak, granting("roles/storage.objectCreator", condition=condition)) is writes


def test_a_condition_on_names_is_not_seen_on_the_bucket(open_box: Open, speak: Speak) -> None:
    """`testIamPermissions` asks about the bucket: what holds for names only is not among the answer."""
    prefix = "projects/_/buckets/my-recordings/objects/recordings/"
    condition = {"title": "t", "expression": f'resource.name.startsWith("{prefix}")'}
    box = open_box(granting("roles/storage.objectCreator", condition=condition))
    url = f"{box.endpoints['gcs']}/storage/v1/b/my-recordings/iam/testPermissions"
    said = speak(box).get(url, params={"permissions": ["storage.objects.create"]}, timeout=5).json()
    assert said == {"kind": "storage#testIamPermissionsResponse"}


@pytest.mark.parametrize(
    ("principal", "exception", "writes"),
    [
        ("principalSet://goog/public:all", (), False),
        (f"principal://iam.googleapis.com/projects/-/serviceAccounts/{WRITER}", (), False),
        ("principal://iam.googleapis.com/projects/-/serviceAccounts/o@p.iam.gserviceaccount.com", (), True),
        (
            "principalSet://goog/public:all",
            (f"principal://iam.googleapis.com/projects/-/serviceAccounts/{WRITER}",),
            True,
        ),
    ],
)
def test_deny_policies_come_first(
    open_box: Open,
    speak: Speak,
    principal: str,
    exception: tuple[str, ...],
    writes: bool,  # noqa: FBT001 - one row of a table
) -> None:
    """A deny policy wins over every grant, but for its exceptions."""
    rule = {
        "principals": [principal],
        "permissions": ["storage.googleapis.com/objects.create"],
        "exceptions": list(exception),
    }
    assert may_write(open_box, speak, {"projects": {"my-project": {"deny": [rule]}}}) is writes


def test_the_refusal_is_the_same_whatever_the_reason(open_box: Open, speak: Speak) -> None:
    """No role, a condition, a deny policy: Google says one sentence, with the e-mail and the permission."""
    sentence = (
        f"{WRITER} does not have storage.objects.create access to the Google Cloud Storage object. Permission "
        "'storage.objects.create' denied on resource (or it may not exist)."
    )
    for name in ("gcs/no-permission", "gcs/other-prefix", "gcs/ended-grant", "gcs/deny-policy"):
        box = open_box(name=name)
        assert reason(upload(speak(box), box, NAME)) == (403, "forbidden", sentence)


def test_permissions_of_a_project_spoil_the_question(open_box: Open, speak: Speak) -> None:
    """`storage.buckets.create` and `.list` cannot be asked of a bucket; documented."""
    box = open_box()
    url = f"{box.endpoints['gcs']}/storage/v1/b/my-recordings/iam/testPermissions"
    asked = ["storage.objects.create", "storage.buckets.list"]
    assert reason(speak(box).get(url, params={"permissions": asked}, timeout=5))[:2] == (400, "invalid")
