"""What a live check says of a writer that holds more than its data actions show."""

from dataclasses import replace

import pytest

from preflight.cli.demo import at_home, examine
from preflight.model import Outcome, Status, Verdict
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge
from tests.checks.conftest import outcome


def held_beside(role: str, *, shared_key: bool = True) -> Outcome:
    """What is said of a writer who holds a role over the whole account, beside the one that writes."""
    scenario = load("abs/proven-twice")
    ruler = {"role": role, "principal": "stream-writer", "scope": "contosorecordings"}
    changes = {"assignments": {"ruler": ruler}, "accounts": {"contosorecordings": {"shared_key": shared_key}}}
    with Sandbox(replace(scenario, world=merge(scenario.world, changes))) as box, at_home([box]):
        report = examine(box)
    assert report.verdict is Verdict.READY
    return outcome(report, "hold-permissions")


@pytest.mark.parametrize("role", ["Owner", "Contributor", "Storage Account Contributor"])
def test_who_may_read_the_key_holds_more_than_its_data_actions(role: str) -> None:
    """Reading and deleting are refused to the service principal, and open to it by the account's key."""
    found = held_beside(role)
    assert found.status is Status.FAIL
    assert "listKeys" in found.message


def test_a_reader_of_settings_holds_nothing_that_counts() -> None:
    """Nor does a key count that the account does not take."""
    assert held_beside("Reader").status is Status.PASS
    assert held_beside("Storage Account Key Operator Service Role", shared_key=False).status is Status.PASS
