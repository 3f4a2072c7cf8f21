"""The demonstration: every scenario ends as it says, through the real check and the real SDKs."""

import functools
import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from preflight.cli.demo import as_expected, at_home, examine
from preflight.model import Report, Verdict
from preflight.sandbox import Sandbox, load, scenarios

ALL = [scenario.name for scenario in scenarios()]
S3 = [name for name in ALL if name.startswith("s3/")]


@functools.cache
def _run(name: str) -> tuple[Report, frozenset[str]]:
    """The report of one scenario, and the addresses of all objects that it had written to."""
    with Sandbox(name) as box, at_home([box]):
        report = examine(box)
        puts = [request.path for service, request in box.world.served if service == "s3" and request.method == "PUT"]
    return report, frozenset("s3:/" + path for path in puts)


@pytest.mark.parametrize("name", ALL)
def test_a_scenario_ends_as_it_says(name: str) -> None:
    """Verdict, check and cause are those that the scenario's own document expects."""
    report, _ = _run(name)
    found = [
        (outcome.check, str(outcome.status), [str(candidate.cause) for candidate in outcome.candidates])
        for storage in report.storages
        for outcome in storage.outcomes
        if outcome.candidates
    ]
    assert as_expected(report, load(name).expect), (report.verdict, found)


@pytest.mark.parametrize("name", S3)
def test_what_a_scenario_leaves_is_in_its_report(name: str) -> None:
    """What was stored is named as left behind, unless the writer could delete it; nothing else is."""
    report, written = _run(name)
    left = {residue.address.partition("?uploadId=")[0] for storage in report.storages for residue in storage.residue}
    assert left <= written
    if report.verdict is Verdict.READY and name != "s3/over-granted":
        assert left == written


def _demo(environment: Mapping[str, str], *names: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "preflight", "demo", *names]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_demo_shows_a_healthy_storage_first_and_ends_well(environment: dict[str, str]) -> None:
    """Without a name: a healthy storage beside some with one thing wrong each, and exit 0."""
    shown = _demo(environment)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    verdicts = re.findall(r"^(READY|NOT READY|UNDETERMINED)", shown.stdout, re.MULTILINE)
    assert verdicts[0] == "READY"
    assert verdicts.count("NOT READY") >= 3
    assert "NOT as expected" not in shown.stdout
    assert shown.stderr == ""


def test_the_demo_needs_no_way_past_loopback(environment: dict[str, str]) -> None:
    """A proxy in the environment, even a dead one, does not come between."""
    dead = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    shown = _demo({**environment, **dead}, "s3/healthy")
    assert shown.returncode == 0, shown.stdout + shown.stderr


def test_an_unknown_scenario_is_a_usage_error(environment: dict[str, str]) -> None:
    """A typo is exit 2 with a name that exists."""
    shown = _demo(environment, "s3/helthy")
    assert shown.returncode == 2
    assert "s3/healthy" in shown.stderr


def test_no_secret_of_a_scenario_is_shown(environment: dict[str, str]) -> None:
    """Made-up secrets are secrets: the demo prints none, however much it is asked to say."""
    shown = _demo(environment, "-v", "-v", "s3/healthy", "s3/wrong-secret")
    for name in ("s3/healthy", "s3/wrong-secret"):
        assert load(name).environ["S3_SECRET"] not in shown.stdout + shown.stderr
