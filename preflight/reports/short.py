"""The report to paste into a chat: what is wrong, the line that mends it, the verdict; nothing that went well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.model import Report
from preflight.reports import Look, _findings
from preflight.reports._findings import Finding, Part
from preflight.reports._text import mark, one_line, tame, unordered

_CALLS = re.compile(r"@(?=everyone\b|here\b|channel\b|all\b)|<(?=[!@#])")  # what wakes everybody in a chat

# The label of each part, in the order in which it is told; evidence stays in the longer formats.
_TOLD = (
    Part.MESSAGE,
    Part.FIELD,
    Part.MISSING,
    Part.OTHER,
    Part.FIX,
    Part.COMMAND,
    Part.PATCH,
    Part.WAIVED,
    Part.MORE,
)


def read(report: Report, look: Look) -> str:
    text = "\n".join(_lines(report, look)) + "\n"
    return unordered(_CALLS.sub(lambda found: f"{found[0]} ", text))


def _lines(report: Report, look: Look) -> Iterator[str]:
    verdict, _ = _findings.verdict(report)
    names = ", ".join(one_line(found.storage.name) or "(no name)" for found in report.storages)
    yield f"{verdict}: {names} ({_findings.counts(report)}; preflight {report.version}, {report.started})"
    for finding in _findings.findings(report):
        if _findings.worth(finding.outcome, look.show):
            yield from _finding(finding)
    for left in _findings.residue(report):
        yield f"left behind: {one_line(_findings.left(left))}"
        yield f"  delete with: {one_line(left.delete)}"
    for told in _findings.assumptions(report):
        yield f"({one_line(told)})"


def _finding(finding: Finding) -> Iterator[str]:
    about = f"{one_line(finding.about)}: " if finding.about else ""
    yield f"{mark(finding.outcome)} {about}{one_line(finding.outcome.title)} [{finding.name}]"
    told = list(finding.told())
    for part in _TOLD:
        label = f"{part}: " if part else ""
        for text in (text for each, text in told if each is part):
            if part is Part.PATCH:  # its line ends have a meaning
                yield from (f"    {line}" for line in tame(text).splitlines())
            else:
                yield f"  {label}{one_line(text)}"
