"""Waivers laid on outcomes: what is known and accepted for a while is told, and does not count."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from preflight.checks import drawer
from preflight.model import Cause, Outcome, Problem, Status, Waiver

CHECK = "honour-waivers"  # the check that reports on waivers themselves; nothing waives it


def waive(outcome: Outcome, storage: str, waivers: Sequence[Waiver]) -> Outcome:
    """The outcome, with the first waiver that fits it. Only what failed can be waived, and never a bug of ours."""
    if outcome.status is not Status.FAIL or outcome.check == CHECK:
        return outcome
    found = next((waiver for waiver in waivers if _fits(waiver, outcome, storage)), None)
    return replace(outcome, waived=found) if found else outcome


def doubts(waivers: Sequence[Waiver]) -> Iterator[Problem]:
    """What is wrong with waivers that only those who know the checks can tell."""
    for waiver in waivers:
        if waiver.check not in drawer() or waiver.check == CHECK:
            close = difflib.get_close_matches(waiver.check, drawer(), 1)
            message = "cannot be waived" if waiver.check == CHECK else "is no check"
            yield Problem(
                check=CHECK,
                message=f"`{waiver.check}` {message}" + (f"; did you mean {close[0]}?" if close else ""),
                cause=Cause.REQUEST_INVALID,
                location=waiver.location,
                remedy=f"write {close[0]}" if close else "`preflight list checks` names them",
            )


def _fits(waiver: Waiver, outcome: Outcome, storage: str) -> bool:
    """A waiver that names a cause holds only while that cause is the first."""
    first = outcome.candidates[0].cause if outcome.candidates else None
    return waiver.check == outcome.check and waiver.cause in {None, first} and fnmatchcase(storage, waiver.storage)
