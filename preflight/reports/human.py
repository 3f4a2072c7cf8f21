"""The report for a person at a terminal: what was asked, what is wrong, which lines mend it, what is left behind."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator

from preflight.model import (
    Candidate,
    Confidence,
    Location,
    Outcome,
    Owner,
    Remedy,
    Report,
    S3Storage,
    Severity,
    Status,
    StorageReport,
    Verdict,
)
from preflight.reports import Look
from preflight.reports._plain import see
from preflight.reports._text import MARKS, OWNERS, WARNING_MARK, one_line, paint, tame

IDENTITY_COLUMN = 72  # where `check: cause` stands beside a title
WIDTH = 100
VERDICTS = {
    Verdict.READY: ("READY to register", "green"),
    Verdict.NOT_READY: ("NOT READY to register", "red"),
    Verdict.UNDETERMINED: ("UNDETERMINED: the evidence does not decide", "yellow"),
}


def read(report: Report, look: Look) -> str:
    return "\n".join(_lines(report, look)) + "\n"


def _lines(report: Report, look: Look) -> Iterator[str]:
    for storage in report.storages:
        yield from _storage(storage, look)
        yield ""
    for outcome in report.outcomes:
        if outcome.status is not Status.PASS or look.verbosity:
            yield from _outcome(outcome, look)
            yield ""
    yield from _verdict(report, look)


def _storage(found: StorageReport, look: Look) -> Iterator[str]:
    storage = found.storage
    region = storage.region if isinstance(storage, S3Storage) else ""
    head = [paint(tame(storage.name) or "(no name)", "bold", look), tame(storage.address), tame(region)]
    yield "   ".join(part for part in head if part)
    if found.writer.principal:
        source = f"   ({tame(found.writer.source)})" if found.writer.source else ""
        yield paint(f"as {tame(found.writer.principal)}{source}", "dim", look)
    if isinstance(storage, S3Storage) and storage.endpoint_url:
        yield paint(f"at {tame(storage.endpoint_url)}", "dim", look)
    yield ""
    for outcome in _worth_showing(found, look):
        yield from _outcome(outcome, look)
    yield from _left_behind(found)


def _worth_showing(found: StorageReport, look: Look) -> Iterator[Outcome]:
    """Everything that failed, waits or is open; passes of the live claims; the rest with `-v`."""
    for outcome in found.outcomes:
        proven = outcome.status is Status.PASS and outcome.evidence
        open_or_bad = outcome.status in {Status.FAIL, Status.UNKNOWN} or outcome.waits_for
        if look.verbosity or proven or open_or_bad or (outcome.essential and outcome.status is not Status.PASS):
            yield outcome


def _outcome(outcome: Outcome, look: Look) -> Iterator[str]:
    yield _headline(outcome, look)
    if outcome.status is Status.PASS or outcome.status is Status.SKIP:
        return
    shown = _excerpts(outcome)
    if not shown:
        yield from _indented(_told(outcome))
    yield from shown
    for candidate in outcome.candidates[1:]:
        tell = f" - {candidate.tell}" if candidate.tell else ""
        yield from _indented(f"or {candidate.cause}: {candidate.because}{tell}")
    yield from _missing(outcome)
    if outcome.remedy:
        yield from _remedy(outcome.remedy, look)
    yield f"    more: {see(outcome)}"


def _headline(outcome: Outcome, look: Look) -> str:
    mark, colour = MARKS[outcome.status], _colour(outcome)
    if outcome.status is Status.FAIL and outcome.severity is not Severity.ERROR:
        mark = WARNING_MARK
    line = f"{mark} {tame(outcome.title)}"
    beside = ""
    if outcome.status is Status.SKIP:
        beside = outcome.reason
    elif outcome.status is Status.PASS:
        beside = f"({outcome.message})" if outcome.message else ""
    elif outcome.candidates:
        beside = f"{outcome.check}: {outcome.candidates[0].cause}"
    else:
        beside = outcome.check
    column = IDENTITY_COLUMN if outcome.status in {Status.FAIL, Status.UNKNOWN} else 0
    gap = " " * max(3, column - len(line)) if beside else ""
    return f"{paint(line, colour, look)}{gap}{paint(one_line(beside), 'dim', look) if beside else ''}"


def _colour(outcome: Outcome) -> str:
    if outcome.status is Status.FAIL:
        return "red" if outcome.severity is Severity.ERROR else "yellow"
    return {Status.PASS: "green", Status.UNKNOWN: "yellow"}.get(outcome.status, "dim")


def _told(outcome: Outcome) -> str:
    """The message, and who says so."""
    source = ""
    if outcome.candidates and outcome.evidence:
        stated = outcome.candidates[0].confidence is Confidence.STATED
        reply = outcome.evidence[-1].reply
        request = f", request {reply.request_id}" if reply.request_id else ""
        answer = " ".join(str(part) for part in (reply.status, reply.code) if part)
        source = f"   ({'stated' if stated else 'inferred'} from: {answer or 'no answer'}{request})"
    return outcome.message + source


def _excerpts(outcome: Outcome) -> list[str]:
    """The lines of the file that a finding about the configuration points at, as a compiler shows them."""
    lines: list[str] = []
    for candidate in outcome.candidates:
        where = candidate.location
        if where and where.excerpt and candidate.cause.owner is Owner.CONFIG and candidate.field:
            lines += _excerpt(where, candidate)
    return lines


def _excerpt(where: Location, candidate: Candidate) -> list[str]:
    number = str(where.line)
    margin = " " * len(number)
    pointer = " " * (where.column - 1) + "^" * max(1, where.width)
    return [
        f"{margin} --> {tame(str(where))}",
        f" {margin} |",
        f" {number} | {tame(where.excerpt)}",
        f" {margin} | {pointer} {one_line(candidate.because)}",
    ]


def _missing(outcome: Outcome) -> Iterator[str]:
    for permission in outcome.candidates[0].missing if outcome.candidates else ():
        on = f" on {permission.resource}" if permission.resource else ""
        yield from _indented(f"missing: {permission.action}{on}")


def _remedy(remedy: Remedy, look: Look) -> Iterator[str]:
    yield from _indented(f"fix ({OWNERS[remedy.owner]}): {remedy.summary}")
    for line in [*remedy.commands, *remedy.patch.splitlines()]:
        yield f"        {paint(tame(line), 'cyan', look)}"


def _indented(text: str) -> list[str]:
    return textwrap.wrap(
        one_line(text),
        WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _left_behind(found: StorageReport) -> Iterator[str]:
    if not found.residue:
        yield "left behind: nothing"
    for residue in found.residue:
        sure = "" if residue.certain else " (perhaps)"
        note = f"; {one_line(residue.note)}" if residue.note else ""
        yield f"left behind{sure}: {tame(residue.address)}, at most {residue.size} bytes{note}"
        yield f"    delete with: {tame(residue.delete)}"


def _verdict(report: Report, look: Look) -> Iterator[str]:
    found = [outcome for storage in report.storages for outcome in storage.outcomes] + list(report.outcomes)
    failed = Counter("failed" if o.severity is Severity.ERROR else "warned" for o in found if o.status is Status.FAIL)
    counts = {
        **failed,
        "passed": sum(o.status is Status.PASS for o in found),
        "unknown": sum(o.status is Status.UNKNOWN for o in found),
        "skipped": sum(o.status is Status.SKIP for o in found),
    }
    told = ", ".join(f"{number} {word}" for word, number in counts.items() if number)
    text, colour = VERDICTS[report.verdict]
    yield f"{paint(text, colour, look)}: {told} in {report.seconds:.1f} s"
    yield from dict.fromkeys(assumption for storage in report.storages for assumption in storage.assumptions)
