"""Who may what, and which reason a refusal gives: AWS's layers, its grammar, and to whom it speaks at all."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from preflight.sandbox import Sandbox

BUCKET = "arn:aws:s3:::my-recordings"
HOME, ELSEWHERE = "111122223333", "444455556666"
WRITER = f"arn:aws:iam::{HOME}:user/stream-writer"
KEY = f"arn:aws:kms:eu-central-1:{HOME}:key/0a1b2c3d-1111-2222-3333-444455556666"


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {**_allow(action, resource, **more), "Effect": "Deny"}


EVERYTHING = _policy(_allow("*"))
WRITE = _policy(_allow("s3:PutObject", f"{BUCKET}/recordings/*"))


def _refusal(client: Any, box: Sandbox, **more: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as refusal:
        client(box).put_object(Bucket="my-recordings", Key="recordings/x", Body=b"", **more)
    response = refusal.value.response
    error = response["Error"]
    return response["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]


def _writes(client: Any, box: Sandbox, **more: Any) -> bool:
    answer = client(box).put_object(Bucket="my-recordings", Key="recordings/x", Body=b"", **more)
    return bool(answer["ETag"])


SAYS = f'User: {WRITER} is not authorized to perform: s3:PutObject on resource: "{BUCKET}/recordings/x" '


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"users": {"stream-writer": {"policies": []}}},
            "because no identity-based policy allows the s3:PutObject action",
            id="nothing granted",
        ),
        pytest.param(
            {"users": {"stream-writer": {"policies": [_policy(_allow("s3:PutObject", BUCKET))]}}},
            "because no identity-based policy allows the s3:PutObject action",
            id="granted on the bare bucket",
        ),
        pytest.param(
            {"users": {"stream-writer": {"policies": [EVERYTHING, _policy(_deny("s3:Put*"))]}}},
            "with an explicit deny in an identity-based policy",
            id="denied by the identity",
        ),
        pytest.param(
            {"buckets": {"my-recordings": {"policy": _policy(_deny("s3:PutObject", f"{BUCKET}/*", Principal="*"))}}},
            "with an explicit deny in a resource-based policy",
            id="denied by the bucket",
        ),
        pytest.param(
            {"users": {"stream-writer": {"boundary": _policy(_allow("s3:GetObject"))}}},
            "because no permissions boundary allows the s3:PutObject action",
            id="beyond the boundary",
        ),
        pytest.param(
            {"users": {"stream-writer": {"boundary": _policy(_allow("*"), _deny("s3:*"))}}},
            "with an explicit deny in a permissions boundary",
            id="denied by the boundary",
        ),
        pytest.param(
            {"accounts": {HOME: {"service_control": [_policy(_allow("ec2:*"))]}}},
            "because no service control policy allows the s3:PutObject action",
            id="left out by the organization",
        ),
        pytest.param(
            {"accounts": {HOME: {"service_control": [_policy(_allow("*"), _deny("s3:PutObject"))]}}},
            "with an explicit deny in a service control policy",
            id="denied by the organization",
        ),
        pytest.param(
            {
                "accounts": {
                    HOME: {"resource_control": [_policy(_allow("*", Principal="*"), _deny("s3:*", Principal="*"))]}
                }
            },
            "with an explicit deny in a resource control policy",
            id="denied by the resource's organization",
        ),
    ],
)
def test_a_refusal_within_the_account_names_its_layer(
    open_box: Any,
    client: Any,
    changes: Mapping[str, Any],
    reason: str,
) -> None:
    """The enhanced message: who, what, on which quoted resource, and by which kind of policy."""
    assert _refusal(client, open_box(changes)) == (403, "AccessDenied", SAYS + reason)


def test_a_session_policy_limits_a_role(open_box: Any, client: Any) -> None:
    """What a session was not given it does not have, whatever its role has."""
    session = {
        "arn": f"arn:aws:sts::{HOME}:assumed-role/writer/one",
        "session_policy": _policy(_allow("s3:GetObject")),
    }
    _, _, message = _refusal(client, open_box({"users": {"stream-writer": session}}))
    assert message.endswith("because no session policy allows the s3:PutObject action")


def test_the_bucket_may_grant_alone_within_the_account(open_box: Any, client: Any) -> None:
    """Same account: a bucket policy that names the user is enough."""
    granted = _policy(_allow("s3:PutObject", f"{BUCKET}/*", Principal={"AWS": WRITER}))
    changes = {
        "users": {"stream-writer": {"policies": []}},
        "buckets": {"my-recordings": {"policy": granted}},
    }
    assert _writes(client, open_box(changes))


def test_the_own_accounts_root_grants_no_user_anything(open_box: Any, client: Any) -> None:
    """Naming one's own account delegates to its identity policies, and these say nothing."""
    root = {"AWS": f"arn:aws:iam::{HOME}:root"}
    delegated = _policy(_allow("s3:PutObject", f"{BUCKET}/*", Principal=root))
    changes = {
        "users": {"stream-writer": {"policies": []}},
        "buckets": {"my-recordings": {"policy": delegated}},
    }
    assert _refusal(client, open_box(changes))[2].endswith("no identity-based policy allows the s3:PutObject action")


