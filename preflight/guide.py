"""A report as a decision guide for the person on call: what to do first, what one should see, who takes over."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from preflight.model import Safety, Severity, Status
from preflight.past import Past, PastOutcome, PastStorage
from preflight.reports import _page
from preflight.reports._text import OWNERS, VERDICTS, one_line
from preflight.reports.markdown import code, fence, prose
from preflight.stream import PRINCIPAL

_SAFETY = {Safety.SAFE: "It may be applied as it stands.", Safety.REVIEW: "Have it reviewed before it is applied."}
_INSPECTED = {"--inspect", "--aws-profile"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. `commands` are run as they stand, `patch` is put in place; then `expect` is seen.

    `otherwise` are the other causes, best first: what tells each of them, and the page that says what to do then.
    """

    title: str
    seen: str
    who: str
    summary: str
    commands: tuple[str, ...] = ()
    patch: str = ""
    caution: str = ""
    verify: str = ""
    expect: str = ""
    otherwise: tuple[tuple[str, str], ...] = ()


def steps(past: Past) -> tuple[Step, ...]:
    """What to do, in this order: what fails first holds up what comes after; rights too many and remains come last."""
    findings = [(storage, outcome) for storage, outcome in past.findings() if not outcome.waived]
    ordered = sorted(findings, key=lambda found: _rank(found[1]))  # stable: within a rank, in the order of the checks
    left = [
        _clean(storage, residue.address, residue.delete) for storage in past.storages for residue in storage.residue
    ]
    return (*(_step(past.asked, storage, outcome) for storage, outcome in ordered), *left)


def _rank(outcome: PastOutcome) -> int:
    graver = outcome.severity is Severity.ERROR
    return {Status.FAIL: 0 if graver else 2}.get(outcome.status, 1 if graver else 2)


def _step(asked: tuple[str, ...], storage: PastStorage | None, outcome: PastOutcome) -> Step:
    about = f"{storage.name}: " if storage else ""
    first = outcome.candidates[0] if outcome.candidates else None
    remedy = outcome.remedy
    caution = _SAFETY[remedy.safety] if remedy and (remedy.commands or remedy.patch) else ""
    return Step(
        title=f"{about}{outcome.title} ({outcome.check}{f': {first.cause}' if first else ''})",
        seen=outcome.message,
        who=OWNERS[remedy.owner] if remedy else "you, who run preflight",
        summary=" ".join([remedy.summary if remedy else "Find out more, and check again.", *_named(outcome)]),
        commands=remedy.commands if remedy else (),
        patch=remedy.patch if remedy else "",
        caution=caution,
        verify=_again(asked, storage, outcome),
        expect=f"√ {outcome.title}",
        otherwise=tuple(
            (f"{each.cause}: {'; '.join(part for part in (each.because, each.tell) if part)}.", each.cause)
            for each in outcome.candidates[1:]
        ),
    )


def _named(outcome: PastOutcome) -> Iterator[str]:
    """What is missing and which field is wrong, where the report knows it."""
    for candidate in outcome.candidates[:1]:
        for each in candidate.missing:
            yield f"Missing: {each.action}" + (f" on {each.resource}." if each.resource else ".")
        if candidate.field:
            place = f" at {candidate.location}" if candidate.location else ""
            expected = f"; it should be {candidate.expected}" if candidate.expected else ""
            yield f"Field: {candidate.field}{place}{expected}."


def _again(asked: tuple[str, ...], storage: PastStorage | None, outcome: PastOutcome) -> str:
    """The command that judges this one check in the way in which it was judged, or in the one that can prove it."""
    keyless = storage is not None and storage.writer.principal == PRINCIPAL
    if keyless and outcome.essential and asked[:1] == ("check",) and not _INSPECTED & {*asked}:
        asked = (*asked, "--inspect")  # only Stream can write there: it takes documents
    origin = storage.origin if storage else next((one.location for one in outcome.candidates if one.location), None)
    file = origin.file if origin and not origin.file.startswith("<") else "storages.yaml"
    return shlex.join(["preflight", *asked, file, "--only", outcome.check])


