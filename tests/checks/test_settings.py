"""What each setting of a bucket means for recordings; what nobody may read is unknown, with the exact permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from preflight.model import Cause, Owner, Refusal, Reply, Setting, Severity, Status, Verdict
from tests.checks.conftest import GOOGLE, KEYED, KEYLESS, Examine, Writing, outcome

Facts = Mapping[str, Any]

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@pytest.mark.parametrize(
    ("check", "setting", "good", "bad", "cause"),
    [
        (
            "stay-private",
            Setting.PUBLIC_ACCESS,
            {"blocks": dict.fromkeys(BLOCKS, True)},
            {"blocks": {**dict.fromkeys(BLOCKS, True), "RestrictPublicBuckets": False}},
            Cause.NOT_NEEDED,
        ),
        (
            "release-test-objects",
            Setting.RETENTION,
            {"locked": True, "mode": None},
            {"hold": True},
            Cause.OBJECT_LOCKED,
        ),
        (
            "expire-unfinished-uploads",
            Setting.LIFECYCLE,
            {"aborts_uploads_after_days": 7},
            {"aborts_uploads_after_days": None},
            None,
        ),
        (
            "admit-network",
            Setting.NETWORK,
            {"default": "allow"},
            {"default": "deny", "rules": []},
            Cause.NETWORK_DENIED,
        ),
        (
            "admit-network",
            Setting.NETWORK,
            {"default": "allow"},
            {"default": "deny", "rules": ["203.0.113.0/24"]},
            Cause.NETWORK_DENIED,
        ),
    ],
)
def test_a_setting_is_judged_on_its_facts(
    examine: Examine, check: str, setting: Setting, good: Facts, bad: Facts, cause: Cause | None
) -> None:
    """The same facts mean the same, whichever provider gave them."""
    well = outcome(examine(KEYED, writer=Writing(), facts={setting: good}), check)
    ill = outcome(examine(KEYED, writer=Writing(), facts={setting: bad}), check)

    assert (well.status, ill.status) == (Status.PASS, Status.FAIL)
    assert [candidate.cause for candidate in ill.candidates] == ([cause] if cause else [])
    assert ill.remedy


@pytest.mark.parametrize("facts", [{"default": None, "shown_to": "storage.buckets.getIpFilter"}, {}])
def test_a_filter_that_was_not_shown_is_not_said_to_be_absent(examine: Examine, facts: Facts) -> None:
    """Where the answer does not say whether addresses are filtered, nothing is claimed."""
    found = outcome(examine(GOOGLE, writer=Writing(), facts={Setting.NETWORK: facts}), "admit-network")

    assert found.status is Status.UNKNOWN
    assert facts.get("shown_to", "") in found.message
    assert [one.action for one in found.candidates[0].missing] == [facts[name] for name in facts if name == "shown_to"]


def test_a_filter_that_lets_one_family_in_is_open(examine: Examine) -> None:
    """Every IPv4 address is let in: whether Stream writes from one is not known, and no failure is claimed."""
    facts = {"default": "deny", "rules": ["0.0.0.0/0"], "open_to": ["IPv4"]}
    found = outcome(examine(GOOGLE, writer=Writing(), facts={Setting.NETWORK: facts}), "admit-network")

    assert found.status is Status.UNKNOWN
    assert "IPv4" in found.message
    assert found.candidates[0].cause is Cause.NETWORK_DENIED


def test_a_firewall_of_another_cloud_is_judged_alike(examine: Examine) -> None:
    """Google's address filter and Azure's firewall arrive as the same facts."""
    facts = {Setting.NETWORK: {"default": "deny", "rules": []}}
    report = examine(GOOGLE, writer=Writing(), facts=facts)

    assert (outcome(report, "admit-network").status, report.verdict) == (Status.FAIL, Verdict.NOT_READY)


@pytest.mark.parametrize(
    ("ownership", "status"),
    [
        ("BucketOwnerEnforced", Status.PASS),
        ("BucketOwnerPreferred", Status.FAIL),  # helps only writers that send an ACL, and Stream sends none
        ("ObjectWriter", Status.FAIL),
    ],
)
def test_whose_the_recordings_would_be(examine: Examine, ownership: str, status: Status) -> None:
    """Written by Stream's account, only an enforced ownership makes them the customer's."""
    facts = {Setting.OWNERSHIP: {"ownership": ownership}}

    assert outcome(examine(KEYLESS, facts=facts), "own-objects").status is status
    assert outcome(examine(KEYED, writer=Writing(), facts=facts), "own-objects").status is Status.SKIP


@pytest.mark.parametrize(
    ("check", "permission"),
    [
        ("stay-private", "s3:GetBucketPublicAccessBlock"),
        ("release-test-objects", "s3:GetBucketObjectLockConfiguration"),
        ("expire-unfinished-uploads", "s3:GetLifecycleConfiguration"),
        ("own-objects", "s3:GetBucketOwnershipControls"),
    ],
)
def test_what_may_not_be_read_is_unknown_with_the_permission(examine: Examine, check: str, permission: str) -> None:
    """An inspector without rights makes nothing red and nothing green, and is told what to ask for."""
    found = outcome(examine(KEYLESS, facts={}), check)

    assert found.status is Status.UNKNOWN
    assert [one.action for one in found.candidates[0].missing] == [permission]
    assert permission in found.message


def test_settings_nobody_looked_at_hold_nothing_up(examine: Examine) -> None:
    """Without an inspector the settings are skipped with the reason, and a storage that writes is ready."""
    report = examine(KEYED, writer=Writing())
    skipped = {one.check: one.reason for one in report.storages[0].outcomes if one.status is Status.SKIP}

    assert report.verdict is Verdict.READY
    assert {"stay-private", "release-test-objects", "need-no-payer", "match-policy", "use-encryption-key"} <= set(
        skipped
    )
    assert all(skipped[name] for name in skipped)


def test_an_inspector_never_makes_a_red_storage_green(examine: Examine) -> None:
    """Perfect settings beside a refused write change nothing."""
    facts: dict[Setting, Facts] = {
        Setting.PUBLIC_ACCESS: {"blocks": dict.fromkeys(BLOCKS, True)},
        Setting.RETENTION: {"locked": False},
        Setting.NETWORK: {"default": "allow"},
    }

    assert examine(KEYED, writer=Writing(writes=False), facts=facts).verdict is Verdict.NOT_READY


@pytest.mark.parametrize(
    "left_out", [Setting.POLICY, Setting.OWNERSHIP, Setting.ENCRYPTION, Setting.PAYER, Setting.RETENTION]
)
def test_a_keyless_storage_takes_all_of_its_proof(examine: Examine, left_out: Setting) -> None:
    """Policy, ownership, encryption, payer and lock: where one may not be read, the storage is undetermined."""
    stream = {"AWS": "arn:aws:iam::185583345998:root"}
    grant = {
        "Effect": "Allow",
        "Principal": stream,
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::my-recordings/*",
    }
    facts: dict[Setting, Facts] = {
        Setting.POLICY: {"document": {"Version": "2012-10-17", "Statement": [grant]}},
        Setting.OWNERSHIP: {"ownership": "BucketOwnerEnforced"},
        Setting.ENCRYPTION: {"algorithm": "AES256", "key": None, "customer_key": False},
        Setting.PAYER: {"requester_pays": False},
        Setting.RETENTION: {"locked": False, "mode": None, "days": None},
    }
    whole = examine(KEYLESS, facts=facts, real_documents=True)
    lacking = examine(
        KEYLESS, facts={name: one for name, one in facts.items() if name != left_out}, real_documents=True
    )

    assert (whole.verdict, lacking.verdict) == (Verdict.READY, Verdict.UNDETERMINED)


def test_notes_never_hold_a_storage_up(examine: Examine) -> None:
    """Advice is advice: a lock and missing lifecycle rules leave a storage that writes ready."""
    facts: dict[Setting, Facts] = {
        Setting.LIFECYCLE: {"aborts_uploads_after_days": None},
        Setting.PUBLIC_ACCESS: {"blocks": {"x": False}},
    }
    report = examine(KEYED, writer=Writing(), facts=facts)
    failed = [one.severity for one in report.storages[0].outcomes if one.status is Status.FAIL]

    assert (report.verdict, sorted(failed)) == (Verdict.READY, [Severity.NOTE, Severity.WARNING])


@pytest.mark.parametrize(("region", "status"), [("eu-central-1", Status.PASS), ("eu-west-1", Status.FAIL)])
def test_the_inspector_sees_the_region_where_nobody_can_write(examine: Examine, region: str, status: Status) -> None:
    """A keyless storage with the wrong region would be refused at the first recording."""
    found = outcome(examine(KEYLESS, facts={Setting.LOCATION: {"region": region}}), "match-region")

    assert found.status is status
    if status is Status.FAIL:
        assert (found.candidates[0].cause, found.candidates[0].expected) == (Cause.REGION_WRONG, region)


@pytest.mark.parametrize("message", ["Unable to locate credentials", "The config profile (nosuch) could not be found"])
def test_an_inspector_who_is_not_logged_in_is_no_fault_of_the_writer(examine: Examine, message: str) -> None:
    """The write passes with the configured key: nobody is told to replace it because the operator has none."""
    refusal = Refusal(provider="s3", stage="config", code="NoCredentialsError", message=message)
    locked_out = Reply(code="NoCredentialsError", message=message, refusal=refusal)
    report = examine(KEYED, writer=Writing(), facts={}, otherwise=locked_out)

    told = outcome(report, "stay-private")
    assert told.status is Status.UNKNOWN
    assert message in told.message
    assert [(candidate.field, candidate.location) for candidate in told.candidates] == [(None, None)]
    assert told.remedy is not None
    assert (told.remedy.owner, told.remedy.commands) == (Owner.CALLER, ("aws configure",))
