"""What a report has to tell: findings with a name, a place and all that is known of each, for every reader."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from preflight.model import (
    NOWHERE,
    Candidate,
    Confidence,
    Evidence,
    Location,
    Outcome,
    Owner,
    Permission,
    Reply,
    Report,
    Residue,
    Severity,
    Status,
    StorageReport,
    Verdict,
    Waiver,
)
from preflight.namesakes import Identity, identities
from preflight.reports._plain import see
from preflight.reports._text import OWNERS, UNTRIED, UNTRIED_BUT, VERDICTS


class Level(StrEnum):
    """How loudly a finding is told. What is waived is a note; what is not known is `open`."""

    ERROR = "error"
    WARNING = "warning"
    OPEN = "open"
    NOTE = "note"


class Part(StrEnum):
    """What a sentence about a finding is about; the value is its label."""

    MESSAGE = ""
    OTHER = "or"
    MISSING = "missing"
    FIELD = "field"
    EVIDENCE = "evidence"
    FIX = "fix"
    COMMAND = "run"
    PATCH = "patch"
    WAIVED = "waived"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome that failed or is open. `storage`, and which one it is, are None for one about a whole file."""

    outcome: Outcome
    storage: StorageReport | None = None
    identity: Identity | None = None

    @property
    def name(self) -> str:
        """`check/cause`, which is the same in every run and every version."""
        first = self.first
        return f"{self.outcome.check}/{first.cause}" if first else self.outcome.check

    @property
    def first(self) -> Candidate | None:
        return self.outcome.candidates[0] if self.outcome.candidates else None

    @property
    def about(self) -> str:
        return self.storage.storage.name if self.storage else ""

    @property
    def level(self) -> Level:
        if self.outcome.status is Status.UNKNOWN:
            return Level.OPEN
        return Level.NOTE if self.outcome.waived else Level(self.outcome.severity.value)

    @property
    def location(self) -> Location:
        """The field's place, else the storage's."""
        places = [candidate.location for candidate in self.outcome.candidates if candidate.location]
        if self.first and self.first.location and self.first.location.file:
            return self.first.location
        if self.storage:
            return self.storage.storage.origin
        return places[0] if places else NOWHERE

    @property
    def fingerprint(self) -> str:
        """The same for the same finding of the same storage, wherever in the file the storage moves."""
        which = self.identity or Identity("", self.location.file)
        parts = (self.name, which.name, which.file, str(which.turn))
        return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()

    def told(self) -> Iterator[tuple[Part, str]]:
        """Everything there is to say, sentence by sentence; raw, for each format escapes in its own way."""
        outcome = self.outcome
        yield Part.MESSAGE, outcome.message or outcome.title
        yield from ((Part.OTHER, other(candidate)) for candidate in outcome.candidates[1:])
        for candidate in outcome.candidates:
            yield from ((Part.MISSING, each) for each in missing(candidate, outcome))
            if told := field(candidate, outcome):
                yield Part.FIELD, told
        yield from ((Part.EVIDENCE, evidence(each)) for each in outcome.evidence)
        if outcome.remedy:
            yield Part.FIX, f"({OWNERS[outcome.remedy.owner]}) {outcome.remedy.summary}"
            yield from ((Part.COMMAND, command) for command in outcome.remedy.commands)
            if outcome.remedy.patch:
                yield Part.PATCH, outcome.remedy.patch
        if outcome.waived:
            yield Part.WAIVED, waiver(outcome.waived)
        yield Part.MORE, see(outcome)


def findings(report: Report) -> tuple[Finding, ...]:
    """Everything that failed or is open, storage by storage, then what is about the files."""
    which = identities([one.storage for one in report.storages])
    of = zip(report.storages, which, strict=True)
    found = (Finding(outcome, storage, identity) for storage, identity in of for outcome in storage.outcomes)
    wide = (Finding(outcome) for outcome in report.outcomes)
    told = {Status.FAIL, Status.UNKNOWN}
    return tuple(one for one in (*found, *wide) if one.outcome.status in told)


def worth(outcome: Outcome, show: Severity) -> bool:
    """Whether an outcome is told in full where only failures from `show` on are wanted; what is open always is."""
    order = list(Severity)  # the gravest first
    return outcome.status is not Status.FAIL or order.index(outcome.severity) <= order.index(show)


def outcomes(report: Report) -> tuple[Outcome, ...]:
    return tuple(outcome for storage in report.storages for outcome in storage.outcomes) + report.outcomes


def verdict(report: Report) -> tuple[str, str]:
    """The verdict in words, and its colour."""
    return headline(report.verdict, outcomes(report))


def headline(found: Verdict, of: Sequence[Outcome]) -> tuple[str, str]:
    """Where nothing was tried, as in `lint`, `ready` says no more than that the files are well."""
    if not _untried(found, of):
        return VERDICTS[found]
    return UNTRIED_BUT if any(outcome.status is Status.FAIL for outcome in of) else UNTRIED


