"""The report as GitLab's code quality: one issue per finding, on the line that declares what is wrong."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any

from preflight.model import Location, Report, Residue, StorageReport
from preflight.reports import Look, _findings, _plain, markdown
from preflight.reports._findings import Finding, Level
from preflight.reports._text import one_line

Plain = dict[str, Any]

_SEVERITIES = {Level.ERROR: "critical", Level.OPEN: "major", Level.WARNING: "minor", Level.NOTE: "info"}


def read(report: Report, look: Look) -> str:
    """A list of issues; GitLab shows the description, `content` has everything that is known.

    What was left behind is an issue, too: this format has no other place for it.
    """
    del look
    issues = [_issue(finding) for finding in _findings.findings(report)]
    issues += [_left(found, left) for found in report.storages for left in found.residue]
    return _plain.dumps(issues)


def _issue(finding: Finding) -> Plain:
    about = f"{finding.about}: " if finding.about else ""
    waived = " (waived)" if finding.outcome.waived else ""
    assumed = finding.storage.assumptions if finding.storage else ()
    return {
        "type": "issue",
        "check_name": finding.name,
        "description": one_line(f"{about}{finding.outcome.title}{waived}: {finding.outcome.message}"),
        "content": {"body": "\n\n".join([*markdown.told(finding), *(markdown.prose(each) for each in assumed)])},
        "categories": ["Security"],
        "severity": _SEVERITIES[finding.level],
        "fingerprint": finding.fingerprint,
        "location": _location(finding.location),
    }


def _left(found: StorageReport, left: Residue) -> Plain:
    return {
        "type": "issue",
        "check_name": "left-behind",
        "description": one_line(f"{found.storage.name}: left behind: {_findings.left(left)}"),
        "content": {"body": f"delete with: {markdown.code(left.delete)}"},
        "categories": ["Security"],
        "severity": "info",
        "fingerprint": hashlib.sha256(left.address.encode(errors="replace")).hexdigest(),
        "location": _location(found.storage.origin),
    }


def _location(place: Location) -> Plain:
    """GitLab wants a path below the root of the repository, without a leading `./`."""
    path = PurePosixPath(one_line(place.file).strip("<>") or "preflight").as_posix().removeprefix("./")
    return {"path": path, "lines": {"begin": max(place.line, 1)}}