def _clean(storage: PastStorage, address: str, delete: str) -> Step:
    return Step(
        title=f"{storage.name}: remove what the check left behind",
        seen=f"{address} may still exist",
        who="whoever may delete there; the writer should not be able to",
        summary="It holds nothing but a note that it is a test.",
        commands=(delete,) if delete else (),
        expect="nothing of that name is left",
    )


def _title(past: Past) -> str:
    names = ", ".join(one_line(storage.name) or "(no name)" for storage in past.storages) or "the files"
    return f"{VERDICTS[past.verdict][0]}: {names}"


_ALL_WELL = "Nothing has to be done."
_STILL = "If the last step does not help, hand over with evidence: it holds no secret, and support can judge it again."
_HAND_OVER = "preflight check FILE --evidence evidence.json --anonymise"


def markdown(past: Past) -> str:
    return "\n".join(_markdown(past)) + "\n"


def _markdown(past: Past) -> Iterator[str]:
    yield f"# {prose(_title(past))}"
    yield from ("", f"Found {prose(past.started)} by preflight {prose(past.version)}.")
    found = steps(past)
    for number, step in enumerate(found, 1):
        yield from ("", f"## {number}. {prose(step.title)}", "")
        yield from "\n\n".join(_paragraphs(step, number, len(found))).splitlines()
    yield from ("", prose(_STILL if found else _ALL_WELL))
    if found:
        yield from ("", *fence(_HAND_OVER, "sh").splitlines())


def _paragraphs(step: Step, number: int, last: int) -> Iterator[str]:
    yield f"**Seen:** {prose(step.seen)}"
    yield f"**Who:** {prose(step.who)}"
    yield f"**Do:** {prose(' '.join(part for part in (step.summary, step.caution) if part))}"
    if step.commands:
        yield fence("\n".join(step.commands), "sh")
    if step.patch:
        yield fence(step.patch)
    if step.verify:
        yield "**Then run:**"
        yield fence(step.verify, "sh")
    yield f"**You should see:** {prose(step.expect)}. {_next(number, last)}"
    for told, cause in step.otherwise:
        yield f"**If not,** it may be {prose(told)} Read {code(f'preflight explain {cause}')}."


def _next(number: int, last: int) -> str:
    return f"Go on with step {number + 1}." if number < last else "That was all."


def html(past: Past) -> str:
    return _page.page(_title(past), "\n".join(_html(past)))


def _html(past: Past) -> Iterator[str]:
    text = _page.text
    yield f"<header><h1>{text(_title(past))}</h1>"
    yield f"<p>Found {text(past.started)} by preflight {text(past.version)}.</p></header><main>"
    found = steps(past)
    for number, step in enumerate(found, 1):
        yield f'<article class="error" id="step-{number}"><h2>{number}. {text(step.title)}</h2>'
        yield f"<p><strong>Seen:</strong> {text(step.seen)}</p><p><strong>Who:</strong> {text(step.who)}</p>"
        yield f"<p><strong>Do:</strong> {text(step.summary)} {text(step.caution)}</p>"
        yield from (_page.listing(lines) for lines in ("\n".join(step.commands), step.patch) if lines)
        if step.verify:
            yield f"<p><strong>Then run:</strong></p>{_page.listing(step.verify)}"
        yield f"<p><strong>You should see:</strong> {text(step.expect)}. {_next(number, len(found))}</p>"
        for told, cause in step.otherwise:
            yield f"<p><strong>If not,</strong> it may be {text(told)} "
            yield f"Read <code>preflight explain {text(cause)}</code>.</p>"
        yield "</article>"
    yield f"<p>{text(_STILL if found else _ALL_WELL)}</p>"
    yield (_page.listing(_HAND_OVER) if found else "") + "</main>"
