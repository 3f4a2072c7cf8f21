"""Terraform plans of AWS: whose bucket a setting is, what is known only after apply, and who holds which policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.policy.conftest import GRANT, KEY, USER_GRANT, Desk, Json, allow, policy

ON = dict.fromkeys(("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True)
OFF = dict.fromkeys(ON, False)
ENFORCED = {"rule": [{"object_ownership": "BucketOwnerEnforced"}]}
AES = {"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256", "kms_master_key_id": ""}]}]}


def resource(kind: str, name: str = "rec", **values: Any) -> Json:
    return {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}


def bucket(name: str) -> Json:
    return resource("aws_s3_bucket", name, bucket=name)


def settings(name: str, **changes: Any) -> list[Json]:
    """All that decides for a bucket, harmless."""
    told = {
        "public_access_block": ON,
        "ownership_controls": ENFORCED,
        "server_side_encryption_configuration": AES,
        "request_payment_configuration": {"payer": "BucketOwner"},
        **changes,
    }
    return [resource(f"aws_s3_bucket_{kind}", name, bucket=name, **values) for kind, values in told.items() if values]


def granting(name: str, document: Json = GRANT) -> Json:
    return resource("aws_s3_bucket_policy", name, bucket=name, policy=json.dumps(document))


def plan(*resources: Json) -> Json:
    root = {"resources": list(resources)}
    return {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": root}}


def test_a_setting_of_another_bucket_is_not_ours(desk: Desk) -> None:
    """The log bucket is encrypted, closed and owned: nothing of that is known of the bucket that is written."""
    told = plan(bucket("my-recordings"), bucket("my-logs"), granting("my-recordings"), *settings("my-logs"))
    code, found = desk.tested(desk.storage(), desk.write("plan.json", told))

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert {found[name]["status"] for name in ("own-objects", "stay-private")} == {"skip"}


def test_a_plan_of_two_buckets_is_read_for_each(desk: Desk) -> None:
    """Ours is healthy, whatever the other one is."""
    theirs = settings("my-logs", public_access_block=OFF, ownership_controls=None)
    mine = [bucket("my-recordings"), granting("my-recordings"), *settings("my-recordings")]
    told = plan(*mine, bucket("my-logs"), granting("my-logs", policy()), *theirs)
    code, found = desk.tested(desk.storage(), desk.write("plan.json", told))

    assert (code, found["stay-private"]["status"]) == (0, "pass")


def test_a_plan_about_other_buckets_alone_is_a_usage_error(desk: Desk) -> None:
    """A file that serves no storage is named, with the buckets that it is about."""
    told = plan(granting("my-logs", policy(allow("arn:aws:s3:::my-logs/*"))))
    said = desk.policy("test", desk.storage(), "-d", desk.write("plan.json", told))

    assert (said.code, said.out) == (2, "")
    assert all(words in said.err for words in ("plan.json", "my-logs", "my-recordings"))


KMS = {"sse_algorithm": "aws:kms"}


def encrypted(**default: Any) -> Json:
    return {"rule": [{"apply_server_side_encryption_by_default": [default], "bucket_key_enabled": True}]}


@pytest.mark.parametrize("key", [True, False], ids=["key", "keyless"])
def test_a_key_that_is_known_only_after_apply_is_not_the_key_that_aws_manages(desk: Desk, key: bool) -> None:  # noqa: FBT001 - a case
    """A plan leaves out what it does not know yet, and prints what nobody has set as null or empty."""
    told = plan(
        granting("my-recordings"), *settings("my-recordings", server_side_encryption_configuration=encrypted(**KMS))
    )
    storage = desk.with_key() if key else desk.storage()
    documents = [desk.write("plan.json", told), *([desk.write("u.json", USER_GRANT)] if key else [])]
    code, found = desk.tested(storage, *documents)

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert "kms_master_key_id is known only after apply" in found["write-object"]["message"]


@pytest.mark.parametrize("none", [None, ""])
def test_a_key_that_nobody_has_set_is_the_key_that_aws_manages(desk: Desk, none: str | None) -> None:
    """`aws:kms` without a key serves no other account, so not Stream's."""
    default = encrypted(**KMS, kms_master_key_id=none)
    told = plan(granting("my-recordings"), *settings("my-recordings", server_side_encryption_configuration=default))
    code, found = desk.tested(desk.storage(), desk.write("plan.json", told))

    assert (code, found["write-object"]["candidates"][0]["cause"]) == (1, "encryption-key-denied")


