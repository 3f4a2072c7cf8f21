"""Waivers laid on outcomes: what is known and accepted for a while is told, and does not count."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from preflight.checks import drawer
from preflight.model import Cause, Outcome, Problem, Status, Storage, Waiver

CHECK = "honour-waivers"  # the check that reports on waivers themselves; nothing waives it


def waive(outcome: Outcome, storage: Storage, waivers: Sequence[Waiver]) -> Outcome:
    """The outcome, with the first waiver that fits it. Only what failed can be waived, and never a bug of ours.

    A waiver holds in the file that it is written in: what one team accepts for itself, it accepts for nobody else.
    """
    if outcome.status is not Status.FAIL or outcome.check == CHECK:
        return outcome
    found = next((waiver for waiver in waivers if _fits(waiver, outcome, storage)), None)
    return replace(outcome, waived=found) if found else outcome


def doubts(waivers: Sequence[Waiver]) -> Iterator[Problem]:
    """What is wrong with waivers that only those who know the checks can tell."""
    known = [name for name in drawer() if name != CHECK]
    for waiver in waivers:
        if waiver.check not in known:
            message, remedy = f"`{waiver.check}` is no check", "`preflight list checks` names them"
            if waiver.check == CHECK:
                message, remedy = f"`{CHECK}` cannot be waived", "mend or remove the waivers that it tells of"
            elif close := difflib.get_close_matches(waiver.check, known, 1):
                message, remedy = f"{message}; did you mean {close[0]}?", f"write {close[0]}"
            yield Problem(
                check=CHECK,
                message=message,
                cause=Cause.REQUEST_INVALID,
                location=waiver.location,
                remedy=remedy,
            )


def _fits(waiver: Waiver, outcome: Outcome, storage: Storage) -> bool:
    """A waiver that names a cause holds only while that cause is the first."""
    first = outcome.candidates[0].cause if outcome.candidates else None
    at_home = not waiver.location.file or _files(outcome, storage) <= {waiver.location.file}
    named = waiver.check == outcome.check and fnmatchcase(storage.name, waiver.storage)
    return at_home and named and waiver.cause in {None, first}


def _files(outcome: Outcome, storage: Storage) -> set[str]:
    """The files that an outcome is about: that of its storage, or for one of no storage those that it points into."""
    if storage.origin.file:
        return {storage.origin.file}
    return {candidate.location.file for candidate in outcome.candidates if candidate.location}
