"""A bucket that would keep a test object: none is stored, and the credential is tried all the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from preflight.checks import drawer
from preflight.cli.demo import at_home, examine
from preflight.model import Cause, Identity, Report, Setting, Status, Verdict
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge
from tests.checks.conftest import Looking, outcome
from tests.providers.contract.stores import Memory, memory_session

KEEPS: Mapping[str, Mapping[str, Any]] = {
    "s3": {"buckets": {"my-recordings": {"settings": {"lock": {"mode": "COMPLIANCE", "days": 1}}}}},
    "gcs": {"buckets": {"my-recordings": {"resource": {"retentionPolicy": {"retentionPeriod": "86400"}}}}},
    "abs": {"accounts": {"contosorecordings": {"containers": {"recordings": {"immutable_days": 7}}}}},
}
ADMIN = {
    "role": "roles/storage.objectAdmin",
    "members": ["serviceAccount:stream-writer@my-project.iam.gserviceaccount.com"],
}


def locked(cloud: str, other: str = "proven-twice") -> tuple[Report, list[str]]:
    """The report on a locked bucket whose documents allow every write, and what was stored in it."""
    proven, fault = load(f"{cloud}/proven-twice"), load(f"{cloud}/{other}")
    world = merge(merge(proven.world, fault.world), KEEPS[cloud])
    scenario = replace(proven, world=world, environ={**proven.environ, **fault.environ})
    with Sandbox(scenario) as box, at_home([box]):
        return examine(box), list(box.world.stored())


@pytest.mark.parametrize("cloud", KEEPS)
def test_where_nothing_may_be_stored_the_credential_is_tried(cloud: str) -> None:
    """The credential is asked to authorise; that, with documents, is no write: open, with what would close it."""
    report, stored = locked(cloud)

    assert (report.verdict, report.storages[0].residue, stored) == (Verdict.UNDETERMINED, (), [])
    assert outcome(report, "accept-credential").status is Status.PASS
    for check in ("write-object", "write-multipart"):
        assert outcome(report, check).status is Status.UNKNOWN
        assert "--allow-locked-residue" in outcome(report, check).message
    assert outcome(report, "match-policy").status is Status.PASS


@pytest.mark.parametrize(
    ("cloud", "fault"),
    [("s3", "wrong-secret"), ("gcs", "revoked-key"), ("gcs", "unknown-account"), ("abs", "wrong-secret")],
)
def test_a_credential_that_is_refused_is_found_in_a_locked_bucket(cloud: str, fault: str) -> None:
    """Documents know nothing of a revoked key or a wrong secret: only the provider's own answer tells."""
    report, stored = locked(cloud, fault)

    assert (report.verdict, stored) == (Verdict.NOT_READY, [])
    assert outcome(report, "accept-credential").status is Status.FAIL


@pytest.mark.parametrize("cloud", KEEPS)
def test_what_was_not_asked_for_is_not_named_as_the_reason(cloud: str) -> None:
    """Nobody gave --no-residue: why nothing is there to read or delete is that the bucket would keep it."""
    report, _ = locked(cloud)

    for check in ("withhold-read", "withhold-delete"):
        found = outcome(report, check)
        assert found.status is Status.SKIP
        assert "keeps every new object" in found.reason


MAY_DELETE: Mapping[str, Mapping[str, Any]] = {
    "gcs": {"buckets": {"my-recordings": {"policy": json.dumps({"version": 1, "bindings": [ADMIN]})}}},
    "abs": {"assignments": {"writer": {"role": "Storage Blob Data Contributor"}}},
}


@pytest.mark.parametrize("cloud", MAY_DELETE)
def test_a_lock_does_not_tell_who_may_delete(cloud: str) -> None:
    """The right to delete is granted, and a new object stays all the same: no least privilege, but an open question."""
    scenario = load({"gcs": "gcs/locked", "abs": "abs/immutable"}[cloud])
    with Sandbox(replace(scenario, world=merge(scenario.world, MAY_DELETE[cloud]))) as box, at_home([box]):
        report = examine(box)

    found = outcome(report, "withhold-delete")
    assert found.status is Status.UNKNOWN
    assert found.candidates[0].cause is Cause.OBJECT_LOCKED
    assert report.verdict is Verdict.READY


@pytest.mark.parametrize("dry", [False, True])
def test_a_key_is_proven_by_a_write_alone(*, dry: bool) -> None:
    """A write that was only authorised may never have come as far as the key: no "writes went through" then."""
    check, session = drawer()["use-encryption-key"], memory_session(Memory())
    session.dry = dry
    session.admit(Identity.INSPECTOR, Looking({Setting.ENCRYPTION: {"customer_key": True, "key": "key/1234"}}))

    assert check.examine(check, session).status is (Status.SKIP if dry else Status.PASS)
