"""Decisions about one write, put together into the one reply that the documents give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from preflight import stream
from preflight.iam.aws.document import Document, Finding, Kind
from preflight.iam.aws.s3 import Bucket
from preflight.iam.decision import Answer, Decision, Part, Reason, Role
from preflight.model import Ask, Candidate, Cause, Location, Permission, Refusal, Reply, Severity

STAGE = "documents"
_NETWORK = ("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
_STRANGERS = ("resource control",)
_OWN = ("boundary", "service control", "resource control")
_WORST_FIRST = (Answer.DENIED, Answer.SPLIT, Answer.UNKNOWN, Answer.ALLOWED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one document, or one setting, says about the write. `about`: policy, key, payer, lock or settings.

    `keys` are the condition keys that leave it open; `candidates` what is wrong, or might be.
    """

    about: str
    answer: Answer
    message: str = ""
    statement: str = ""
    candidates: tuple[Candidate, ...] = ()
    needs: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    allowed: str | None = None
    denied: str | None = None
    until: str | None = None

    @classmethod
    def denying(cls, about: str, cause: Cause, because: str, missing: tuple[Permission, ...]) -> Self:
        candidate = Candidate(cause=cause, because=because, missing=missing)
        return cls(about=about, answer=Answer.DENIED, message=because, candidates=(candidate,))


@dataclass(slots=True)
class Texts:
    """Where the documents were written, by label: the file, and the line of each JSON pointer."""

    files: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def remember(self, label: str, source: object) -> None:
        if isinstance(source, Mapping):
            self.files[label] = source

    def locate(self, label: str, pointer: str) -> Location | None:
        """The place of a pointer, or of what is around it; None for a document that came from no file."""
        if label not in self.files:
            return None
        source = self.files[label]
        while pointer and pointer not in source["lines"]:
            pointer = pointer.rpartition("/")[0]
        line, column = source["lines"].get(pointer, (1, 1))
        return Location(str(source["file"]), int(line), int(column))


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
    return Cause.NETWORK_DENIED if is_network(reason.key) else Cause.CONDITION_UNMET


def is_network(key: str) -> bool:
    """Whether a condition key is about where a request comes from."""
    return key.lower() in _NETWORK


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
    """The reply of all witnesses on paper: the worst of them decides, and only if all allow there is no refusal."""
    testimonies = sorted(found, key=lambda one: _WORST_FIRST.index(one.answer))
    worst = testimonies[0]
    answer = worst.answer
    against = [one for one in testimonies if one.answer is answer]
    facts: dict[str, Any] = {
        "answer": answer.value,
        "statement": worst.statement,
        "allowed": next((one.allowed for one in testimonies if one.allowed is not None), None),
        "denied": next((one.denied for one in against if one.denied is not None), None),
        "needs": _flat(one.needs for one in testimonies),
        "of": {one.about: _plain(one) for one in reversed(testimonies)},
        "open_keys": _flat(one.keys for one in testimonies),
        "assumptions": _flat(one.assumptions for one in testimonies),
        "until": min((one.until for one in testimonies if one.until), default=None),
    }
    message = worst.message
    if answer is Answer.SPLIT:
        message = f"{message} (keys such as {worst.denied} are not writable)"
    if answer is Answer.ALLOWED:
        return Reply(message=message, facts=facts)
    speaking = (one for one in testimonies if one.answer is not Answer.ALLOWED)
    candidates = tuple(dict.fromkeys(candidate for one in speaking for candidate in one.candidates))
    candidates = candidates or (Candidate(cause=_undecided(worst.about), because=message),)
    refusal = Refusal(provider="s3", stage=STAGE, operation=str(ask), code=answer.value, message=message)
    return Reply(code=answer.value, message=message, facts=facts, refusal=refusal, candidates=candidates)


def _plain(one: Testimony) -> dict[str, Any]:
    return {"answer": one.answer.value, "message": one.message, "statement": one.statement}


def _flat(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(item for one in lists for item in one))