def word(found: StorageReport) -> str:
    """The verdict on one storage in a word, `untried` for one that is ready as far as its file tells."""
    return "untried" if _untried(found.verdict, found.outcomes) else found.verdict.value


def _untried(found: Verdict, of: Iterable[Outcome]) -> bool:
    return found is Verdict.READY and not any(one.essential and one.status is Status.PASS for one in of)


def counts(report: Report) -> str:
    """`1 failed, 4 passed, 1 skipped`."""
    words = Counter(_word(outcome) for outcome in outcomes(report))
    order = ("failed", "warned", "waived", "passed", "unknown", "skipped")
    return ", ".join(f"{words[word]} {word}" for word in order if words[word])


def assumptions(report: Report) -> tuple[str, ...]:
    return tuple(dict.fromkeys(told for storage in report.storages for told in storage.assumptions))


def residue(report: Report) -> tuple[Residue, ...]:
    return tuple(left for storage in report.storages for left in storage.residue)


def left(one: Residue) -> str:
    """`s3://bucket/key, perhaps, at most 512 bytes, since …; note`."""
    sure = "" if one.certain else ", perhaps"
    note = f"; {one.note}" if one.note else ""
    return f"{one.address}{sure}, at most {one.size} bytes, since {one.created}{note}"


def permission(one: Permission) -> str:
    return f"{one.action} on {one.resource}" if one.resource else one.action


def other(candidate: Candidate) -> str:
    because = f": {candidate.because}" if candidate.because else ""
    return f"{candidate.cause}{because}" + (f" - {candidate.tell}" if candidate.tell else "")


def field(candidate: Candidate, outcome: Outcome) -> str:
    """`aws_s3.s3_region at storages.yaml:9:18, expected eu-central-1`, or the place alone of what has no field."""
    where = candidate.location if candidate.location and candidate.location.file else None
    if candidate.field:
        expected = f", expected {candidate.expected}" if candidate.expected else ""
        return candidate.field + (f" at {where}" if where else "") + expected + _whose(candidate, outcome)
    return f"at {where}" if where and of_files(outcome) else ""


def missing(candidate: Candidate, outcome: Outcome) -> tuple[str, ...]:
    """`s3:PutObject on arn:aws:s3:::bucket/*`, for each."""
    return tuple(permission(each) + _whose(candidate, outcome) for each in candidate.missing)


def _whose(candidate: Candidate, outcome: Outcome) -> str:
    """What belongs to a cause that is not the likeliest says so, lest it be taken for the fault."""
    later = candidate.cause is not outcome.candidates[0].cause
    return f" (if it is {candidate.cause})" if later and not of_files(outcome) else ""


def excerpted(outcome: Outcome) -> tuple[Candidate, ...]:
    """The candidates whose line of the file says best what is wrong: every one of a fault in the files.

    Of an answer's causes only the likeliest, and only where it is the configuration that is wrong.
    """
    told = outcome.candidates if of_files(outcome) else outcome.candidates[:1]
    return tuple(
        one
        for one in told
        if one.location
        and one.location.excerpt
        and (of_files(outcome) or (one.cause.owner is Owner.CONFIG and one.field))
    )


def of_files(outcome: Outcome) -> bool:
    """Whether an outcome is about what is written in the files: nobody was asked anything."""
    return not outcome.evidence


def evidence(one: Evidence) -> str:
    """`live, as writer: put … → 403 AccessDenied (request 7Q2…): message`."""
    reply = one.reply
    answer = _answer(reply) or reply.facts.get("answer") or ("yes" if reply.ok else "no answer")
    asked = f"{one.witness}, as {one.identity}: {one.ask}" if one.ask else f"{one.witness}"
    request = f" (request {reply.request_id})" if reply.request_id else ""
    statement = reply.facts.get("statement")
    named = f" by statement {statement}" if statement else ""
    return f"{asked} → {answer}{named}{request}" + (f": {reply.message}" if reply.message else "")


def waiver(one: Waiver) -> str:
    place = f" ({one.location})" if one.location.file else ""
    return f"until {one.expires}{place}: {one.reason}"


def confidence(outcome: Outcome) -> str:
    """`stated` or `inferred`, and from which answer; empty where nobody answered."""
    if not (outcome.candidates and outcome.evidence):
        return ""
    stated = outcome.candidates[0].confidence is Confidence.STATED
    refused = [one.reply for one in outcome.evidence if _answer(one.reply)]
    reply = refused[-1] if refused else outcome.evidence[-1].reply
    request = f", request {reply.request_id}" if reply.request_id else ""
    answer = _answer(reply) or reply.facts.get("answer") or "no answer"
    return f"{'stated' if stated else 'inferred'} from: {answer}{request}"


def _answer(reply: Reply) -> str:
    return " ".join(str(part) for part in (reply.status, reply.code) if part)


def _word(outcome: Outcome) -> str:
    if outcome.status is Status.FAIL:
        if outcome.waived:
            return "waived"
        return "failed" if outcome.severity is Severity.ERROR else "warned"
    return {Status.PASS: "passed", Status.UNKNOWN: "unknown", Status.SKIP: "skipped"}[outcome.status]
