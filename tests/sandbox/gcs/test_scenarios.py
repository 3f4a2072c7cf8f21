"""Every scenario of Google's ends as it must, through the real libraries and the whole plan of checks."""

from pathlib import Path

import pytest

from preflight import config, run
from preflight.model import Status, Verdict
from preflight.providers import Reach
from preflight.sandbox import Sandbox, scenarios

NAMES = [scenario.name for scenario in scenarios() if scenario.cloud == "gcs"]


def test_there_are_enough_of_them() -> None:
    """At least twelve things that can be wrong have a scenario."""
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_one_right_outcome(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict is the scenario's, and its one check names its one cause first."""
    with Sandbox(name) as box:
        if "GOOGLE_APPLICATION_CREDENTIALS" in box.environ:
            monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", box.environ["GOOGLE_APPLICATION_CREDENTIALS"])
        reach = Reach(timeout=5, endpoints=box.endpoints, inspect=box.scenario.inspect)
        file = tmp_path / "storages.yaml"
        file.write_text(box.configuration)
        configuration = config.load([str(file)], environ=box.environ)
        report = run.check(configuration, run.Plan(reach=reach))
    expect, outcomes = box.scenario.expect, report.storages[0].outcomes
    assert report.verdict is expect.verdict
    found = {Status.FAIL} if box.scenario.inspect else {Status.FAIL, Status.UNKNOWN}  # some settings stay unread
    failed = {o.check: o.candidates[0].cause for o in outcomes if o.status in found and o.candidates}
    if expect.check is None:
        assert failed == {}
    else:
        assert failed[expect.check] is expect.cause
    if expect.verdict is Verdict.NOT_READY:
        assert set(failed) == {expect.check}, "one fault has one finding"
    assert [outcome.message for outcome in outcomes if outcome.crashed] == []
