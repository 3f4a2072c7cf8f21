"""The report as GitHub's workflow commands: annotations on the lines that are wrong, and the rest in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from preflight.model import Report
from preflight.reports import Look, _findings
from preflight.reports._findings import Finding, Level
from preflight.reports._text import one_line, tame, unordered

LIMIT = 10  # annotations of a kind that GitHub shows for one step; the log has them all
TITLE_LIMIT = 255  # characters
MESSAGE_LIMIT = 60_000  # of the 64 KiB that an annotation may have

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.OPEN: "warning", Level.NOTE: "notice"}
_ORDER = list(Level)


def read(report: Report, look: Look) -> str:
    """The gravest findings first: what is over GitHub's limit stands in the log as plain text."""
    del look
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    used: Counter[str] = Counter()
    over: list[Finding] = []
    for finding in sorted(_findings.findings(report), key=lambda one: _ORDER.index(one.level)):
        command = _COMMANDS[finding.level]
        used[command] += 1
        if used[command] > LIMIT:
            over.append(finding)
        else:
            yield _annotation(command, finding)
    if over:
        yield f"::group::{len(over)} more, beyond the {LIMIT} annotations of a kind that GitHub shows"
        for finding in over:
            yield _plain(f"{finding.location} {_title(finding)}\n{_message(finding)}")
        yield "::endgroup::"
    yield from (_plain(line) for line in _rest(report))


def _annotation(command: str, finding: Finding) -> str:
    place = finding.location
    properties = {"title": _title(finding)}
    if place.file and not place.file.startswith("<"):
        properties = {
            "file": place.file.removeprefix("./"),
            "line": str(place.line),
            "endLine": str(place.line),
            "col": str(place.column),
            "endColumn": str(place.column + place.width),
            **properties,
        }
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {told}::{_data(_message(finding))}"


def _title(finding: Finding) -> str:
    about = f"{finding.about}: " if finding.about else ""
    return one_line(f"{finding.name}: {about}{finding.outcome.title}")[:TITLE_LIMIT]


def _message(finding: Finding) -> str:
    told = (f"{part}: {text}" if part else text for part, text in finding.told())
    return tame("\n".join(told))[:MESSAGE_LIMIT]


def _rest(report: Report) -> Iterator[str]:
    for left in _findings.residue(report):
        yield f"left behind: {one_line(_findings.left(left))}"
        yield f"  delete with: {one_line(left.delete)}"
    names = ", ".join(one_line(found.storage.name) or "(no name)" for found in report.storages)
    yield f"{_findings.verdict(report)[0]}: {names} ({_findings.counts(report)})"
    yield from (one_line(told) for told in _findings.assumptions(report))


def _plain(text: str) -> str:
    """Text in a log: nothing that a file or a server said may be read as a command."""
    return unordered(tame(text))


def _data(text: str) -> str:
    """The escapes of a command's text; `##[` could still start an older kind of command."""
    return unordered(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
