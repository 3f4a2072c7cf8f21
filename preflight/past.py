"""A report read back from its JSON: what was found before, by this version or another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preflight.model import Location, Owner, Permission, Safety, Severity, Status, Verdict

SCHEMA = "preflight.report/1"


class Unfit(ValueError):  # noqa: N818 - what the document is, not what happened to us
    """A document that is no report; its text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRemedy:
    summary: str = ""
    owner: Owner = Owner.CALLER
    commands: tuple[str, ...] = ()
    patch: str = ""
    safety: Safety = Safety.REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCandidate:
    """A possible cause; its name stays text, for another version may know others."""

    cause: str
    because: str = ""
    missing: tuple[Permission, ...] = ()
    field: str | None = None
    expected: str | None = None
    location: Location | None = None
    tell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWaiver:
    reason: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOutcome:
    check: str
    status: Status
    severity: Severity = Severity.ERROR
    title: str = ""
    message: str = ""
    reason: str = ""
    essential: bool = False
    applies: bool = True
    candidates: tuple[PastCandidate, ...] = ()
    remedy: PastRemedy | None = None
    waived: PastWaiver | None = None
    see: str = ""

    @property
    def bad(self) -> bool:
        return self.status in {Status.FAIL, Status.UNKNOWN}

    @property
    def settled(self) -> bool:
        """Whether nothing can be wrong by this check: it passed, or makes no sense for the storage."""
        return self.status is Status.PASS or not self.applies


@dataclass(frozen=True, slots=True, kw_only=True)
class PastResidue:
    address: str
    delete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWriter:
    principal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStorage:
    name: str
    verdict: Verdict
    storage_type: str = ""
    address: str = ""
    origin: Location | None = None
    writer: PastWriter = PastWriter()
    outcomes: tuple[PastOutcome, ...] = ()
    residue: tuple[PastResidue, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A report as far as anybody who comes later needs it."""

    verdict: Verdict
    version: str = ""
    started: str = ""
    exit_code: int = 0
    asked: tuple[str, ...] = ("check",)  # the words of the command, but for its files
    storages: tuple[PastStorage, ...] = ()
    outcomes: tuple[PastOutcome, ...] = ()

    def findings(self) -> Iterator[tuple[PastStorage | None, PastOutcome]]:
        """What failed or is open, in the order in which it was judged; None: about the files."""
        for storage in self.storages:
            yield from ((storage, outcome) for outcome in storage.outcomes if outcome.bad)
        yield from ((None, outcome) for outcome in self.outcomes if outcome.bad)


def read(document: Mapping[str, Any]) -> Past:
    """Raises `Unfit`. What another version wrote beside is passed by; what it did not write yet has a default."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Past).validate_python(document)
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unfit(f"{place}: {first['msg'].lower()}; expected what `preflight schema report` says") from None