FOREIGN = {"arn": f"arn:aws:iam::{ELSEWHERE}:user/guest"}
ADMITS = _policy(_allow("s3:PutObject", f"{BUCKET}/*", Principal={"AWS": ELSEWHERE}))


@pytest.mark.parametrize(
    ("identity", "bucket", "writes"),
    [(WRITE, ADMITS, True), (WRITE, "", False), (_policy(_allow("s3:GetObject")), ADMITS, False)],
)
def test_another_account_needs_both_sides_and_hears_no_reason(
    open_box: Any,
    client: Any,
    identity: str,
    bucket: str,
    writes: bool,  # noqa: FBT001 - one row of a table
) -> None:
    """Cross-account: identity and bucket must both allow, and a stranger gets a bare Access Denied."""
    box = open_box(
        {
            "users": {"stream-writer": {**FOREIGN, "policies": [identity]}},
            "buckets": {"my-recordings": {"policy": bucket}},
        }
    )
    if writes:
        assert _writes(client, box)
    else:
        assert _refusal(client, box) == (403, "AccessDenied", "Access Denied")


def test_one_organization_is_told_the_reason(open_box: Any, client: Any) -> None:
    """Two accounts of one organization: the message says that the bucket's side is missing."""
    box = open_box(
        {
            "users": {"stream-writer": FOREIGN},
            "accounts": {HOME: {"organization": "o-one"}, ELSEWHERE: {"organization": "o-one"}},
        }
    )
    assert _refusal(client, box)[2].endswith("because no resource-based policy allows the s3:PutObject action")


def test_a_compatible_gives_no_reason(open_box: Any, client: Any) -> None:
    """The enhanced message is AWS's alone."""
    box = open_box({"brand": "compatible", "users": {"stream-writer": {"policies": []}}})
    assert _refusal(client, box) == (403, "AccessDenied", "Access Denied")


def test_conditions_see_the_whole_request(open_box: Any, client: Any) -> None:
    """A demand for an encryption header refuses the plain PUT and lets the one with the header through."""
    demand = _deny(
        "s3:PutObject",
        f"{BUCKET}/*",
        Principal="*",
        Condition={"Null": {"s3:x-amz-server-side-encryption": "true"}},
    )
    box = open_box({"buckets": {"my-recordings": {"policy": _policy(demand)}}})
    assert _refusal(client, box)[2].endswith("with an explicit deny in a resource-based policy")
    assert _writes(client, box, ServerSideEncryption="AES256")


