"""What can be read about a bucket and about oneself: AWS's documents, and its codes for what nobody has set."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::185583345998:root"},
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::my-recordings/*",
        }
    ],
}
IN: Mapping[str, str] = {"Bucket": "my-recordings"}


@pytest.fixture
def reader(open_box: Any, client: Any) -> Any:
    """A boto3 client that may read everything about a bucket so described."""

    def made(**bucket: Any) -> Any:
        changes = {"users": {"stream-writer": {"policies": [EVERYTHING]}}, "buckets": {"my-recordings": bucket}}
        return client(open_box(changes))

    return made


def _code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    return refusal.value.response["Error"]["Code"]


def test_a_policy_reads_as_it_was_written(reader: Any) -> None:
    """GetBucketPolicy gives the document; naming one account is not public."""
    s3 = reader(policy=json.dumps(POLICY))
    assert json.loads(s3.get_bucket_policy(**IN)["Policy"]) == POLICY
    assert s3.get_bucket_policy_status(**IN)["PolicyStatus"] == {"IsPublic": False}


def test_a_policy_for_everybody_is_public(reader: Any) -> None:
    """Principal * without a condition makes the policy public."""
    public = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Principal": "*"}]}  # type: ignore[dict-item]  # a list of objects
    assert reader(policy=json.dumps(public)).get_bucket_policy_status(**IN)["PolicyStatus"] == {"IsPublic": True}


@pytest.mark.parametrize(
    ("settings", "verb", "code"),
    [
        ({}, "get_bucket_policy", "NoSuchBucketPolicy"),
        ({}, "get_bucket_policy_status", "NoSuchBucketPolicy"),
        ({"blocks": {}}, "get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        ({"ownership": ""}, "get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
        ({"encryption": {}}, "get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError"),
        ({}, "get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
        ({}, "get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
    ],
)
def test_what_is_not_set_has_a_code_of_its_own(
    open_box: Any,
    client: Any,
    settings: Mapping[str, Any],
    verb: str,
    code: str,
) -> None:
    """AWS answers 404 with a code for each setting that is absent."""
    from dataclasses import replace

    from preflight.sandbox import Sandbox, load

    scenario = load("s3/healthy")
    users = {"stream-writer": {**scenario.world["users"]["stream-writer"], "policies": [EVERYTHING]}}
    # Not merged: an empty table has to stay empty.
    bucket = {"region": "eu-central-1", "settings": settings}
    world = {**scenario.world, "users": users, "buckets": {"my-recordings": bucket}}
    del open_box
    with Sandbox(replace(scenario, world=world)) as box:
        assert _code(getattr(client(box), verb), **IN) == code


def test_settings_read_as_boto3_knows_them(reader: Any) -> None:
    """Each document parses into the SDK's own structure."""
    key = "arn:aws:kms:eu-central-1:111122223333:key/1"
    s3 = reader(
        settings={
            "encryption": {"algorithm": "aws:kms", "key": key},
            "lock": {"mode": "COMPLIANCE", "days": 7},
            "versioning": "Enabled",
            "payer": "Requester",
            "abort_uploads_after_days": 3,
        }
    )
    rule = s3.get_bucket_encryption(**IN)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    lock = s3.get_object_lock_configuration(**IN)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 7}
    assert s3.get_bucket_versioning(**IN)["Status"] == "Enabled"
    assert s3.get_bucket_request_payment(**IN)["Payer"] == "Requester"
    abort = s3.get_bucket_lifecycle_configuration(**IN)["Rules"][0]["AbortIncompleteMultipartUpload"]
    assert abort == {"DaysAfterInitiation": 3}
    ownership = s3.get_bucket_ownership_controls(**IN)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    blocks = s3.get_public_access_block(**IN)["PublicAccessBlockConfiguration"]
    assert set(blocks.values()) == {True}


@pytest.mark.parametrize(("region", "location"), [("eu-central-1", "eu-central-1"), ("us-east-1", None)])
def test_the_location_of_us_east_1_is_empty(reader: Any, region: str, location: str | None, client: Any) -> None:
    """GetBucketLocation has no word for the oldest region."""
    del client
    s3 = reader(region=region)
    s3.meta.events.register("before-sign.s3", lambda request, **_: request.context["signing"].update(region=region))
    assert s3.get_bucket_location(**IN)["LocationConstraint"] == location


def test_reading_settings_needs_permission(open_box: Any, client: Any) -> None:
    """A write-only key may read none of them."""
    assert _code(client(open_box()).get_bucket_policy, **IN) == "AccessDenied"


def test_an_unknown_sub_resource_is_no_listing(open_box: Any, client: Any) -> None:
    """What the sandbox does not offer is refused with 405, never answered with a list of objects."""
    assert _code(client(open_box()).get_bucket_cors, **IN) == "MethodNotAllowed"


def test_sts_tells_who_asks(open_box: Any, client: Any) -> None:
    """GetCallerIdentity needs no permission and knows account and ARN."""
    said = client(open_box(), "sts").get_caller_identity()
    assert said["Account"] == "111122223333"
    assert said["Arn"] == "arn:aws:iam::111122223333:user/stream-writer"
    assert len(said["UserId"]) == 21


@pytest.mark.parametrize(
    ("given", "clock", "code"),
    [
        ({"aws_access_key_id": "AKIAUNKNOWN000000000"}, 0, "InvalidClientTokenId"),
        ({"aws_secret_access_key": "x" * 40}, 0, "SignatureDoesNotMatch"),
        ({}, 360, "SignatureDoesNotMatch"),
        ({}, -360, "SignatureDoesNotMatch"),
    ],
)
def test_sts_refuses_in_its_own_words(
    open_box: Any,
    client: Any,
    given: Mapping[str, str],
    clock: int,
    code: str,
) -> None:
    """STS has other codes than S3, and allows the clock five minutes only."""
    assert _code(client(open_box(clock=clock), "sts", **given).get_caller_identity) == code


def test_a_compatible_offers_no_sts(open_box: Any) -> None:
    """Most compatibles cannot tell who asks."""
    assert "sts" not in open_box({"brand": "compatible"}).endpoints
