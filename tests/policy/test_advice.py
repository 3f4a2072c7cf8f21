"""What a finding about documents advises can be done as it is printed, and helps."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.policy.conftest import GRANT, USER_GRANT, Desk, Json, allow, deny, policy

BUCKET = "arn:aws:s3:::my-recordings"
PATH = f"{BUCKET}/recordings/*"
OFFICE = deny([BUCKET, f"{BUCKET}/*"], Sid="Office", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
OURS = deny([BUCKET, f"{BUCKET}/*"], Sid="Ours", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}})
MANAGED = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]
    }
}
REST = ("-d", "encryption=none")


@pytest.mark.parametrize("statement", [OFFICE, OURS], ids=["network", "organization"])
def test_the_advised_command_mends_the_document(desk: Desk, statement: Json) -> None:
    """The configuration is the FILE and the policy the --document, whichever of them the finding points at."""
    storage, current = desk.storage(), desk.write("net.json", policy(allow(PATH), statement))
    _, outcomes = desk.tested(storage, current, "encryption=none")
    [fix] = [one for one in outcomes["write-object"]["remedy"]["commands"] if one.startswith("preflight policy fix")]

    assert shlex.split(fix) == ["preflight", "policy", "fix", str(storage), f"--document={current}"]
    assert desk.policy(*shlex.split(fix)[2:], *REST).code == 0


def test_the_advised_exception_lets_stream_in(desk: Desk) -> None:
    """The condition that is printed, put beside what is there, makes the same test pass."""
    storage = desk.storage()
    _, outcomes = desk.tested(storage, desk.write("net.json", policy(allow(PATH), OFFICE)), "encryption=none")
    advised = json.loads(outcomes["write-object"]["remedy"]["patch"])
    spared = {**OFFICE, "Condition": {**OFFICE["Condition"], **advised}}
    _, after = desk.tested(storage, desk.write("spared.json", policy(allow(PATH), spared)), "encryption=none")

    assert advised == {"StringNotEquals": {"aws:PrincipalAccount": "185583345998"}}
    assert (outcomes["write-object"]["status"], after["write-object"]["status"]) == ("unknown", "pass")


def test_an_open_deny_is_no_allow_that_lacks(desk: Desk) -> None:
    """Whether a Deny applies is not known: nothing about an allowing statement would help."""
    _, outcomes = desk.tested(desk.storage(), desk.write("p.json", policy(allow(PATH), OURS)), "encryption=none")
    found = outcomes["write-object"]

    assert (found["status"], found["candidates"][0]["cause"]) == ("unknown", "explicit-deny")
    assert "allowing statement" not in found["remedy"]["summary"]
    assert json.loads(found["remedy"]["patch"]) == {"StringNotEquals": {"aws:PrincipalAccount": "185583345998"}}


def test_an_open_allow_is_still_a_condition(desk: Desk) -> None:
    """The other way round, what is open is the condition of what grants."""
    grant = allow(PATH, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-stream"}})
    _, outcomes = desk.tested(desk.storage(), desk.write("p.json", policy(grant)), "encryption=none")

    assert outcomes["write-object"]["candidates"][0]["cause"] == "condition-unmet"


@pytest.mark.parametrize("keyless", [True, False])
def test_the_managed_key_is_not_advised_to_be_opened(desk: Desk, keyless: bool) -> None:  # noqa: FBT001 - a case
    """Nobody can change who uses aws/s3: the bucket needs a key of one's own, or none; a phrase is no key."""
    encryption = desk.write("enc.json", MANAGED)
    storage = desk.storage() if keyless else desk.with_key()
    given: tuple[object, ...] = (desk.write("p.json", GRANT),)
    if not keyless:
        caller = desk.write("c.json", {"Arn": "arn:aws:iam::111122223333:user/w", "Account": "111122223333"})
        bucket = desk.write("b.json", policy(allow(PATH, principal="arn:aws:iam::111122223333:user/w")))
        given = (desk.write("u.json", USER_GRANT), f"caller={caller}", bucket)
    _, outcomes = desk.tested(storage, *map(str, given), encryption)
    found = outcomes["write-object"]

    if not keyless:
        assert found["status"] == "pass"  # the bucket is taken for the writer's own
        return
    assert "AES256" in found["remedy"]["summary"]
    assert json.loads(found["remedy"]["patch"])["Statement"][0]["Resource"] == "<KEY_ARN>"
    assert not any("aws/s3" in command for command in found["remedy"]["commands"])
