"""Claims about a bucket: what the keyless writer, a key's owner and a foreign encryption key may do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from preflight.iam.aws.document import Document, Kind, read
from preflight.iam.aws.layers import UNREAD, Layers
from preflight.iam.aws.principals import Kind as Caller
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.s3 import Bucket, keyless, may, may_encrypt, may_write, partition_of
from preflight.iam.aws.shape import Operation
from preflight.iam.decision import Answer, Decision, Part, Role
from preflight.model import Cause

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
STREAM = Principal.of_account("185583345998")
BUCKET = Bucket(name="media", account="111122223333", region="eu-west-1")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
GRANT: dict[str, Any] = {
    "Sid": "Stream",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::185583345998:root"},
    "Action": "s3:PutObject",
    "Resource": ["arn:aws:s3:::media/*", "arn:aws:s3:::media"],
}


def policy(*statements: dict[str, Any], kind: Kind = Kind.RESOURCE) -> Document:
    return read(
        json.dumps({"Version": "2012-10-17", "Id": "StreamExternalStoragePolicy", "Statement": statements}), kind
    )


def layers(*statements: dict[str, Any]) -> Layers:
    return keyless(policy(*statements), owner=BUCKET.account, restricted=True)


def test_keyless_writer_is_proven() -> None:
    """The documented policy proves the write of every key, whole and in parts, and the assumptions are told."""
    decisions = may_write(STREAM, BUCKET, "recordings/", layers(GRANT))
    assert set(decisions) == {Operation.PUT, Operation.PART}
    for decision in decisions.values():
        assert decision.answer is Answer.ALLOWED
        assert decision.cause is None
        told = " ".join(decision.assumptions)
        assert "identity policies" in told
        assert "resource control policies" in told


def test_unread_policy_proves_nothing() -> None:
    """Without the bucket policy nothing is decided, and the decision asks for it by name."""
    for decision in may_write(STREAM, BUCKET, "", keyless(UNREAD, owner=BUCKET.account, restricted=True)).values():
        assert decision.answer is Answer.UNKNOWN
        assert "bucket policy" in {need.document for need in decision.needs}


def test_absent_policy_denies() -> None:
    """A bucket that was read and has no policy lets no other account in."""
    for decision in may_write(STREAM, BUCKET, "", keyless(None, owner=BUCKET.account, restricted=True)).values():
        assert decision.answer is Answer.DENIED
        assert decision.cause is Cause.BUCKET_POLICY_MISSING


def test_parts_are_told_apart() -> None:
    """A policy that spares parts from its demand for If-None-Match splits the kinds of request."""
    demand = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::media/*",
        "Condition": {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}},
    }
    decisions = may_write(STREAM, BUCKET, "recordings/", layers(GRANT, demand), operations=tuple(Operation))
    assert {operation: decision.answer for operation, decision in decisions.items()} == {
        Operation.PUT: Answer.DENIED,
        Operation.CREATE: Answer.ALLOWED,
        Operation.PART: Answer.ALLOWED,
        Operation.COMPLETE: Answer.DENIED,
    }


def test_reason_points_at_the_clause() -> None:
    """A denial names document, statement, place, key, operator and values of the condition that decided."""
    demand = {
        "Sid": "Encrypted",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::media/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": ["aws:kms", "AES256"]}},
    }
    reason = may_write(STREAM, BUCKET, "recordings/", layers(GRANT, demand))[Operation.PUT].deciding
    assert reason is not None
    assert (reason.role, reason.part, reason.cause) == (Role.DENY, Part.CONDITION, Cause.HEADER_REQUIRED)
    assert (reason.document, reason.statement) == ("bucket policy", "Encrypted")
    assert reason.pointer == "/Statement/1/Condition/StringNotEquals/s3:x-amz-server-side-encryption"
    assert (reason.operator, reason.key) == ("StringNotEquals", "s3:x-amz-server-side-encryption")
    assert reason.values == ("aws:kms", "AES256")


@pytest.mark.parametrize(
    ("elements", "part", "says"),
    [
        ({"Principal": {"AWS": "185583345999"}}, Part.PRINCIPAL, "185583345999"),
        ({"Principal": {"AWS": "AROAJQABLZS4A3QDU576Q"}, "Action": "s3:GetObject"}, Part.ACTION, "s3:GetObject"),
        ({"Action": "s3:PutObjectAcl"}, Part.ACTION, "`s3:PutObjectAcl` is not s3:PutObject"),
        ({"Resource": "arn:aws:s3:::media"}, Part.RESOURCE, "needs `arn:aws:s3:::media/*`"),
        ({"Resource": "arn:aws:s3:::media/recordings"}, Part.RESOURCE, "this one name only"),
        ({"Resource": "arn:aws:s3:::medial/*"}, Part.RESOURCE, "not in bucket `media`"),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, Part.CONDITION, "aws:SecureTransport is `true`"),
    ],
)
def test_nearest_statement(elements: dict[str, Any], part: Part, says: str) -> None:
    """Where nothing grants, the nearest statement is named with the one element that it lacks."""
    other = {**GRANT, "Sid": "Other", "Principal": {"AWS": "444455556666"}, "Action": "s3:DeleteObject"}
    reason = may_write(STREAM, BUCKET, "recordings/", layers(other, GRANT | elements))[Operation.PUT].deciding
    assert reason is not None
    assert (reason.role, reason.part, reason.statement) == (Role.LACK, part, "Stream")
    assert says in reason.says


def test_example_is_a_key() -> None:
    """A split names a key on each side, which can be read off without the bucket's ARN."""
    decision = may_write(STREAM, BUCKET, "recordings/", layers(GRANT | {"Resource": "arn:aws:s3:::media/*.mp4"}))[
        Operation.PUT
    ]
    assert decision.answer is Answer.SPLIT
    assert BUCKET.key(decision.allowed) == "recordings/.mp4"
    assert BUCKET.key(decision.denied) == "recordings/x"


