"""From what was weighed to the decision: its reasons by example, and the moment from which it is another one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from preflight.iam.decision import Answer, Decision, Need, Reason
from preflight.iam.examples import Examples

There = TypeVar("There")

_BOUNDARIES = 16  # moments after which the decision is asked again


class Told(NamedTuple):
    """Reasons, the deciding one first, and needs."""

    reasons: tuple[Reason, ...]
    needs: tuple[Need, ...]


def tell(
    found: Examples,
    at: Callable[[str], There],
    *,
    refusals: Callable[[There], Iterable[Reason]],
    doubts: Callable[[There], Iterable[Reason]],
    needs: Callable[[There], Iterable[Need]],
    grants: Callable[[There], Iterable[Reason]],
) -> Told:
    """Reasons from the examples: first why some are denied, then what is open, then what grants the others.

    `at` weighs anew for one name, and the others say what is to be told there.
    """
    reasons: list[Reason] = []
    settling: tuple[Need, ...] = ()
    if found.denied is not None:
        reasons += refusals(at(found.denied))
    if found.undecided is not None:
        there = at(found.undecided)
        reasons += doubts(there)
        settling = tuple(dict.fromkeys(needs(there)))
    if found.allowed is not None:
        reasons += grants(at(found.allowed))
    return Told(tuple(dict.fromkeys(reasons)), settling)


def decision(found: Examples, told: Told, assumptions: Iterable[str], *, hard: str) -> Decision:
    """The answer with its proof. `hard` is what to say where not every kind of example could be searched."""
    return Decision(
        answer=found.answer,
        reasons=told.reasons,
        needs=(*told.needs, Need(says=hard)) if found.hard else told.needs,
        assumptions=tuple(assumptions),
        allowed=found.allowed,
        denied=found.denied,
        undecided=found.undecided,
    )


def until(answer: Answer, moments: Iterable[datetime], asked: Callable[[datetime], Answer]) -> str | None:
    """The first of the moments, which are in order and to come, right after which `asked` has another answer."""
    for moment in itertools.islice(moments, _BOUNDARIES):
        if asked(moment + timedelta(seconds=1)) is not answer:
            return moment.isoformat()
    return None
