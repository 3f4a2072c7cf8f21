"""What a refusal means: evidence, or pasted text, to ranked causes. Pure: nothing is asked, read or written."""

from collections.abc import Iterator

from preflight.diagnose.dialects import drawer
from preflight.diagnose.hints import LOOKALIKE, TELL
from preflight.diagnose.purpose import Purpose, named, purpose_of
from preflight.diagnose.reading import Reading, read
from preflight.diagnose.rule import Finding, Strength
from preflight.diagnose.speaker import recognised
from preflight.model import Candidate, Cause, Confidence, Diagnosis, Refusal, Storage

MOST = 5  # candidates that are still of use to a reader

# Denials that concern the one call that was refused: on a call that a writer does not need they decide nothing.
_DENIALS = frozenset(
    {
        Cause.PERMISSION_MISSING,
        Cause.BUCKET_POLICY_MISSING,
        Cause.EXPLICIT_DENY,
        Cause.BOUNDARY_DENY,
        Cause.ORGANIZATION_DENY,
        Cause.HEADER_REQUIRED,
        Cause.CONDITION_UNMET,
        Cause.ACCESS_DENIED,
        Cause.ENCRYPTION_KEY_DENIED,
    }
)


def diagnose(refusal: Refusal, storage: Storage | None = None) -> Diagnosis:
    """Who answered, and the likely causes, best first: none if nothing in the text is an error.

    Never raises for what a refusal holds. `storage` refines what the text says, and never contradicts it.
    """
    reading = recognised(read(refusal))
    findings = sorted(_findings(reading), key=lambda finding: (-finding.strength, finding.order))
    candidates = _candidates(reading, findings)
    return Diagnosis(reading.speaker, candidates[:MOST])


def _findings(reading: Reading) -> Iterator[Finding]:
    opened = drawer()
    for families, reader in opened.readers:
        if (not families or not reading.families or families & reading.families) and (finding := reader(reading)):
            yield finding
    yield from opened.index.findings(reading)


def _candidates(reading: Reading, findings: list[Finding]) -> tuple[Candidate, ...]:
    if not findings:
        return ()
    first = findings[0]
    ranked = [_stated(first, len(first.beside) == 0)]
    ranked += [_beside(cause) for cause in first.beside]
    if _decides_nothing(reading, first):
        because = f"the refused call is to {_purpose(reading, first).value}, which writing does not need"
        ranked = [
            Candidate(
                cause=Cause.NOT_NEEDED,
                confidence=Confidence.STATED if first.missing else Confidence.INFERRED,
                because=because,
                tell=TELL[Cause.NOT_NEEDED],
            ),
            *ranked,
        ]
    seen: dict[Cause, Candidate] = {}
    for candidate in ranked:
        seen.setdefault(candidate.cause, candidate)
    return tuple(seen.values())


def _purpose(reading: Reading, finding: Finding) -> Purpose:
    by_action = named(finding.missing.action) if finding.missing else Purpose.UNKNOWN
    return by_action if by_action is not Purpose.UNKNOWN else purpose_of(reading)


def _decides_nothing(reading: Reading, first: Finding) -> bool:
    return first.cause in _DENIALS and _purpose(reading, first).needless


def _stated(finding: Finding, alone: bool) -> Candidate:
    sure = alone and finding.strength >= Strength.CODE
    return Candidate(
        cause=finding.cause,
        confidence=Confidence.STATED if sure else Confidence.INFERRED,
        because=finding.because,
        missing=(finding.missing,) if finding.missing else (),
        field=finding.field,
        expected=finding.expected,
        tell=TELL[finding.cause],
    )


def _beside(cause: Cause) -> Candidate:
    return Candidate(cause=cause, because=LOOKALIKE[cause], tell=TELL[cause])