@pytest.mark.parametrize(("source", "writes"), [("203.0.113.9", True), ("198.51.100.7", False)])
def test_conditions_see_where_a_request_seems_to_come_from(
    open_box: Any,
    client: Any,
    source: str,
    writes: bool,  # noqa: FBT001 - one row of a table
) -> None:
    """The world says what the source address is; loopback itself is of no interest."""
    office = _deny("s3:*", f"{BUCKET}/*", Principal="*", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    box = open_box({"source": source, "buckets": {"my-recordings": {"policy": _policy(office)}}})
    assert _writes(client, box) if writes else _refusal(client, box)[0] == 403


@pytest.mark.parametrize("restricts", [True, False])
def test_a_public_policy_shuts_out_strangers_where_public_buckets_are_restricted(
    open_box: Any,
    client: Any,
    restricts: bool,  # noqa: FBT001 - one row of a table
) -> None:
    """RestrictPublicBuckets refuses another account even where a statement names it."""
    public = _policy(
        _allow("s3:GetObject", f"{BUCKET}/*", Principal="*"),
        _allow("s3:PutObject", f"{BUCKET}/*", Principal={"AWS": ELSEWHERE}),
    )
    blocks = {"RestrictPublicBuckets": restricts}
    box = open_box(
        {
            "users": {"stream-writer": FOREIGN},
            "buckets": {"my-recordings": {"policy": public, "settings": {"blocks": blocks}}},
        }
    )
    assert _refusal(client, box)[0] == 403 if restricts else _writes(client, box)


def test_requester_pays_wants_its_header(open_box: Any, client: Any) -> None:
    """Another account that does not offer to pay is refused without a reason."""
    box = open_box(
        {
            "users": {"stream-writer": FOREIGN},
            "buckets": {"my-recordings": {"policy": ADMITS, "settings": {"payer": "Requester"}}},
        }
    )
    assert _refusal(client, box) == (403, "AccessDenied", "Access Denied")
    assert _writes(client, box, RequestPayer="requester")


def test_another_expected_owner_is_refused(open_box: Any, client: Any) -> None:
    """x-amz-expected-bucket-owner protects from somebody else's bucket."""
    box = open_box()
    assert _writes(client, box, ExpectedBucketOwner=HOME)
    assert _refusal(client, box, ExpectedBucketOwner=ELSEWHERE)[:2] == (403, "AccessDenied")


def test_an_acl_is_refused_where_acls_are_disabled(open_box: Any, client: Any) -> None:
    """BucketOwnerEnforced takes no ACL but the one that says nothing new; sending one needs PutObjectAcl."""
    box = open_box({"users": {"stream-writer": {"policies": [EVERYTHING]}}})
    status, code, message = _refusal(client, box, ACL="private")
    assert (status, code, message) == (400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
    assert _writes(client, box, ACL="bucket-owner-full-control")
    assert "s3:PutObjectAcl" in _refusal(client, open_box(), ACL="private")[2]


def test_a_public_acl_is_blocked_by_name(open_box: Any, client: Any) -> None:
    """BlockPublicAcls is the one public access block that names itself."""
    box = open_box(
        {
            "users": {"stream-writer": {"policies": [EVERYTHING]}},
            "buckets": {"my-recordings": {"settings": {"ownership": "ObjectWriter"}}},
        }
    )
    assert "blocked by the BlockPublicAcls block public access setting" in _refusal(client, box, ACL="public-read")[2]


def test_a_missing_bucket_is_missing_even_without_rights(open_box: Any, client: Any) -> None:
    """404 NoSuchBucket comes before any permission."""
    with pytest.raises(ClientError) as refusal:
        client(open_box()).put_object(Bucket="no-such-recordings", Key="x", Body=b"")
    assert refusal.value.response["Error"]["Code"] == "NoSuchBucket"
    assert refusal.value.response["Error"]["BucketName"] == "no-such-recordings"  # type: ignore[typeddict-item]  # S3's own element


def test_a_missing_name_is_told_to_those_only_who_may_list(open_box: Any, client: Any) -> None:
    """GET of an absent key: 403 without s3:ListBucket, 404 with it."""
    for policies, code in (([_policy(_allow("s3:GetObject"))], "AccessDenied"), ([EVERYTHING], "NoSuchKey")):
        box = open_box({"users": {"stream-writer": {"policies": policies}}})
        with pytest.raises(ClientError) as refusal:
            client(box).get_object(Bucket="my-recordings", Key="recordings/absent")
        assert refusal.value.response["Error"]["Code"] == code


def _encrypted(grants: str, key_policy: str = "", **key: Any) -> dict[str, Any]:
    root = {"AWS": f"arn:aws:iam::{HOME}:root"}
    policy = key_policy or _policy(_allow("kms:*", Principal=root))
    settings = {"encryption": {"algorithm": "aws:kms", "key": KEY}}
    return {
        "users": {"stream-writer": {"policies": [WRITE, _policy(_allow(grants))]}},
        "buckets": {"my-recordings": {"settings": settings}},
        "keys": {KEY: {"policy": policy, **key}},
    }


def test_a_write_needs_the_buckets_key(open_box: Any, client: Any) -> None:
    """Without kms:GenerateDataKey: 403 that names the key's ARN, unquoted. With it, the key is echoed."""
    message = _refusal(client, open_box(_encrypted("kms:DescribeKey")))[2]
    assert message == (
        f"User: {WRITER} is not authorized to perform: kms:GenerateDataKey on resource: {KEY} "
        "because no identity-based policy allows the kms:GenerateDataKey action"
    )
    box = open_box(_encrypted("kms:GenerateDataKey"))
    answer = client(box).put_object(Bucket="my-recordings", Key="recordings/x", Body=b"")
    assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == ("aws:kms", KEY)


def test_a_key_policy_without_delegation_ignores_identity_policies(open_box: Any, client: Any) -> None:
    """The key's own policy has to let the account in before an identity policy counts."""
    somebody = _policy(_allow("kms:*", Principal={"AWS": f"arn:aws:iam::{HOME}:user/somebody"}))
    message = _refusal(client, open_box(_encrypted("kms:*", somebody)))[2]
    assert message.endswith("because no resource-based policy allows the kms:GenerateDataKey action")


def test_a_condition_on_the_source_address_fails_for_the_key(open_box: Any, client: Any) -> None:
    """S3 asks for the key from its own addresses: an allowance of the office network does not reach it."""
    office = _allow("*", Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}})
    changes = _encrypted("s3:ListBucket")
    changes["users"]["stream-writer"]["policies"] = [_policy(office)]
    message = _refusal(client, open_box(changes))[2]
    assert message.endswith("because no identity-based policy allows the kms:GenerateDataKey action")