def test_withheld_rights() -> None:
    """Least privilege is asked the same way: the documented policy lets Stream read, list and delete nothing."""
    for action, path in (("s3:GetObject", "recordings/"), ("s3:DeleteObject", "recordings/"), ("s3:ListBucket", None)):
        assert may(STREAM, action, BUCKET, path, layers(GRANT)).answer is Answer.DENIED
    listing = layers(GRANT | {"Action": "s3:*", "Condition": {"StringLike": {"s3:prefix": "recordings/*"}}})
    assert may(STREAM, "s3:ListBucket", BUCKET, None, listing).answer is Answer.UNKNOWN
    wide = layers(GRANT | {"Action": "s3:*"})
    assert may(STREAM, "s3:GetObject", BUCKET, "recordings/", wide).allowed is not None


def test_access_point_alias() -> None:
    """An alias hides the access point whose policy decides, so nothing is claimed."""
    alias = Bucket(name="my-point-0123456789abcdefghijklmnopqrs-s3alias", account="111122223333")
    (decision, _) = may_write(STREAM, alias, "", layers(GRANT)).values()
    assert decision.answer is Answer.UNKNOWN
    assert "access point" in decision.needs[0].says


def test_foreign_encryption_key() -> None:
    """The key's policy has to name the other account; the key that AWS manages never does."""
    mine = {"Effect": "Allow", "Principal": "*", "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*"}
    conditions = {"kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    managed = policy(mine | {"Condition": {"StringEquals": conditions}}, kind=Kind.KEY)
    shared = policy(mine | {"Principal": GRANT["Principal"]}, kind=Kind.KEY)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        refused = may_encrypt(STREAM, action, KEY, BUCKET, keyless(managed, owner=BUCKET.account))
        assert (refused.answer, refused.cause) == (Answer.DENIED, Cause.ENCRYPTION_KEY_DENIED)
        assert may_encrypt(STREAM, action, KEY, BUCKET, keyless(shared, owner=BUCKET.account)).answer is Answer.ALLOWED


def test_encryption_context() -> None:
    """The encryption context lies within the bucket: its ARN, or with no bucket key an object's."""
    grant = {**GRANT, "Action": "kms:*", "Resource": "*"}
    for pattern, answer in (("media*", Answer.ALLOWED), ("media", Answer.UNKNOWN), ("other*", Answer.DENIED)):
        within = {"StringLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{pattern}"}}
        key = keyless(policy(grant | {"Condition": within}, kind=Kind.KEY), owner=BUCKET.account)
        assert may_encrypt(STREAM, "kms:Decrypt", KEY, BUCKET, key).answer is answer


def test_alias_of_a_key() -> None:
    """Policies name keys, so nothing is decided for an alias."""
    alias = "arn:aws:kms:eu-west-1:111122223333:alias/media"
    decision = may_encrypt(STREAM, "kms:Decrypt", alias, BUCKET, keyless(None))
    assert decision.answer is Answer.UNKNOWN
    assert "alias" in decision.needs[0].says


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("", "aws")],
)
def test_partitions(region: str, partition: str) -> None:
    """A region tells its partition, which stands in every ARN."""
    assert partition_of(region) == partition


