"""Every format against the description that its makers publish, by a validator that is not ours."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from preflight import reports
from preflight.model import Report
from preflight.reports import Look
from preflight.reports._schema import json_schema
from tests.reports import sample
from tests.reports.published import junit_schema, sarif_tool, validate_sarif
from tests.reports.test_every_format import HOSTILE

__all__ = ["junit_schema", "sarif_tool"]  # fixtures

OF_NO_CAUSE = replace(sample.OPEN, message="refused in words that nobody knows", candidates=())
UNEXPLAINED = replace(sample.REPORT, storages=(replace(sample.BAD, outcomes=(OF_NO_CAUSE,)),), outcomes=())
REPORTS = {"rich": sample.REPORT, "ready": sample.READY, "of no cause": UNEXPLAINED} | {
    kind: sample.spoiled(text) for kind, text in HOSTILE.items() if kind != "long"
}
reports_of_all_kinds = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def _read(name: str, report: Report) -> str:
    return reports.reader(name)(report, Look())


@reports_of_all_kinds
def test_json_is_what_its_schema_says(report: Report) -> None:
    """Programs may rely on `preflight schema report`."""
    schema = json_schema()
    Draft202012Validator.check_schema(schema)

    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        json.loads(_read("json", report))
    )


def test_the_schema_of_the_report_refuses() -> None:
    """A schema that lets everything pass would prove nothing."""
    found = json.loads(_read("json", sample.REPORT))
    found["storages"][0]["outcomes"][0]["status"] = "fine"

    assert not Draft202012Validator(json_schema()).is_valid(found)


@reports_of_all_kinds
def test_json_lines_are_json_and_end_with_the_verdict(report: Report) -> None:
    """Each line can be read by itself; the last one tells that nothing is missing."""
    events = [json.loads(line) for line in _read("jsonl", report).splitlines()]

    assert {event["schema"] for event in events} == {"preflight.event/1"}
    assert events[-1]["verdict"]["exit_code"] == report.exit_code
    kinds = [event["event"] for event in events]
    assert kinds.count("outcome") == len(report.outcomes) + sum(len(one.outcomes) for one in report.storages)


@reports_of_all_kinds
def test_sarif_is_sarif(report: Report, sarif_tool: Path) -> None:
    """The document is SARIF 2.1.0, by the schema of OASIS."""
    schema = json.loads((sarif_tool / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))

    Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).validate(json.loads(_read("sarif", report)))


@reports_of_all_kinds
def test_the_makers_of_sarif_have_nothing_against_it(report: Report, sarif_tool: Path, tmp_path: Path) -> None:
    """Microsoft's validator knows what the schema cannot say, and what GitHub's code scanning asks for."""
    file = tmp_path / "report.sarif"
    file.write_text(_read("sarif", report), encoding="utf-8")

    told = [line for line in validate_sarif(sarif_tool, file) if "informationUri" not in line]  # we have no home page

    assert told == []


@reports_of_all_kinds
def test_junit_is_junit(report: Report, junit_schema: Any) -> None:
    """Jenkins reads it, by its own XSD."""
    from lxml import etree

    document = etree.fromstring(_read("junit", report).encode())

    assert junit_schema.validate(document), junit_schema.error_log


@reports_of_all_kinds
def test_gitlab_is_code_quality(report: Report) -> None:
    """What GitLab's documentation asks of an issue: one list, four fields, a path below the root, a known severity."""
    issues = json.loads(_read("gitlab", report))

    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= issue.keys()
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert isinstance(issue["location"]["lines"]["begin"], int)
        assert not issue["location"]["path"].startswith(("./", "<"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
