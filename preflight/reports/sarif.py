"""The report as SARIF 2.1.0, for code scanning: each finding on the line that declares what is wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from preflight.model import Cause, Location, Report, Severity, Status
from preflight.reports import Look, _findings, _plain
from preflight.reports._findings import Finding, Level, Part
from preflight.reports._text import tame

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "preflightFinding/v2"

Plain = dict[str, Any]


def read(report: Report, look: Look) -> str:
    """One run. What failed or is open becomes a result; what passed is counted in the run's properties.

    SARIF has no level for anything but a failure (section 3.27.10), so what is open is of kind `open`, level `none`.
    """
    del look
    found = _findings.findings(report)
    rules = {finding.name: finding for finding in found}  # one rule for each kind of finding
    numbers = {name: number for number, name in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "preflight",
                "version": report.version,
                "semanticVersion": report.version,
                "rules": [_rule(finding) for finding in rules.values()],
            }
        },
        "automationDetails": {"id": "preflight/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, numbers[finding.name]) for finding in found],
        "properties": _properties(report),
    }
    return _plain.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(finding: Finding) -> Plain:
    """The rule of a kind of finding: its name, the page that explains it; without a cause, the claim itself."""
    outcome = finding.outcome
    claim, told = tame(outcome.title), _plain.see(outcome)
    rule: Plain = {
        "id": finding.name,
        "name": "".join(word.capitalize() for word in finding.name.replace("/", "-").split("-")),
        "shortDescription": {"text": claim},
        "fullDescription": {"text": f"Refuted, or left open by the evidence: {claim}."},
        "help": {"text": told, "markdown": f"`{told}`"},
        "defaultConfiguration": {"level": outcome.severity.value},
        "properties": {"tags": ["storage", outcome.check]},
    }
    if finding.first:
        from preflight.causes import page

        found = page(Cause(finding.first.cause))
        rule["shortDescription"] = {"text": found.title}
        rule["fullDescription"] = {"text": found.means}
        rule["help"] = {"text": told, "markdown": found.text}
        rule["properties"]["tags"].append(finding.first.cause.value)
    return rule


def _result(finding: Finding, rule: int) -> Plain:
    level = finding.level
    about = finding.storage.storage if finding.storage else None
    result: Plain = {
        "ruleId": finding.name,
        "ruleIndex": rule,
        "kind": "open" if level is Level.OPEN else "fail",
        "level": "none" if level is Level.OPEN else level.value,
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {"storage": about.name if about else None, "outcome": _plain.outcome(finding.outcome)},
    }
    if finding.outcome.waived:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": _findings.waiver(finding.outcome.waived)}
        ]
    return result


def _message(finding: Finding) -> str:
    lines = [f"{finding.about}: {finding.outcome.title}" if finding.about else finding.outcome.title]
    lines += [f"{part}: {text}" if part else text for part, text in finding.told() if part is not Part.EVIDENCE]
    return tame("\n".join(lines))


def _location(finding: Finding) -> Plain:
    place = finding.location
    found: Plain = {"logicalLocations": [{"name": tame(finding.about) or "files", "kind": "resource"}]}
    if place.file:
        region = {"startLine": max(place.line, 1), "startColumn": max(place.column, 1)}
        region["endColumn"] = region["startColumn"] + place.width
        found["physicalLocation"] = {"artifactLocation": _artifact(place), "region": region}
    return found


def _artifact(place: Location) -> Plain:
    """The file as a URI: relative ones are below the root of the checkout."""
    path = PurePath(place.file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix(), safe="/", errors="replace"), "uriBaseId": "%SRCROOT%"}


def _invocation(report: Report) -> Plain:
    return {
        "executionSuccessful": not any(outcome.crashed for outcome in _findings.outcomes(report)),
        "exitCode": report.exit_code,
        "startTimeUtc": _utc(report.started),
        "endTimeUtc": _utc(report.finished),
    }


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _properties(report: Report) -> Plain:
    outcomes = _findings.outcomes(report)
    return {
        "verdict": report.verdict.value,
        "failOn": Severity(report.fail_on).value,
        "counts": {status.value: sum(one.status is status for one in outcomes) for status in Status},
        "storages": [
            {"name": one.storage.name, "verdict": one.verdict.value, "writer": one.writer.principal}
            for one in report.storages
        ],
        "assumptions": list(_findings.assumptions(report)),
        "residue": [_plain.residue(one) for one in _findings.residue(report)],
    }
