"""The report as one web page for a ticket: it loads nothing, prints well, and is read without its script."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.model import NOWHERE, Evidence, Outcome, Remedy, Report, Residue, Safety, Status, StorageReport, Verdict
from preflight.reports import Look, _findings
from preflight.reports._findings import Finding
from preflight.reports._page import listing, page, text
from preflight.reports._path import svg
from preflight.reports._plain import see
from preflight.reports._text import OWNERS, mark, one_line

_NAMES = {Verdict.READY: "ready", Verdict.NOT_READY: "bad", Verdict.UNDETERMINED: "open"}
_SAFE = {Safety.SAFE: "may be applied as it stands", Safety.REVIEW: "have it reviewed before you apply it"}


def read(report: Report, look: Look) -> str:
    del look
    verdict, _ = _findings.verdict(report)
    return page(f"preflight: {verdict}", "\n".join(_body(report, verdict)))


def _body(report: Report, verdict: str) -> Iterator[str]:
    yield f'<header class="{_NAMES[report.verdict]}"><h1>{text(verdict)}</h1>'
    told = f"{_findings.counts(report)} in {report.seconds:.1f} s · preflight {report.version} · {report.started}"
    yield f"<p>{text(told)}</p></header>"
    if len(report.storages) > 1:
        yield _contents(report)
    yield "<main>"
    for number, found in enumerate(report.storages, 1):
        yield from _storage(report, found, number)
    if report.outcomes:
        yield "<section><h2>The files</h2>"
        yield from (_article(one) for one in _findings.findings(report) if one.storage is None)
        yield _table(report.outcomes)
        yield "</section>"
    yield "</main>"


def _contents(report: Report) -> str:
    rows = "".join(
        f'<li><a href="#storage-{number}">{_name(found)}</a> '
        f'<span class="badge {_NAMES[found.verdict]}">{text(_findings.word(found))}</span></li>'
        for number, found in enumerate(report.storages, 1)
    )
    return f'<nav aria-label="Storages"><ul>{rows}</ul></nav>'


def _name(found: StorageReport) -> str:
    return text(one_line(found.storage.name)) or "(no name)"


def _storage(report: Report, found: StorageReport, number: int) -> Iterator[str]:
    yield f'<section id="storage-{number}"><h2>{_name(found)} '
    yield f'<span class="badge {_NAMES[found.verdict]}">{text(_findings.word(found))}</span></h2>'
    place = f", declared at <code>{text(str(found.storage.origin))}</code>" if found.storage.origin.file else ""
    yield f"<p><code>{text(found.storage.address)}</code>{place}</p>"
    if found.writer.principal:
        source = f" ({text(found.writer.source)})" if found.writer.source else ""
        yield f"<p>written as <code>{text(found.writer.principal)}</code>{source}</p>"
    yield svg(found, number)
    yield from (_article(one) for one in _findings.findings(report) if one.storage is found)
    yield "<h3>Every check</h3>"
    yield _table(found.outcomes)
    yield "<h3>Left behind</h3>"
    yield "".join(_residue(one) for one in found.residue) or "<p>nothing</p>"
    if found.assumptions:
        yield f"<h3>Assumed</h3><ul>{''.join(f'<li>{text(told)}</li>' for told in found.assumptions)}</ul>"
    yield "</section>"


def _article(finding: Finding) -> str:
    return f'<article class="{finding.level}">{"".join(_finding(finding))}</article>'


def _finding(finding: Finding) -> Iterator[str]:
    outcome = finding.outcome
    yield f"<h3>{_mark(outcome)} {text(outcome.title)} <code>{text(finding.name)}</code></h3>"
    confidence = _findings.confidence(outcome)
    told = f' <span class="quiet">({text(confidence)})</span>' if confidence else ""
    yield f"<p>{text(outcome.message)}{told}</p>"
    if outcome.waived:
        yield f"<p><strong>waived</strong> {text(_findings.waiver(outcome.waived))}</p>"
    yield from _excerpts(outcome)
    missing = [line for candidate in outcome.candidates for line in _findings.missing(candidate, outcome)]
    fields = [told for candidate in outcome.candidates if (told := _findings.field(candidate, outcome))]
    for label, lines in {"missing": missing, "field": fields}.items():
        yield from (f"<p><strong>{label}</strong> <code>{text(line)}</code></p>" for line in lines)
    if outcome.candidates[1:]:
        others = "".join(f"<li>{text(_findings.other(one))}</li>" for one in outcome.candidates[1:])
        yield f"<p>It may also be:</p><ol>{others}</ol>"
    if outcome.remedy:
        yield from _remedy(outcome.remedy)
    if outcome.evidence:
        yield _evidence(outcome.evidence)
    yield f"<p>more: <code>{text(see(outcome))}</code></p>"


def _excerpts(outcome: Outcome) -> Iterator[str]:
    for candidate in _findings.excerpted(outcome):
        where = candidate.location or NOWHERE
        start, end = where.column - 1, where.column - 1 + max(1, where.width)
        line = where.excerpt
        marked = f"{text(line[:start])}<mark>{text(line[start:end])}</mark>{text(line[end:])}"
        yield f'<pre class="line" tabindex="0"><code>{where.line} | {marked}</code></pre>'


def _remedy(remedy: Remedy) -> Iterator[str]:
    yield f'<div class="fix"><p><strong>fix</strong> ({OWNERS[remedy.owner]}): {text(remedy.summary)} '
    yield f'<span class="quiet">{_SAFE[remedy.safety]}</span></p>'
    if remedy.commands:
        yield listing("\n".join(remedy.commands))
    if remedy.patch:
        yield listing(remedy.patch)
    yield "</div>"


def _evidence(evidence: tuple[Evidence, ...]) -> str:
    rows = "".join(f"<li><code>{text(_findings.evidence(one))}</code></li>" for one in evidence)
    return f"<h4>Evidence</h4><ul>{rows}</ul>"


def _table(outcomes: tuple[Outcome, ...]) -> str:
    rows = "".join(
        f"<tr><td>{_mark(outcome)}</td><th scope='row'>{text(outcome.title)}</th>"
        f"<td><code>{text(outcome.check)}</code></td>"
        f"<td>{text(outcome.reason if outcome.status is Status.SKIP else outcome.message)}</td></tr>"
        for outcome in outcomes
    )
    head = "".join(f"<th scope='col'>{column}</th>" for column in ("status", "claim", "check", "told"))
    table = f"<table><tr>{head}</tr>{rows}</table>"
    return f'<div class="wide" tabindex="0" role="group" aria-label="Every check">{table}</div>'


def _mark(outcome: Outcome) -> str:
    word = "waived" if outcome.waived else outcome.status.value
    kind = "note" if outcome.waived else outcome.severity.value if outcome.status is Status.FAIL else word
    return f'<span class="status {kind}"><span aria-hidden="true">{mark(outcome)}</span> {word}</span>'


def _residue(one: Residue) -> str:
    return f"<p>{text(_findings.left(one))}</p>{listing(one.delete)}"
