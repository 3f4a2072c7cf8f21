"""Waivers: shown in every format, counted nowhere, in force until their last day, and never able to hide a waiver."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from preflight import reports, verdict
from preflight.cli import run
from preflight.config import Configuration, json_schema, load
from preflight.model import Cause, Outcome, Report, Severity, Status, Storage, Verdict, Waiver
from preflight.reports import Look
from preflight.run import Plan, check
from preflight.waivers import waive

STORAGE = Storage(name="s", storage_type="s3")
FILE = """\
storages:
  - name: test-s3
    storage_type: s3
    bucket: my-recordings
    path: recordings/
    aws_s3:
      s3_region: eu_central_1
      s3_api_key: AKIAIOSFODNN7EXAMPLE
      s3_secret: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
waive:
"""
WAIVED = {"check": "shape-region", "storage": "test-*", "reason": "the importer mends it", "expires": "2999-12-31"}


def _loaded(tmp_path: Path, *waivers: object) -> Configuration:
    file = tmp_path / "storages.yaml"
    file.write_text(FILE + "".join(f"  - {json.dumps(waiver)}\n" for waiver in waivers), encoding="utf-8")
    return load([str(file)])


def _linted(tmp_path: Path, *waivers: object, **plan: Any) -> Report:
    return check(_loaded(tmp_path, *waivers), Plan(offline=True, **plan))


def _outcome(report: Report, name: str) -> Outcome:
    outcomes = [outcome for storage in report.storages for outcome in storage.outcomes] + list(report.outcomes)
    return next(outcome for outcome in outcomes if outcome.check == name)


def test_a_waived_failure_does_not_count(tmp_path: Path) -> None:
    """The finding is still a failure, and the run is green."""
    assert _linted(tmp_path).exit_code == 1

    report = _linted(tmp_path, WAIVED)

    assert _outcome(report, "shape-region").status is Status.FAIL
    assert _outcome(report, "shape-region").waived is not None
    assert (report.verdict, report.exit_code) == (Verdict.READY, 0)


@pytest.mark.parametrize("name", reports.formats())
def test_a_waiver_is_shown_in_every_format(name: str, tmp_path: Path) -> None:
    """Reason and last day stand beside the finding, whoever reads."""
    text = " ".join(reports.reader(name)(_linted(tmp_path, WAIVED), Look()).split())

    assert "the importer mends it" in text
    assert "2999-12-31" in text
    assert "shape-region" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"storage": "prod-*"},
        {"check": "shape-bucket"},
        {"cause": "endpoint-wrong"},
    ],
    ids=["another storage", "another check", "another cause"],
)
def test_a_waiver_holds_for_what_it_names_only(changes: dict[str, str], tmp_path: Path) -> None:
    """Nothing else is waived along with it."""
    report = _linted(tmp_path, {**WAIVED, **changes})

    assert _outcome(report, "shape-region").waived is None
    assert report.exit_code == 1


def test_a_waiver_of_the_cause_holds_for_it(tmp_path: Path) -> None:
    """A cause narrows a waiver down to the finding that was looked at."""
    assert _linted(tmp_path, {**WAIVED, "cause": "region-wrong"}).exit_code == 0


@pytest.mark.parametrize(("days", "exit_code"), [(-1, 1), (0, 0), (1, 0)])
def test_a_waiver_ends_with_its_last_day(days: int, exit_code: int, tmp_path: Path) -> None:
    """On the day itself it holds; a day later it is a finding of its own, and what it waived counts again."""
    today = None
    while today != datetime.now(UTC).date():  # a run that midnight falls into is made again
        today = datetime.now(UTC).date()
        report = _linted(tmp_path, {**WAIVED, "expires": str(today + timedelta(days))})

    assert report.exit_code == exit_code
    assert (_outcome(report, "honour-waivers").status is Status.FAIL) == (days < 0)
    assert (_outcome(report, "shape-region").waived is None) == (days < 0)


BROKEN = {
    "no reason": ({"check": "shape-region", "expires": "2999-12-31"}, "lacks reason"),
    "an empty reason": ({**WAIVED, "reason": " "}, "reason"),
    "an empty cause": ({**WAIVED, "cause": ""}, "cause of a waiver is empty"),
    "a blank cause": ({**WAIVED, "cause": " "}, "cause of a waiver is empty"),
    "a cause left out after its colon": ({**WAIVED, "cause": None}, "cause of a waiver is empty"),
    "an empty storage": ({**WAIVED, "storage": ""}, "storage of a waiver is empty"),
    "no end": ({"check": "shape-region", "reason": "x"}, "lacks expires"),
    "no day": ({**WAIVED, "expires": "soon"}, "no day"),
    "a misspelt field": ({**WAIVED, "reasn": "x"}, "did you mean reason?"),
    "a misspelt check": ({**WAIVED, "check": "shape-regoin"}, "did you mean shape-region?"),
    "a cause that there is not": ({**WAIVED, "cause": "region-worng"}, "did you mean region-wrong?"),
    "a text": ("shape-region", "not a table"),
    "itself": ({**WAIVED, "check": "honour-waivers"}, "cannot be waived"),
}


@pytest.mark.parametrize("check", ["honour-waivers", "honour-waiver"])
def test_what_cannot_be_waived_is_never_what_was_meant(check: str, tmp_path: Path) -> None:
    """Neither the sentence nor the fix proposes the one check that no waiver is for."""
    outcome = _outcome(_linted(tmp_path, {**WAIVED, "check": check}), "honour-waivers")

    assert "did you mean honour-waivers" not in outcome.message
    assert outcome.remedy
    assert outcome.remedy.summary != "write honour-waivers"


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_waiver_is_a_finding_with_its_place(kind: str, tmp_path: Path) -> None:
    """What is wrong with a waiver is told with its line, and it waives nothing."""
    waiver, said = BROKEN[kind]
    report = _linted(tmp_path, waiver)
    outcome = _outcome(report, "honour-waivers")

    assert outcome.status is Status.FAIL
    assert said in outcome.message
    assert outcome.candidates[0].location is not None
    assert outcome.candidates[0].location.line == FILE.count("\n") + 1
    assert report.exit_code == 1


def test_the_waived_write_proves_nothing() -> None:
    """Where nothing essential is left to pass, a waiver makes no storage ready."""
    failed = Outcome(
        check="write-object",
        title="",
        status=Status.FAIL,
        severity=Severity.ERROR,
        essential=True,
        waived=Waiver(check="write-object", reason="x", expires="2999-12-31"),
    )

    assert verdict.of([failed]) is Verdict.UNDETERMINED


@pytest.mark.parametrize("status", [Status.PASS, Status.SKIP, Status.UNKNOWN])
def test_only_failures_can_be_waived(status: Status) -> None:
    """What is open stays open: nobody can know what he would accept."""
    outcome = Outcome(check="a", title="", status=status, severity=Severity.ERROR)

    assert waive(outcome, STORAGE, [Waiver(check="a", reason="x", expires="2999-12-31")]).waived is None


def test_a_warning_can_be_waived_from_a_strict_gate() -> None:
    """`--fail-on warning` counts no waived warning."""
    outcome = Outcome(check="a", title="", status=Status.FAIL, severity=Severity.WARNING)
    passed = Outcome(check="b", title="", status=Status.PASS, severity=Severity.ERROR, essential=True)
    waived = waive(outcome, STORAGE, [Waiver(check="a", reason="x", expires="2999-12-31")])

    assert verdict.of([outcome, passed], Severity.WARNING) is Verdict.NOT_READY
    assert verdict.of([waived, passed], Severity.WARNING) is Verdict.READY


def test_the_schema_of_configurations_knows_waivers() -> None:
    """An editor completes the fields of a waiver, and marks one that lacks its end."""
    validator = Draft202012Validator(json_schema())

    assert validator.is_valid({"waive": [WAIVED]})
    assert not validator.is_valid({"waive": [{"check": "a", "reason": "b"}]})
    assert not validator.is_valid({"waive": [{**WAIVED, "reasn": "b"}]})


def test_a_waiver_can_be_read_in_an_excerpt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line that is shown shows its words: they are no secret."""
    _loaded(tmp_path, {**WAIVED, "expires": str(date(2020, 1, 1))})
    run(["lint", str(tmp_path / "storages.yaml")])

    assert "2020-01-01" in capsys.readouterr().out


