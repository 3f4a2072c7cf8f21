"""Under every fault on every server the verdict is right, the deadline is kept, and nothing is lost or leaked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.matrix import Row, cases, examine, table
from tests.faults.targets import Target, on_azurite, on_gcs_emulator, on_radosgw, on_rclone

__all__ = ["on_azurite", "on_gcs_emulator", "on_radosgw", "on_rclone"]  # fixtures

SERVERS = ["radosgw", "rclone", "azurite", "gcs_emulator"]


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    """All rows of this run; the table of them is printed at its end (shown with `-s`)."""
    collected: list[Row] = []
    yield collected
    print(f"\n{table(collected)}")  # noqa: T201 - the table is what is wanted


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Target:
    found: Target = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.mark.parametrize("target", SERVERS, indirect=True)
def test_no_fault_makes_it_lie_leak_litter_or_hang(target: Target, rows: list[Row]) -> None:
    """Never `ready` unless an object is known to exist, never `not-ready` for a fault of the way, no trace lost."""
    found = [examine(target, case, number) for number, case in enumerate(cases(target.steps))]
    rows += found
    assert [row for row in found if row.wrong] == []


@pytest.mark.parametrize("target", SERVERS, indirect=True)
def test_a_single_lost_answer_does_not_cost_the_verdict(target: Target) -> None:
    """What is safe to repeat is repeated: a create whose answer was lost is a success, for it exists already."""
    create = target.steps[0]
    single = [case for case in cases([create]) if case.once and case.fault.startswith("reset")]
    found = [examine(target, case, 1000 + number, patience=10) for number, case in enumerate(single)]
    assert [row.verdict for row in found] == ["ready", "ready"]
