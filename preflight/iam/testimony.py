"""What documents say about one write, put together into the one reply of the witness on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from preflight.iam.decision import Answer, Decision, Reason, Role
from preflight.iam.findings import Finding
from preflight.model import Ask, Candidate, Cause, Location, Permission, Refusal, Reply, Severity

STAGE = "documents"
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
    undecided: str | None = None
    until: str | None = None

    @classmethod
    def denying(cls, about: str, cause: Cause, because: str, missing: tuple[Permission, ...] = ()) -> Self:
        """What was read refuses the write."""
        candidate = Candidate(cause=cause, because=because, missing=missing)
        return cls(about=about, answer=Answer.DENIED, message=because, candidates=(candidate,))

    @classmethod
    def doubting(cls, about: str, cause: Cause, because: str, missing: tuple[Permission, ...] = ()) -> Self:
        """What was not read may refuse the write."""
        candidate = Candidate(cause=cause, because=because, missing=missing)
        return cls(about=about, answer=Answer.UNKNOWN, message=because, candidates=(candidate,), needs=(because,))


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


def told(decision: Decision, missing: tuple[Permission, ...], texts: Texts, *, base: str = "") -> Testimony:
    """What a decision says. `base` is what its names begin with before the key."""
    needs = tuple(dict.fromkeys(need.says for need in decision.needs))
    first = decision.deciding
    return Testimony(
        about="policy",
        answer=decision.answer,
        message=_message(decision, needs),
        statement=f"{first.statement} of the {first.document}" if first and first.statement else "",
        candidates=tuple(_candidates(decision, missing, texts)),
        needs=needs,
        keys=tuple(need.key for need in decision.needs if need.key),
        assumptions=decision.assumptions,
        allowed=_key(decision.allowed, base),
        denied=_key(decision.denied, base),
        undecided=_key(decision.undecided, base),
        until=decision.until,
    )


def _key(name: str | None, base: str) -> str | None:
    return None if name is None else name.removeprefix(base)


def _message(decision: Decision, needs: tuple[str, ...]) -> str:
    if decision.answer is Answer.UNKNOWN:
        return "; ".join(dict.fromkeys((decision.sentence, *needs))) or "the documents leave it open"
    return f"{decision.sentence}, until {decision.until}" if decision.until else decision.sentence


def _candidates(decision: Decision, missing: tuple[Permission, ...], texts: Texts) -> Iterator[Candidate]:
    """Every reason that speaks against the write, deciding ones first; an open one says what would settle it."""
    settling = "; ".join(need.says for need in decision.needs)
    for reason in decision.reasons:
        if reason.role is not Role.GRANT:
            yield Candidate(
                cause=_cause(reason),
                because=reason.says,
                missing=() if reason.role is Role.DENY else missing,
                location=texts.locate(reason.document, reason.pointer),
                tell=settling if reason.role is Role.OPEN else "",
            )


def _cause(reason: Reason) -> Cause:
    return reason.cause or (Cause.CONDITION_UNMET if reason.part else Cause.PERMISSION_MISSING)


def faulty(label: str, findings: Iterable[Finding], texts: Texts) -> Iterator[Testimony]:
    """A document out of a file that the provider would refuse to store, so that nothing in it can come to hold.

    One that the provider itself handed out is left to the decision: then it is we who do not understand it.
    """
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors and texts.locate(label, ""):
        candidates = tuple(_fault(label, error, texts) for error in errors)
        yield Testimony(about="policy", answer=Answer.DENIED, message=candidates[0].because, candidates=candidates)


def _fault(label: str, error: Finding, texts: Texts) -> Candidate:
    place = texts.locate(label, error.pointer)
    because = f"{place}: the {label} cannot be stored like this: {error}"
    return Candidate(cause=Cause.PERMISSION_MISSING, because=because, location=place)


def combined(
    provider: str, ask: Ask, found: Iterable[Testimony], suspected: Callable[[str], Cause] | None = None
) -> Reply:
    """The reply of all witnesses on paper: the worst of them decides, and only if all allow there is no refusal.

    `suspected` gives the cause where nobody names one, by what the worst of them is about.
    """
    testimonies = sorted(found, key=lambda one: _WORST_FIRST.index(one.answer))
    worst = testimonies[0]
    answer = worst.answer
    against = [one for one in testimonies if one.answer is answer]
    facts: dict[str, Any] = {
        "answer": answer.value,
        "statement": worst.statement,
        "allowed": next((one.allowed for one in testimonies if one.allowed is not None), None),
        "denied": next((one.denied for one in against if one.denied is not None), None),
        "undecided": next((one.undecided for one in testimonies if one.undecided is not None), None),
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
    if not candidates and suspected:
        candidates = (Candidate(cause=suspected(worst.about), because=message),)
    refusal = Refusal(provider=provider, stage=STAGE, operation=str(ask), code=answer.value, message=message)
    return Reply(code=answer.value, message=message, facts=facts, refusal=refusal, candidates=candidates)


def _plain(one: Testimony) -> dict[str, str]:
    return {"answer": one.answer.value, "message": one.message, "statement": one.statement}


def _flat(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(item for one in lists for item in one))
