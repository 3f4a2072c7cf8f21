"""The report for a person at a terminal: what was asked, what is wrong, which lines mend it, what is left behind."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Sequence

from preflight.model import (
    NOWHERE,
    Candidate,
    Evidence,
    Outcome,
    Remedy,
    Report,
    S3Storage,
    Status,
    StorageReport,
    Verdict,
)
from preflight.reports import Look, _findings
from preflight.reports._findings import Finding
from preflight.reports._plain import see
from preflight.reports._text import OWNERS, VERDICTS, colour, mark, one_line, paint, tame, unordered

IDENTITY_COLUMN = 72  # where `check: cause` stands beside a title
WIDTH = 100
MANY = 3  # storages; more than these begin with a table, and what is well is told there only


def read(report: Report, look: Look) -> str:
    return unordered("\n".join(_lines(report, look)) + "\n")


def _lines(report: Report, look: Look) -> Iterator[str]:
    many = len(report.storages) > MANY
    if many:
        yield from _table(report, look)
        yield ""
    for storage in report.storages:
        if not many or look.verbosity or storage.verdict is not Verdict.READY or storage.residue:
            yield from _storage(storage, look)
            yield ""
    for outcome in report.outcomes:
        if outcome.status is not Status.PASS or look.verbosity:
            yield from _outcome(outcome, look)
            yield ""
    if report.journal:
        yield f"what is left is written down: preflight clean {shlex.quote(tame(report.journal))} deletes it"
        yield ""
    yield from _verdict(report, look)


def _table(report: Report, look: Look) -> Iterator[str]:
    """One line for each storage: verdict, name, address, and the first thing that is wrong with it."""
    rows = [_row(storage) for storage in report.storages]
    widths = [min(max(len(row[column]) for row in rows), 48) for column in range(3)]
    for row, storage in zip(rows, report.storages, strict=True):
        _, shade = VERDICTS[storage.verdict]
        verdict, name, address, first = (f"{cell:<{width}}" for cell, width in zip(row, [*widths, 0], strict=True))
        yield f"{paint(verdict, shade, look)}  {paint(name, 'bold', look)}  {address}  {first}".rstrip()


def _row(found: StorageReport) -> tuple[str, str, str, str]:
    told = [Finding(o, found) for o in found.outcomes if o.status in {Status.FAIL, Status.UNKNOWN}]
    names = [one_line(one.name) for one in told]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    first = names[0] + more if names else ""
    name = one_line(found.storage.name) or "(no name)"
    return _findings.word(found), name, one_line(found.storage.address), first


def _storage(found: StorageReport, look: Look) -> Iterator[str]:
    storage = found.storage
    region = storage.region if isinstance(storage, S3Storage) else ""
    head = [paint(one_line(storage.name) or "(no name)", "bold", look), one_line(storage.address), one_line(region)]
    yield "   ".join(part for part in head if part)
    if found.writer.principal:
        source = f"   ({one_line(found.writer.source)})" if found.writer.source else ""
        yield paint(f"as {one_line(found.writer.principal)}{source}", "dim", look)
    if isinstance(storage, S3Storage) and storage.endpoint_url:
        yield paint(f"at {one_line(storage.endpoint_url)}", "dim", look)
    yield ""
    for outcome in _worth_showing(found, look):
        yield from _outcome(outcome, look)
    yield from _left_behind(found)


def _worth_showing(found: StorageReport, look: Look) -> Iterator[Outcome]:
    """What failed or is open, what passed live, and the essential claims; the rest, such as what waits, with `-v`."""
    for outcome in found.outcomes:
        proven = outcome.status is Status.PASS and outcome.evidence
        open_or_bad = outcome.status in {Status.FAIL, Status.UNKNOWN}
        if not _findings.worth(outcome, look.show):
            continue
        if look.verbosity or proven or open_or_bad or (outcome.essential and outcome.status is not Status.PASS):
            yield outcome


def _outcome(outcome: Outcome, look: Look) -> Iterator[str]:
    yield _headline(outcome, look)
    if outcome.status in {Status.FAIL, Status.UNKNOWN}:
        yield from _details(outcome, look)
    if look.verbosity > 1 or (look.verbosity and outcome.status in {Status.FAIL, Status.UNKNOWN}):
        yield from _asked(outcome.evidence)


def _details(outcome: Outcome, look: Look) -> Iterator[str]:
    shown = _findings.excerpted(outcome)
    if not shown:
        told = _findings.confidence(outcome)
        yield from _indented(outcome.message + (f"   ({told})" if told else ""))
    for candidate in shown:
        yield from _excerpt(candidate)
    yield from _told(outcome, shown)
    if outcome.waived:
        yield from _indented(f"waived {_findings.waiver(outcome.waived)}")
    if outcome.remedy:
        yield from _remedy(outcome.remedy, look)
    yield f"    more: {see(outcome)}"


def _told(outcome: Outcome, shown: Sequence[Candidate]) -> Iterator[str]:
    """Of every candidate what its excerpt does not say already."""
    for number, candidate in enumerate(outcome.candidates):
        if candidate not in shown:
            if number:
                yield from _indented(f"or {_findings.other(candidate)}")
            if told := _findings.field(candidate, outcome):
                yield from _indented(f"field: {told}")
        for permission in _findings.missing(candidate, outcome):
            yield from _indented(f"missing: {permission}")


def _headline(outcome: Outcome, look: Look) -> str:
    line = f"{mark(outcome)} {one_line(outcome.title)}"
    if outcome.status is Status.SKIP:
        beside = outcome.reason
    elif outcome.status is Status.PASS:
        beside = f"({outcome.message})" if outcome.message else ""
    else:
        cause = f": {outcome.candidates[0].cause}" if outcome.candidates else ""
        beside = outcome.check + cause + (" (waived)" if outcome.waived else "")
    column = IDENTITY_COLUMN if outcome.status in {Status.FAIL, Status.UNKNOWN} else 0
    gap = " " * max(3, column - len(line)) if beside else ""
    return f"{paint(line, colour(outcome), look)}{gap}{paint(one_line(beside), 'dim', look) if beside else ''}"


def _asked(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    for each in evidence:
        yield from _indented(f"evidence: {_findings.evidence(each)}")


def _excerpt(candidate: Candidate) -> list[str]:
    """The line of the file that a finding points at, as a compiler shows it."""
    where = candidate.location or NOWHERE
    number = str(where.line)
    margin = " " * len(number)
    pointer = " " * (where.column - 1) + "^" * max(1, where.width)
    return [
        f"{margin} --> {one_line(f'{where} {candidate.field or str()}')}",
        f" {margin} |",
        f" {number} | {tame(where.excerpt)}",
        f" {margin} | {pointer} {one_line(candidate.because)}",
    ]


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
        yield f"left behind: {one_line(_findings.left(residue))}"
        yield f"    delete with: {one_line(residue.delete)}"


def _verdict(report: Report, look: Look) -> Iterator[str]:
    text, shade = _findings.verdict(report)
    yield f"{paint(text, shade, look)}: {_findings.counts(report)} in {report.seconds:.1f} s"
    yield from (one_line(told) for told in _findings.assumptions(report))