def test_parts_need_to_decrypt(open_box: Any, client: Any) -> None:
    """A single PUT passes with GenerateDataKey alone; a part is refused without kms:Decrypt."""
    writer = client(open_box(_encrypted("kms:GenerateDataKey")))
    upload = writer.create_multipart_upload(Bucket="my-recordings", Key="recordings/x")["UploadId"]
    with pytest.raises(ClientError, match="kms:Decrypt"):
        writer.upload_part(Bucket="my-recordings", Key="recordings/x", UploadId=upload, PartNumber=1, Body=b"part")


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("Disabled", "KMS.DisabledException", "is disabled."),
        ("PendingDeletion", "KMS.KMSInvalidStateException", "is pending deletion."),
    ],
)
def test_an_unusable_key_is_a_bad_request(
    open_box: Any,
    client: Any,
    state: str,
    code: str,
    words: str,
) -> None:
    """A key problem is 400, a permission problem 403."""
    status, said, message = _refusal(client, open_box(_encrypted("kms:*", state=state)))
    assert (status, said) == (400, code)
    assert message.endswith(words)


def test_a_key_that_is_not_there(open_box: Any, client: Any) -> None:
    """KMS.NotFoundException covers a key that never was and one of another region."""
    changes = _encrypted("kms:*")
    settings = changes["buckets"]["my-recordings"]["settings"]
    settings["encryption"] = {"algorithm": "aws:kms", "key": KEY.replace("0a1b", "ffff")}
    assert _refusal(client, open_box(changes))[1] == "KMS.NotFoundException"
    settings["encryption"] = {"algorithm": "aws:kms", "key": KEY.replace("eu-central-1", "eu-west-1")}
    assert _refusal(client, open_box(changes)) == (400, "KMS.NotFoundException", "Invalid arn eu-west-1")


def test_a_foreign_key_is_not_admitted_to_exist(open_box: Any, client: Any) -> None:
    """Across accounts the refusal holds three causes in one sentence and no ARN."""
    changes = _encrypted("kms:*")
    changes["users"]["stream-writer"] |= FOREIGN
    changes["buckets"]["my-recordings"]["policy"] = ADMITS
    message = _refusal(client, open_box(changes))[2]
    assert "kms:GenerateDataKey on this resource because the resource does not exist in this Region" in message
    assert KEY not in message


def test_the_managed_key_serves_its_own_account_only(open_box: Any, client: Any) -> None:
    """`aws/s3` needs no grant within the account and none helps from outside."""
    changes = _encrypted("s3:ListBucket", managed=True)
    assert _writes(client, open_box(changes))
    changes["users"]["stream-writer"] |= {**FOREIGN, "policies": [EVERYTHING]}
    changes["buckets"]["my-recordings"]["policy"] = ADMITS
    assert _refusal(client, open_box(changes))[0] == 403
