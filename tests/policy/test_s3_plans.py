"""Terraform plans of AWS: whose bucket a setting is, what is known only after apply, and who holds which policy."""

from __future__ import annotations

import json
from typing import Any

from tests.policy.conftest import GRANT, Desk, Json, allow, policy

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