LEFT_OUT: list[tuple[str, Json]] = [
    ("aws_s3_bucket_policy", {}),
    ("aws_s3_bucket_public_access_block", {**ON, "restrict_public_buckets": ...}),
    ("aws_s3_bucket_ownership_controls", {"rule": [{}]}),
    ("aws_s3_bucket_server_side_encryption_configuration", {"rule": [{}]}),
    ("aws_s3_bucket_request_payment_configuration", {}),
    ("aws_s3_bucket_object_lock_configuration", {"rule": [{"default_retention": [{"days": 1}]}]}),
]


@pytest.mark.parametrize(("kind", "values"), LEFT_OUT, ids=[kind for kind, _ in LEFT_OUT])
def test_what_a_plan_leaves_out_is_unknown_not_empty(desk: Desk, kind: str, values: Json) -> None:
    """Whatever decides and is known only after apply: no verdict, and no default of AWS in its place."""
    rest = [one for one in (granting("my-recordings"), *settings("my-recordings")) if one["type"] != kind]
    stated = {name: value for name, value in values.items() if value is not ...}
    public = policy(
        *GRANT["Statement"], allow("arn:aws:s3:::my-recordings/site/*", principal="*", action="s3:GetObject")
    )
    if kind == "aws_s3_bucket_public_access_block":  # which decides where something is public
        rest[0] = granting("my-recordings", public)
    code, _ = desk.tested(
        desk.storage(), desk.write("p.json", plan(*rest, resource(kind, bucket="my-recordings", **stated)))
    )

    assert code == 3


def test_a_new_bucket_s_settings_are_its_own(desk: Desk) -> None:
    """What refers to a bucket that is not made yet names none: with one bucket in the plan, it can be no other's."""
    mine = [bucket("my-recordings"), granting("my-recordings"), *settings("my-recordings")]
    for one in mine[1:]:
        del one["values"]["bucket"]

    assert desk.tested(desk.storage(), desk.write("plan.json", plan(*mine)))[0] == 0
    code, found = desk.tested(desk.storage(), desk.write("plan.json", plan(*mine, bucket("my-logs"))))
    assert code == 3
    assert "bucket is known only after apply" in found["own-objects"]["reason"]


ADMIN = policy(allow("*", principal="111122223333", action="kms:*"))
FOR_STREAM = policy({**allow("*"), "Action": ["kms:GenerateDataKey", "kms:Decrypt"]})
OTHER_KEY = KEY.replace("0a1b2c3d", "ffffffff")


def test_of_several_keys_the_bucket_s_own_decides(desk: Desk) -> None:
    """A plan may make keys for other things, too."""
    mine = [
        granting("my-recordings"),
        *settings("my-recordings", server_side_encryption_configuration=encrypted(**KMS, kms_master_key_id=KEY)),
    ]
    ours = resource("aws_kms_key", "rec", arn=KEY, policy=json.dumps(FOR_STREAM))
    logs = resource("aws_kms_key", "logs", arn=OTHER_KEY, policy=json.dumps(ADMIN))
    swapped = resource("aws_kms_key", "rec", arn=KEY, policy=json.dumps(ADMIN))
    theirs = resource("aws_kms_key", "logs", arn=OTHER_KEY, policy=json.dumps(FOR_STREAM))

    assert desk.tested(desk.storage(), desk.write("plan.json", plan(*mine, ours, logs)))[0] == 0
    assert desk.tested(desk.storage(), desk.write("plan.json", plan(*mine, swapped, theirs)))[0] == 1
