"""What an operator reads about the writer and the key: IAM and KMS, through the real boto3 client."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from preflight.sandbox import Sandbox

HOME = "111122223333"
KEY = f"arn:aws:kms:eu-central-1:{HOME}:key/0a1b2c3d-1111-2222-3333-444455556666"
MANAGED = f"arn:aws:iam::{HOME}:policy/recordings"
WRITE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::my-recordings/a/*"}],
}
ROOT_MAY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "kms:*", "Resource": "*"}
    ],
}
WORLD: dict[str, Any] = {
    "policies": {MANAGED: json.dumps(WRITE)},
    "groups": {"writers": {"policies": [json.dumps(WRITE)], "attached": [MANAGED]}},
    "users": {
        "stream-writer": {
            "policies": [json.dumps(WRITE)],
            "attached": [MANAGED],
            "groups": ["writers"],
            "boundary": json.dumps(WRITE),
        }
    },
    "keys": {KEY: {"policy": json.dumps(ROOT_MAY)}},
}


@pytest.fixture
def box(open_box: Any) -> Sandbox:
    """A writer with an inline, an attached and a group's policy, a boundary, and a key."""
    opened: Sandbox = open_box(WORLD)
    return opened


@pytest.fixture
def operator(box: Sandbox, client: Any) -> Any:
    """A client as the operator, for one service."""

    def made(service: str) -> Any:
        return client(
            box,
            service,
            region_name="us-east-1" if service == "iam" else "eu-central-1",
            aws_access_key_id=box.environ["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=box.environ["AWS_SECRET_ACCESS_KEY"],
        )

    return made


def test_everything_that_a_user_holds_can_be_read(operator: Any) -> None:
    """Inline and attached policies, groups with theirs, and the boundary, as the documents that they are."""
    iam = operator("iam")
    of = {"UserName": "stream-writer"}
    assert iam.get_user(**of)["User"]["Arn"] == f"arn:aws:iam::{HOME}:user/stream-writer"
    [inline] = iam.list_user_policies(**of)["PolicyNames"]
    assert iam.get_user_policy(**of, PolicyName=inline)["PolicyDocument"] == WRITE
    [attached] = iam.list_attached_user_policies(**of)["AttachedPolicies"]
    assert attached == {"PolicyName": "recordings", "PolicyArn": MANAGED}
    version = iam.get_policy(PolicyArn=MANAGED)["Policy"]["DefaultVersionId"]
    held = iam.get_policy_version(PolicyArn=MANAGED, VersionId=version)["PolicyVersion"]
    assert held["Document"] == WRITE
    [group] = iam.list_groups_for_user(**of)["Groups"]
    in_group = {"GroupName": group["GroupName"]}
    [shared] = iam.list_group_policies(**in_group)["PolicyNames"]
    assert iam.get_group_policy(**in_group, PolicyName=shared)["PolicyDocument"] == WRITE
    assert iam.list_attached_group_policies(**in_group)["AttachedPolicies"] == [attached]
    boundary = iam.get_user(**of)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert iam.get_policy(PolicyArn=boundary)["Policy"]["Arn"] == boundary


@pytest.mark.parametrize("way", ["policies", "attached", "groups"])
def test_a_grant_counts_by_whichever_way_it_is_held(open_box: Any, client: Any, way: str) -> None:
    """Inline, attached and through a group are equally good for writing."""
    nothing: dict[str, Any] = {"policies": [], "attached": [], "groups": [], "boundary": ""}
    held = {**nothing, way: WORLD["users"]["stream-writer"][way]}
    box = open_box({**WORLD, "users": {"stream-writer": held}})
    assert client(box).put_object(Bucket="my-recordings", Key="a/x", Body=b"")["ETag"]


def test_a_writer_may_not_read_its_own_policies(box: Sandbox, client: Any) -> None:
    """A write-only user has no right to look: AccessDenied names the action."""
    with pytest.raises(ClientError, match="iam:ListUserPolicies") as refusal:
        client(box, "iam", region_name="us-east-1").list_user_policies(UserName="stream-writer")
    assert refusal.value.response["Error"]["Code"] == "AccessDenied"


def test_nobody_of_that_name(operator: Any) -> None:
    """NoSuchEntity for a user that does not exist."""
    with pytest.raises(ClientError) as refusal:
        operator("iam").get_user(UserName="nobody")
    assert refusal.value.response["Error"]["Code"] == "NoSuchEntity"


def test_a_key_and_its_policy_can_be_read(operator: Any) -> None:
    """By ARN and by id: state, manager and policy document."""
    kms = operator("kms")
    for name in (KEY, KEY.rpartition("/")[2]):
        found = kms.describe_key(KeyId=name)["KeyMetadata"]
        assert (found["Arn"], found["KeyState"], found["KeyManager"]) == (KEY, "Enabled", "CUSTOMER")
    assert json.loads(kms.get_key_policy(KeyId=KEY, PolicyName="default")["Policy"]) == ROOT_MAY


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"aws_access_key_id": "AKIAUNKNOWN000000000"}, "UnrecognizedClientException"),
        ({"aws_secret_access_key": "x" * 40}, "InvalidSignatureException"),
        ({}, "AccessDeniedException"),
    ],
)
def test_kms_refuses_in_its_own_words(box: Sandbox, client: Any, given: dict[str, str], code: str) -> None:
    """The JSON protocol has other codes than the query protocol; the writer may not describe the key."""
    with pytest.raises(ClientError) as refusal:
        client(box, "kms", **given).describe_key(KeyId=KEY)
    assert refusal.value.response["Error"]["Code"] == code


def test_a_key_that_is_not_there_is_not_found(operator: Any) -> None:
    """NotFoundException names what was asked for."""
    with pytest.raises(ClientError, match="does not exist") as refusal:
        operator("kms").describe_key(KeyId=KEY.replace("0a1b", "ffff"))
    assert refusal.value.response["Error"]["Code"] == "NotFoundException"
