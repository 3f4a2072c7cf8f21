"""A bucket that keeps what is deleted: a test object that is gone for everybody is not gone for its owner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from preflight.cli.demo import at_home, examine
from preflight.model import Report, Status
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge
from tests.checks.conftest import outcome

ADMIN = {
    "role": "roles/storage.objectAdmin",
    "members": ["serviceAccount:stream-writer@my-project.iam.gserviceaccount.com"],
}


def run(soft_delete: Mapping[str, Any], name: str = "gcs/proven-twice") -> tuple[Report, list[str]]:
    """The report on a bucket where the writer may delete, and what is stored in it afterwards."""
    table = {
        "policy": json.dumps({"version": 1, "bindings": [ADMIN]}),
        "resource": {"softDeletePolicy": soft_delete} if soft_delete else {},
    }
    scenario = load(name)
    world = merge(scenario.world, {"buckets": {"my-recordings": table}})
    with Sandbox(replace(scenario, world=world)) as box, at_home([box]):
        return examine(box), list(box.world.stored())


def test_what_soft_delete_keeps_is_left_behind() -> None:
    """Both test objects were deleted, and are there until the bucket's policy lets go of them."""
    report, stored = run({"retentionDurationSeconds": "604800", "effectiveTime": "2026-01-15T10:00:00Z"})

    until = datetime.now(UTC) + timedelta(days=7)
    left = report.storages[0].residue
    assert (stored, len(left)) == ([], 2)
    assert all("soft delete" in one.note and f"{until:%Y-%m-%d}" in one.note for one in left)
    found = outcome(report, "release-test-objects")
    assert found.status is Status.PASS
    assert "7 days" in found.message


@pytest.mark.parametrize("soft_delete", [{}, {"retentionDurationSeconds": "0"}], ids=["none", "switched off"])
def test_without_soft_delete_nothing_is_left(soft_delete: Mapping[str, Any]) -> None:
    """A deleted object is gone."""
    report, stored = run(soft_delete)

    assert (stored, report.storages[0].residue) == ([], ())
    assert outcome(report, "release-test-objects").message == "nothing is kept by default"