@pytest.mark.parametrize(
    ("arn", "kind", "account", "role"),
    [
        ("arn:aws:iam::111122223333:root", Caller.ROOT, "111122223333", ""),
        ("arn:aws:iam::111122223333:user/team/ann", Caller.USER, "111122223333", ""),
        ("arn:aws:iam::111122223333:role/apps/writer", Caller.ROLE, "111122223333", "writer"),
        ("arn:aws:sts::111122223333:assumed-role/writer/run", Caller.SESSION, "111122223333", "writer"),
        ("arn:aws:sts::111122223333:federated-user/ann", Caller.FEDERATED, "111122223333", ""),
        ("logging.s3.amazonaws.com", Caller.SERVICE, "", ""),
        ("*", Caller.ANONYMOUS, "", ""),
    ],
)
def test_callers(arn: str, kind: Caller, account: str, role: str) -> None:
    """What GetCallerIdentity answers tells the kind of caller."""
    caller = Principal.of(arn)
    assert (caller.kind, caller.account, caller.role) == (kind, account, role)


@pytest.mark.parametrize("text", ["", "ann", "arn:aws:s3:::b", "arn:aws:iam::1:group/x"])
def test_no_caller(text: str) -> None:
    """What names nobody is refused in words."""
    with pytest.raises(ValueError, match=r"names no|is no ARN"):
        Principal.of(text)


def decided(**condition: Any) -> Decision:
    """Stream's grant with a condition, on the first of August 2026."""
    found = may_write(
        STREAM, BUCKET, "", layers({**GRANT, "Condition": condition}), now=NOON, operations=(Operation.PUT,)
    )
    return found[Operation.PUT]


@pytest.mark.parametrize(
    "condition",
    [
        {"NumericLessThan": {"aws:EpochTime": "1893456000"}},
        {"NumericLessThanEquals": {"aws:EpochTime": 1893456000}},
        {"DateLessThan": {"aws:EpochTime": "1893456000"}},
        {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
        {"DateLessThan": {"aws:CurrentTime": "2030-01-01"}},
    ],
)
def test_a_grant_ends_when_its_condition_on_the_time_does(condition: dict[str, Any]) -> None:
    """Seconds since 1970 are a point in time, compared as dates or as numbers."""
    decision = decided(**condition)
    assert (decision.answer, decision.until) == (Answer.ALLOWED, "2030-01-01T00:00:00+00:00")


@pytest.mark.parametrize("text", ["2030", 2030, "2030-01", "20300101"])
def test_a_year_is_not_taken_for_seconds(text: str | int) -> None:
    """Whether AWS reads `2030` as a year or as half an hour after 1970 is not documented: undecided, not expired."""
    assert decided(DateLessThan={"aws:CurrentTime": text}).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("ranges", "cause"),
    [
        (["0.0.0.0/0", "::/0"], Cause.CONDITION_UNMET),
        ("0.0.0.0/0", Cause.CONDITION_UNMET),
        (["0.0.0.0/1", "128.0.0.0/1"], Cause.CONDITION_UNMET),
        ("0.0.0.0/1", Cause.NETWORK_DENIED),
        ("203.0.113.0/24", Cause.NETWORK_DENIED),
    ],
)
@pytest.mark.parametrize("operator", ["IpAddress", "NotIpAddress"])
def test_a_range_of_every_address_lists_nobody(ranges: Any, cause: Cause, operator: str) -> None:
    """Only a request through a VPC endpoint, which carries no such address, or by IPv6 does not fit."""
    denied = {**GRANT, "Sid": "Net", "Effect": "Deny", "Condition": {operator: {"aws:SourceIp": ranges}}}
    statements = [GRANT, denied] if operator == "NotIpAddress" else [{**denied, "Effect": "Allow"}]
    decision = may_write(STREAM, BUCKET, "", layers(*statements))[Operation.PUT]
    assert decision.answer is Answer.UNKNOWN
    [reason] = [one for one in decision.reasons if one.role is Role.OPEN]
    assert (reason.cause or Cause.NETWORK_DENIED) is cause


def test_every_address_or_none_is_certain() -> None:
    """With `IfExists`, whichever way the request comes, the condition holds."""
    every = {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}
    assert decided(IpAddressIfExists=every).answer is Answer.ALLOWED
    assert decided(IpAddressIfExists={"aws:SourceIp": "0.0.0.0/0"}).answer is Answer.UNKNOWN
