"""What AWS's documents say about one write, in the words and causes of S3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from preflight import stream
from preflight.iam import testimony
from preflight.iam.aws.document import Document, Kind
from preflight.iam.aws.s3 import Bucket
from preflight.iam.decision import Answer, Decision, Part, Reason, Role
from preflight.iam.findings import Finding
from preflight.iam.testimony import Testimony, Texts
from preflight.model import Ask, Candidate, Cause, Permission, Reply, Severity

_NETWORK = ("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
_STRANGERS = ("resource control",)
_OWN = ("boundary", "service control", "resource control")


def told(
    about: str, decision: Decision, missing: Permission, bucket: Bucket, texts: Texts, *, keyless: bool
) -> Testimony:
    """What a decision says, with the assumptions that the report does not make anyway."""
    worth = _STRANGERS if keyless else _OWN
    assumptions = tuple(one for one in decision.assumptions if any(words in one for words in worth))
    needs = tuple(dict.fromkeys(need.says for need in decision.needs))
    first = decision.deciding
    return Testimony(
        about=about,
        answer=decision.answer,
        message=_message(decision, needs),
        statement=f"{first.statement} of the {first.document}" if first and first.statement else "",
        candidates=tuple(_candidates(decision, about, missing, texts, keyless=keyless)),
        needs=needs,
        keys=tuple(need.key for need in decision.needs if need.key),
        assumptions=assumptions,
        allowed=bucket.key(decision.allowed),
        denied=bucket.key(decision.denied),
        until=decision.until,
    )


def _message(decision: Decision, needs: Iterable[str]) -> str:
    if decision.answer is Answer.UNKNOWN:
        return "; ".join(needs) or decision.sentence or "the documents leave it open"
    return decision.sentence


def _candidates(
    decision: Decision, about: str, missing: Permission, texts: Texts, *, keyless: bool
) -> Iterator[Candidate]:
    """Every reason that speaks against the write, deciding ones first; an open one says what would settle it."""
    seen = set()
    for reason in decision.reasons:
        if reason.role is Role.GRANT or reason.says in seen:
            continue
        seen.add(reason.says)
        lacks = reason.role is Role.LACK
        yield Candidate(
            cause=_cause(reason, about),
            because=reason.says,
            missing=(missing,) if lacks else (),
            expected=_expected(reason, missing, keyless=keyless) if lacks else None,
            location=texts.locate(reason.document, reason.pointer),
            tell="" if reason.role is not Role.OPEN else "; ".join(need.says for need in decision.needs),
        )
    if decision.answer is Answer.UNKNOWN and not seen:
        tell = "; ".join(need.says for need in decision.needs)
        yield Candidate(cause=_undecided(about), because=f"the documents do not decide: {tell}", missing=(missing,))


def _undecided(about: str) -> Cause:
    return Cause.ENCRYPTION_KEY_DENIED if about == "key" else Cause.ACCESS_DENIED


def _cause(reason: Reason, about: str) -> Cause:
    if about == "key" and reason.role is not Role.OPEN:
        return Cause.ENCRYPTION_KEY_DENIED
    if reason.cause:
        return reason.cause
    if reason.key.lower() in _NETWORK:
        return Cause.NETWORK_DENIED
    if f" of the {reason.document} denies " in reason.says:  # open, so that the reason names no cause
        return Cause.ENCRYPTION_KEY_DENIED if about == "key" else Cause.EXPLICIT_DENY
    return Cause.CONDITION_UNMET


def _expected(reason: Reason, missing: Permission, *, keyless: bool) -> str | None:
    match reason.part:
        case Part.RESOURCE:
            return missing.resource
        case Part.PRINCIPAL:
            return stream.PRINCIPAL if keyless else None
        case Part.ACTION:
            return missing.action
        case _:
            return None


def faulty(documents: Iterable[Document], texts: Texts) -> Iterator[Testimony]:
    """Documents out of files that AWS would refuse to store, so that nothing that they grant can come to hold.

    One that AWS itself handed out is left to the decision: then it is we who do not understand it.
    """
    for document in documents:
        errors = [finding for finding in document.findings if finding.severity is Severity.ERROR]
        place = texts.locate(document.label, "")
        if errors and place:
            candidates = tuple(_fault(document, error, texts) for error in errors)
            yield Testimony(about="policy", answer=Answer.DENIED, message=candidates[0].because, candidates=candidates)


def _fault(document: Document, error: Finding, texts: Texts) -> Candidate:
    causes = {Kind.RESOURCE: Cause.BUCKET_POLICY_MISSING, Kind.KEY: Cause.ENCRYPTION_KEY_DENIED}
    place = texts.locate(document.label, error.pointer)
    where = f"{place}: " if place else ""
    because = f"{where}the {document.label} cannot be stored like this: {error}"
    cause = causes.get(document.kind, Cause.PERMISSION_MISSING)
    return Candidate(cause=cause, because=because, location=place)


def combined(ask: Ask, found: Iterable[Testimony]) -> Reply:
    """The reply of all; where nobody names a cause, it is what the worst of them is about that refuses."""
    return testimony.combined("s3", ask, found, _undecided)
