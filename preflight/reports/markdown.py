"""The report as Markdown: for a ticket, a comment on a pull request, the summary of a build."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.model import Outcome, Report, Status, StorageReport
from preflight.reports import Look, _findings
from preflight.reports._findings import Finding, Part
from preflight.reports._text import mark, one_line, tame, unordered

# Anywhere; around a word; and what begins a list or a heading.
_MARKUP = re.compile(r"[\\`*\[\]|<>~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^(?:[-+=#]|\d+(?=[.)](?:\s|$)))")
_MENTION = re.compile(r"(?<!\w)@(?=\w)")


def read(report: Report, look: Look) -> str:
    """One table of everything, then what failed or is open in full."""
    del look
    return unordered("\n".join(_lines(report)) + "\n")


def _lines(report: Report) -> Iterator[str]:
    yield f"## {_findings.verdict(report)[0]}"
    yield ""
    yield f"{_findings.counts(report)} in {report.seconds:.1f} s, preflight {prose(report.version)}, {report.started}"
    for found in report.storages:
        yield from _storage(found)
    if report.outcomes:
        yield from ("", "### The files", "", *_table(report.outcomes))
        yield from _findings_of(report, None)
    for found in report.storages:
        yield from _findings_of(report, found)
    left = _findings.residue(report)
    yield from ("", "### Left behind", "", *([] if left else ["nothing"]))
    for one in left:
        yield from (f"- {prose(_findings.left(one))}", f"  delete with: {code(one.delete)}")
    yield from ("", "### Assumed", "", *(f"- {prose(told)}" for told in _findings.assumptions(report)))


def _storage(found: StorageReport) -> Iterator[str]:
    storage = found.storage
    verdict, _ = _findings.headline(found.verdict, found.outcomes)
    yield from ("", f"### {prose(storage.name) or 'no name'}: {verdict}", "")
    source = f" ({prose(found.writer.source)})" if found.writer.source else ""
    yield f"{code(storage.address)}" + (f" as {code(found.writer.principal)}{source}" if found.writer.principal else "")
    yield from ("", *_table(found.outcomes))


def _table(outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    yield "| | check | claim | |"
    yield "| --- | --- | --- | --- |"
    for outcome in outcomes:
        beside = outcome.reason if outcome.status is Status.SKIP else outcome.message
        yield f"| {mark(outcome)} | `{outcome.check}` | {prose(outcome.title)} | {prose(beside)} |"


def _findings_of(report: Report, found: StorageReport | None) -> Iterator[str]:
    for finding in _findings.findings(report):
        if finding.storage is found:
            about = f"{prose(finding.about)}: " if finding.about else ""
            heading = f"#### {mark(finding.outcome)} {about}{prose(finding.outcome.title)} {code(finding.name)}"
            yield from ("", heading, "")
            yield from "\n\n".join(told(finding)).splitlines()


def told(finding: Finding) -> Iterator[str]:
    """A finding as Markdown paragraphs."""
    for part, text in finding.told():
        match part:
            case Part.PATCH:
                yield fence(text)
            case Part.COMMAND:
                yield fence(text, "sh")
            case Part.MISSING | Part.FIELD | Part.MORE:
                yield f"{part}: {code(text)}"
            case Part.MESSAGE:
                yield prose(text)
            case _:
                yield f"{part}: {prose(text)}"


def prose(text: str) -> str:
    """Text as text: no markup, no mention, no table cell and no HTML can come out of it."""
    return _MENTION.sub("@<!-- -->", _MARKUP.sub(_escaped, one_line(text)))


def _escaped(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def code(text: str) -> str:
    """A span of code that its own backticks cannot end."""
    flat = one_line(text)
    ticks = "`" * (_longest(flat) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}" if flat else ""


def fence(text: str, language: str = "") -> str:
    ticks = "`" * max(3, _longest(text) + 1)
    return f"{ticks}{language}\n{tame(text)}\n{ticks}"


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