def test_every_cause_can_be_waived() -> None:
    """The causes of a waiver are the causes that there are."""
    outcome = Outcome(check="a", title="", status=Status.FAIL, severity=Severity.ERROR)

    assert [
        cause
        for cause in Cause
        if waive(outcome, STORAGE, [Waiver(check="a", cause=cause, reason="", expires="")]).waived
    ] == []


def test_a_waiver_holds_in_its_own_file_only(tmp_path: Path) -> None:
    """What one team accepts in its file is not accepted for another team's storage of a like name."""
    mine, theirs = tmp_path / "mine.yaml", tmp_path / "theirs.yaml"
    waiver = WAIVED | {"storage": "*"}
    mine.write_text(FILE + f"  - {json.dumps(waiver)}\n", encoding="utf-8")
    theirs.write_text(FILE.removesuffix("waive:\n"), encoding="utf-8")

    report = check(load([str(mine), str(theirs)]), Plan(offline=True))

    waived = {storage.storage.origin.file: _shape(storage.outcomes).waived for storage in report.storages}
    assert [bool(waived[str(file)]) for file in (mine, theirs)] == [True, False]
    assert report.exit_code == 1


def _shape(outcomes: tuple[Outcome, ...]) -> Outcome:
    return next(outcome for outcome in outcomes if outcome.check == "shape-region")
