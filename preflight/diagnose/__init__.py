"""What a refusal means: evidence, or pasted text, to ranked causes. Pure: nothing is asked, read or written."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from preflight.diagnose.dialects import Drawer, Placed, drawers
from preflight.diagnose.fields import field_of
from preflight.diagnose.hints import LOOKALIKE, TELL
from preflight.diagnose.near import NEAR
from preflight.diagnose.purpose import Purpose, named, pieces, purpose_of
from preflight.diagnose.reading import Reading, read
from preflight.diagnose.refine import refined
from preflight.diagnose.rule import Finding, Strength
from preflight.diagnose.speaker import recognised
from preflight.model import Candidate, Cause, Confidence, Diagnosis, Permission, Refusal, Storage

MOST = 5  # candidates that are still of use to a reader

# Denials of the one action that was refused: on a call that a writer does not need they decide nothing. A denial by
# the organization counts only where it names the action; a perimeter or constraint would hit the write as well.
_DENIALS = frozenset(
    {
        Cause.PERMISSION_MISSING,
        Cause.BUCKET_POLICY_MISSING,
        Cause.EXPLICIT_DENY,
        Cause.BOUNDARY_DENY,
        Cause.HEADER_REQUIRED,
        Cause.CONDITION_UNMET,
        Cause.ACCESS_DENIED,
        Cause.ENCRYPTION_KEY_DENIED,
    }
)


def diagnose(refusal: Refusal, storage: Storage | None = None) -> Diagnosis:
    """Who answered, and the likely causes, best first: none if nothing in the text is an error.

    Never raises for what a refusal holds. `storage` refines what the text says, and never contradicts it; where it is
    given, a verdict hangs on the answer, and what only vague words hint at is not guessed.
    """
    reading = recognised(read(refusal))
    asked = drawers() if storage is None else drawers()[:1]
    answers = [_candidates(piece, asked) for piece in pieces(reading)]
    candidates = _merged([answer for answer in answers if answer])
    if storage is not None:
        candidates = refined(candidates, reading, storage)
    return Diagnosis(reading.speaker, candidates[:MOST])


def _merged(answers: list[tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """Of several errors in one paste the first that matters leads, with its candidates; the others follow."""
    if not answers:
        return ()
    leading = next((answer for answer in answers if answer[0].cause is not Cause.NOT_NEEDED), answers[0])
    others = [answer[0] for answer in answers if answer is not leading]
    seen: dict[Cause, Candidate] = {}
    for candidate in (leading[0], *others, *leading[1:]):
        seen.setdefault(candidate.cause, candidate)
    return tuple(seen.values())


def _found(opened: Drawer, reading: Reading) -> list[Finding]:
    findings = [*_read(opened.readers, reading), *opened.index.findings(reading)]
    if all(finding.strength < Strength.CODE for finding in findings):
        findings += [*_read(opened.fallbacks, reading), *opened.index.by_status(reading)]
    return findings


def _read(readers: Iterable[Placed], reading: Reading) -> Iterator[Finding]:
    for order, families, reader in readers:
        if not families or not reading.families or families & reading.families:
            finding = reader(reading)
            if finding:
                yield dataclasses.replace(finding, order=order, families=families - {""})


def _candidates(reading: Reading, asked: Sequence[Drawer]) -> tuple[Candidate, ...]:
    findings = next((found for drawer in asked if (found := _found(drawer, reading))), [])
    if not findings:
        return ()
    findings.sort(key=lambda finding: (-finding.strength, finding.order))
    first = _at_odds(findings)
    if _groups(first):
        first = _with_hints(first, reading, asked)
    families = reading.families or first.families
    guessed = len(asked) > 1 and first.strength < Strength.EXACT
    near = first.beside or (NEAR.get(first.cause, ()) if guessed else ())
    ranked = [_leading(first, families), *(_beside(cause, families) for cause in near)]
    purpose = _purpose(reading, first)
    if _concerns_the_call(first) and purpose.needless:
        ranked = [
            _not_needed(
                first.if_needless or first.missing,
                f"the refused call is to {purpose.value}, which writing does not need",
            ),
            *ranked,
        ]
    elif (
        first.if_needless
        or (first.cause is Cause.ORGANIZATION_DENY and purpose.needless)
        or (first.cause is Cause.ACCESS_DENIED and purpose is Purpose.UNKNOWN)
    ):
        ranked.insert(3, _not_needed(first.if_needless, LOOKALIKE[Cause.NOT_NEEDED]))
    seen: dict[Cause, Candidate] = {}
    for candidate in ranked:
        seen.setdefault(candidate.cause, candidate)
    return tuple(seen.values())


def _purpose(reading: Reading, finding: Finding) -> Purpose:
    by_action = named(finding.missing.action) if finding.missing else Purpose.UNKNOWN
    purpose = by_action if by_action is not Purpose.UNKNOWN else purpose_of(reading)
    # Amazon's own token service is a part of what a writer may need; elsewhere it does not exist.
    return Purpose.UNKNOWN if purpose is Purpose.IDENTITY and reading.speaker == "s3" else purpose


def _concerns_the_call(first: Finding) -> bool:
    return first.cause in _DENIALS or (first.cause is Cause.ORGANIZATION_DENY and first.missing is not None)


def _at_odds(findings: list[Finding]) -> Finding:
    """The strongest finding, with what else was found beside it: where code and sentence disagree, neither is sure.

    A sentence that was read in its parts decides alone, and codes that only group decide nothing beside better ones.
    """
    first, *rest = findings
    if first.strength is Strength.GRAMMAR:
        return first
    equal = min(first.strength, Strength.CODE)
    others = [finding.cause for finding in rest if finding.strength >= equal]
    beside = dict.fromkeys((*first.beside[:2], *others, *first.beside[2:]))
    return dataclasses.replace(first, beside=tuple(cause for cause in beside if cause is not first.cause))


def _groups(first: Finding) -> bool:
    """Whether only a word was understood that providers use for many things: a status, `invalid`, a bad request."""
    return first.strength <= Strength.HINT or (
        first.cause is Cause.REQUEST_INVALID and first.strength < Strength.PHRASE and not first.field
    )


def _with_hints(first: Finding, reading: Reading, asked: Sequence[Drawer]) -> Finding:
    """What the plain words around it hint at stands beside it, after its own companions."""
    guesses = [guess for drawer in asked[1:] for guess in _found(drawer, reading)]
    hinted = [cause for guess in guesses[:2] for cause in (guess.cause, *guess.beside[:1])]
    beside = dict.fromkeys((*first.beside[:3], *hinted, *first.beside[3:]))
    return dataclasses.replace(first, beside=tuple(cause for cause in beside if cause is not first.cause))


def _leading(finding: Finding, families: frozenset[str]) -> Candidate:
    sure = finding.strength >= Strength.CODE and (not finding.beside or finding.strength is Strength.GRAMMAR)
    return Candidate(
        cause=finding.cause,
        confidence=Confidence.STATED if sure else Confidence.INFERRED,
        because=finding.because,
        missing=(finding.missing,) if finding.missing else (),
        field=finding.field or field_of(finding.cause, families),
        expected=finding.expected,
        tell=TELL[finding.cause],
    )


def _beside(cause: Cause, families: frozenset[str]) -> Candidate:
    return Candidate(cause=cause, because=LOOKALIKE[cause], field=field_of(cause, families), tell=TELL[cause])


def _not_needed(missing: Permission | None, because: str) -> Candidate:
    return Candidate(
        cause=Cause.NOT_NEEDED,
        confidence=Confidence.INFERRED,
        because=because,
        missing=(missing,) if missing else (),
        tell=TELL[Cause.NOT_NEEDED],
    )
