"""What changed between two reports, for whoever says that it worked yesterday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from preflight.model import Severity, Status
from preflight.namesakes import Identity, apart
from preflight.past import Past, PastOutcome
from preflight.reports._text import one_line, unordered

SCHEMA = "preflight.comparison/1"


@dataclass(frozen=True, slots=True)
class Change:
    """A finding, by what it is called and what it says. `now`: why the later report leaves open whether it is fixed."""

    of: Identity | None  # None: about the files
    check: str
    cause: str
    outcome: PastOutcome
    now: str = ""

    @property
    def storage(self) -> str:
        """The name of the storage, and its file where others share the name."""
        return str(self.of or "")

    @property
    def counts(self) -> bool:
        """Whether it is worse than a warning or a waived finding."""
        graver = self.outcome.severity is Severity.ERROR or self.outcome.status is Status.UNKNOWN
        return graver and self.outcome.waived is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Findings that came or grew worse, that are gone, of which the later report says nothing, and that stayed."""

    before: Past
    after: Past
    new: tuple[Change, ...]
    fixed: tuple[Change, ...]
    unjudged: tuple[Change, ...]
    still: tuple[Change, ...]
    appeared: tuple[str, ...] = ()  # storages
    vanished: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 where something got worse that counts, 0 otherwise: what was there before is no news."""
        return int(any(change.counts for change in self.new))


def compare(before: Past, after: Past) -> Comparison:
    """Compares by storage, check and first cause. Fixed is only what the later report judged and found well.

    A storage is known by its name, and where several share it by its file, too. One that is gone has fixed nothing.
    A finding of both is new where it was open or waived, and is not any more.
    """
    were, are = apart(before.storages, after.storages)
    earlier, later = _changes(before, were), _changes(after, are)
    new = {name for name, change in later.items() if name not in earlier or _worse(earlier[name], change)}
    gone = [
        replace(change, now=_open(after, are, change))
        for name, change in earlier.items()
        if name not in later and (change.of is None or change.of in are)
    ]
    return Comparison(
        before=before,
        after=after,
        new=tuple(later[name] for name in later if name in new),
        fixed=tuple(change for change in gone if not change.now),
        unjudged=tuple(change for change in gone if change.now),
        still=tuple(later[name] for name in later if name not in new),
        appeared=tuple(str(one) for one in are if one not in were),
        vanished=tuple(str(one) for one in were if one not in are),
    )


def _worse(before: Change, after: Change) -> bool:
    was, now = before.outcome, after.outcome
    refuted = was.status is Status.UNKNOWN and now.status is Status.FAIL
    return refuted or (was.waived is not None and now.waived is None)


def _open(after: Past, are: Sequence[Identity], change: Change) -> str:
    """Why a report leaves open whether a finding that it does not tell is fixed; nothing if it is."""
    found = [outcome for of, outcome in _outcomes(after, are) if (of, outcome.check) == (change.of, change.check)]
    if not found:
        return "there is no such check in the later report"
    unsettled = next((one for one in found if not one.settled), None)
    return (unsettled.reason or unsettled.message or unsettled.status.value) if unsettled else ""


def _changes(past: Past, which: Sequence[Identity]) -> dict[tuple[Identity | None, str, str], Change]:
    """What failed or is open, by storage, check and cause."""
    found = {}
    for of, outcome in _outcomes(past, which):
        if outcome.bad:
            cause = outcome.candidates[0].cause if outcome.candidates else ""
            found[of, outcome.check, cause] = Change(of, outcome.check, cause, outcome)
    return found


def _outcomes(past: Past, which: Sequence[Identity]) -> Iterator[tuple[Identity | None, PastOutcome]]:
    for storage, identity in zip(past.storages, which, strict=True):
        yield from ((identity, outcome) for outcome in storage.outcomes)
    yield from ((None, outcome) for outcome in past.outcomes)


def text(found: Comparison) -> str:
    return unordered("\n".join(_lines(found)) + "\n")


def _lines(found: Comparison) -> Iterator[str]:
    yield f"before: {found.before.verdict}, {found.before.started}, preflight {one_line(found.before.version)}"
    yield f"after:  {found.after.verdict}, {found.after.started}, preflight {one_line(found.after.version)}"
    for word, names in {"added": found.appeared, "removed": found.vanished}.items():
        yield from (f"storage {word}: {one_line(name) or '(no name)'}" for name in names)
    told = {"new": found.new, "fixed": found.fixed, "not judged any more": found.unjudged, "still there": found.still}
    for word, changes in told.items():
        yield ""
        yield f"{word}: {len(changes) or 'nothing'}"
        for change in changes:
            about = f"{one_line(change.storage)}: " if change.storage else ""
            cause = f": {one_line(change.cause)}" if change.cause else ""
            yield f"  {about}{one_line(change.outcome.title)}   {one_line(change.check)}{cause}"
            yield f"      {one_line(change.outcome.message)}"
            if change.now:
                yield f"      now: {one_line(change.now)}"


def plain(found: Comparison) -> dict[str, Any]:
    """The comparison as JSON values."""
    return {
        "schema": SCHEMA,
        "exit_code": found.exit_code,
        "before": _source(found.before),
        "after": _source(found.after),
        "storages": {"added": list(found.appeared), "removed": list(found.vanished)},
        "new": [_plain(change) for change in found.new],
        "fixed": [_plain(change) for change in found.fixed],
        "unjudged": [{**_plain(change), "now": change.now} for change in found.unjudged],
        "still": [_plain(change) for change in found.still],
    }


def _source(past: Past) -> dict[str, Any]:
    return {"verdict": past.verdict.value, "started": past.started, "version": past.version}


def _plain(change: Change) -> dict[str, Any]:
    return {
        "storage": change.storage or None,
        "check": change.check,
        "cause": change.cause or None,
        "status": change.outcome.status.value,
        "severity": change.outcome.severity.value,
        "waived": change.outcome.waived is not None,
        "message": change.outcome.message,
    }
