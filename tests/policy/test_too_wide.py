"""Grants of AWS that are wider than writing needs: told by a warning, which names what is too much."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.conftest import GRANT, USER_GRANT, Desk, Json, allow, policy
from tests.policy.test_test import CALLER, ENFORCED

OBJECTS, BUCKET = "arn:aws:s3:::my-recordings/*", "arn:aws:s3:::my-recordings"
CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
OPEN = dict.fromkeys(CLOSED, False)


def judged(desk: Desk, *statements: Json, blocks: dict[str, bool] = CLOSED) -> tuple[int, dict[str, Json]]:
    """A keyless storage whose policy grants the write and these statements."""
    granted = desk.write("p.json", policy(*GRANT["Statement"], *statements))
    closed = desk.write("b.json", {"PublicAccessBlockConfiguration": blocks})
    return desk.tested(desk.storage(), granted, closed, desk.write("o.json", ENFORCED), "encryption=none")


def warned(found: dict[str, Json]) -> set[str]:
    return {name for name, one in found.items() if one["status"] == "fail" and one["severity"] == "warning"}


@pytest.mark.parametrize(
    ("check", "action", "resource"),
    [
        ("withhold-read", "s3:GetObject", OBJECTS),
        ("withhold-read", "s3:GetObjectVersion", OBJECTS),
        ("withhold-read", "s3:GetObject", "arn:aws:s3:::my-recordings/private/*"),
        ("withhold-delete", "s3:DeleteObject", "arn:aws:s3:::my-recordings/private/*"),
        ("withhold-delete", "s3:DeleteObjectVersion", OBJECTS),
        ("withhold-list", "s3:ListBucket", BUCKET),
        ("withhold-list", "s3:ListBucketVersions", BUCKET),
        ("hold-permissions", "s3:PutBucketPolicy", BUCKET),
        ("hold-permissions", "s3:DeleteBucket", BUCKET),
        ("hold-permissions", "s3:PutLifecycleConfiguration", BUCKET),
        ("hold-permissions", "s3:PutBucketAcl", BUCKET),
        ("hold-permissions", "s3:PutEncryptionConfiguration", BUCKET),
        ("hold-permissions", "s3:PutReplicationConfiguration", BUCKET),
        ("hold-permissions", "s3:PutObjectAcl", OBJECTS),
        ("hold-permissions", "s3:BypassGovernanceRetention", OBJECTS),
    ],
)
def test_what_writing_does_not_need_is_named(desk: Desk, check: str, action: str, resource: str) -> None:
    """Every other way to the same right counts, anywhere in the bucket: a warning, by the action's own name."""
    code, found = judged(desk, allow(resource, action=action))

    assert (code, warned(found)) == (0, {check})
    assert action in found[check]["message"]


def test_the_least_grant_is_not_too_wide(desk: Desk) -> None:
    """What is recommended is not warned of; nor are rights of others."""
    theirs = allow(OBJECTS, principal="111122223333", action="s3:*")
    code, found = judged(desk, theirs)

    assert (code, warned(found)) == (0, set())
    assert found["hold-permissions"]["status"] == "pass"


def test_a_user_s_rights_are_looked_at_like_stream_s(desk: Desk) -> None:
    """With a key, the user's own policies tell what it holds."""
    wide = policy(*USER_GRANT["Statement"], allow(BUCKET, principal=None, action="s3:PutBucketPolicy"))
    code, found = desk.tested(
        desk.with_key(), desk.write("u.json", wide), "policy=none", "encryption=none", "retention=none"
    )

    assert (code, "hold-permissions" in warned(found)) == (0, True)
    assert "s3:PutBucketPolicy" in found["hold-permissions"]["message"]


def test_a_condition_that_is_open_leaves_it_open(desk: Desk) -> None:
    """Whether the writer holds more depends on what nobody knows: neither a tick nor a warning."""
    perhaps = allow(BUCKET, action="s3:DeleteBucket", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    _, found = judged(desk, perhaps)

    assert found["hold-permissions"]["status"] == "unknown"
    assert "s3:DeleteBucket" in found["hold-permissions"]["message"]


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:GetObject", "s3:ListBucket"])
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_what_anybody_may_is_said(desk: Desk, action: str, principal: Any) -> None:
    """A grant to everyone is not private, whoever else it lets write."""
    everyone = {**allow([OBJECTS, BUCKET], action=action), "Principal": principal}
    code, found = judged(desk, everyone, blocks=OPEN)

    assert (code, "stay-private" in warned(found)) == (0, True)
    assert "anybody on the internet" in found["stay-private"]["message"]
    assert action in found["stay-private"]["message"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
    ],
)
def test_what_only_known_accounts_may_is_not_for_anybody(desk: Desk, condition: Json) -> None:
    """A star that a condition narrows to accounts lets no stranger in."""
    narrowed = {**allow(OBJECTS, action="s3:GetObject", Condition=condition), "Principal": "*"}
    _, found = judged(desk, narrowed, blocks=OPEN)

    assert "anybody" not in found["stay-private"]["message"]


def test_a_caller_told_by_a_document_is_looked_at_too(desk: Desk) -> None:
    """Granted by the bucket's policy to that very user: the same warning."""
    granted = policy(allow(OBJECTS, principal=CALLER["Arn"], action="s3:*"))
    _, found = desk.tested(
        desk.with_key(),
        desk.write("who.json", CALLER),
        desk.write("p.json", granted),
        "identity=none",
        "encryption=none",
    )

    assert "s3:PutObjectAcl" in found["hold-permissions"]["message"]
