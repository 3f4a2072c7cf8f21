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


def resource(kind: str, label: str = "rec", /, **values: Any) -> Json:
    return {"address": f"{kind}.{label}", "mode": "managed", "type": kind, "name": label, "values": values}


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


ARN = "arn:aws:iam::111122223333:policy/NoS3"
NO_S3 = json.dumps(policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}))
BASE = [granting("my-recordings", policy()), *settings("my-recordings")]
HELD = resource("aws_iam_user_policy", user="writer", name="p", policy=json.dumps(USER_GRANT))
USER = {"name": "writer", "arn": "arn:aws:iam::111122223333:user/writer", "permissions_boundary": None}
MADE = resource("aws_iam_policy", arn=ARN, name="NoS3", policy=NO_S3)
IN_GROUP = resource("aws_iam_user_group_membership", user="writer", groups=["writers"])


@pytest.mark.parametrize(
    "attached",
    [
        [MADE, resource("aws_iam_user_policy_attachment", user="writer", policy_arn=ARN)],
        [MADE, resource("aws_iam_policy_attachment", users=["writer"], groups=None, policy_arn=ARN)],
        [resource("aws_iam_group_policy", group="writers", name="g", policy=NO_S3), IN_GROUP],
        [MADE, resource("aws_iam_group_policy_attachment", group="writers", policy_arn=ARN), IN_GROUP],
        [
            MADE,
            resource("aws_iam_policy_attachment", users=[], groups=["writers"], policy_arn=ARN),
            resource("aws_iam_group_membership", group="writers", users=["writer"], name="m"),
        ],
        [MADE, resource("aws_iam_user", **{**USER, "permissions_boundary": ARN})],
    ],
    ids=["attached", "attached-to-many", "group-s-own", "attached-to-group", "of-a-group-of-many", "boundary"],
)
def test_a_policy_that_the_user_holds_through_something_else_denies(desk: Desk, attached: list[Json]) -> None:
    """A plan that holds the attached policy whole is judged by it, like by the user's own."""
    code, found = desk.tested(desk.with_key(), desk.write("plan.json", plan(*BASE, HELD, *attached)))

    assert (code, found["write-object"]["status"]) == (1, "fail")


@pytest.mark.parametrize(
    ("attached", "says"),
    [
        ([resource("aws_iam_user_policy_attachment", user="writer", policy_arn=ARN)], ARN),
        ([resource("aws_iam_user_policy_attachment", user="writer")], "known only after apply"),
        ([resource("aws_iam_user_policy", user="writer", name="q")], "q of writer"),
        ([IN_GROUP], "group writers"),
        ([resource("aws_iam_user", **{**USER, "permissions_boundary": ARN})], ARN),
        ([resource("aws_iam_user", name="writer", arn=USER["arn"])], "permissions boundary"),
    ],
    ids=["elsewhere", "later", "own-later", "group", "boundary", "boundary-later"],
)
def test_what_the_user_holds_and_the_plan_does_not_tell_leaves_it_open(
    desk: Desk, attached: list[Json], says: str
) -> None:
    """An attachment whose policy is not in the plan may deny all that the rest allows: it is named."""
    code, found = desk.tested(desk.with_key(), desk.write("plan.json", plan(*BASE, HELD, *attached)))

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert says in found["write-object"]["message"]


def test_an_attached_policy_alone_may_be_what_allows(desk: Desk) -> None:
    """A user without a policy of its own, whose attached one is not told: neither proven nor refuted."""
    attached = resource("aws_iam_user_policy_attachment", user="writer", policy_arn="arn:aws:iam::aws:policy/Some")
    code, found = desk.tested(desk.with_key(), desk.write("plan.json", plan(*BASE, attached)))

    assert (code, found["write-object"]["status"]) == (3, "unknown")


def test_what_others_hold_is_not_the_writer_s(desk: Desk) -> None:
    """Attachments of other users and groups do not count, and a user without any policy writes nothing."""
    others = [
        MADE,
        resource("aws_iam_policy_attachment", users=[], groups=["others"], policy_arn=ARN),
        resource("aws_iam_user", "b", name="b", arn="arn:aws:iam::111122223333:user/b", permissions_boundary=ARN),
        resource("aws_iam_user", **USER),
    ]
    code, _ = desk.tested(desk.with_key(), desk.write("plan.json", plan(*BASE, HELD, *others)))

    assert code == 0


def test_a_plan_with_policies_of_several_users_does_not_tell_the_writer(desk: Desk) -> None:
    """Which of them the key belongs to is not ours to choose; where Stream writes, none of them does."""
    other = resource("aws_iam_user_policy", "b", user="b", name="p", policy=NO_S3)
    told = plan(granting("my-recordings"), *settings("my-recordings"), HELD, other)
    said = desk.policy("test", desk.with_key(), "-d", desk.write("plan.json", told))

    assert (said.code, said.out) == (2, "")
    assert all(words in said.err for words in ("b, writer", "identity=PATH"))
    assert desk.tested(desk.storage(), desk.write("plan.json", told))[0] == 0


def assumed(desk: Desk, *documents: Any) -> str:
    given = [part for one in documents for part in ("-d", str(one))]
    [storage] = json.loads(desk.policy("test", desk.with_key(), *given, "-o", "json").out)["storages"]
    return " ".join(storage["assumptions"])


def test_what_a_user_may_hold_besides_is_assumed_in_so_many_words(desk: Desk) -> None:
    """No file says that there are no further policies, unless it is said that there are none at all."""
    user, names = desk.write("u.json", USER_GRANT), "no other policies"

    assert names in assumed(desk, user, "policy=none", "encryption=none")
    assert names in assumed(desk, desk.write("plan.json", plan(*BASE, HELD)))
    granted = desk.write("p.json", policy(allow("arn:aws:s3:::my-recordings/*", principal=USER["arn"])))
    caller = desk.write("who.json", {"UserId": "A", "Account": "111122223333", "Arn": USER["arn"]})
    assert names not in assumed(desk, granted, caller, "identity=none", "encryption=none")
