"""The decision: what documents let a caller do with one resource, or with every one that a pattern describes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from preflight.iam.aws.document import Document
from preflight.iam.aws.layers import ASSUMED, NAMES, Layers, documents
from preflight.iam.aws.matching import Request
from preflight.iam.aws.operators import date
from preflight.iam.aws.reasons import Told, tell
from preflight.iam.aws.weighing import weigh
from preflight.iam.decision import Decision, Need
from preflight.iam.examples import Examples

_BOUNDARIES = 16  # dates after which the decision is asked again


def decide(request: Request, layers: Layers) -> Decision:
    """The answer for every resource of the request, with its reasons and an example of each kind.

    Never raises for what documents hold: what cannot be decided is `unknown`, and `needs` says why.
    """
    decision = _decide(request, layers)
    dates = _dates(layers)
    return replace(decision, until=_until(decision, request, layers, dates)) if dates else decision


def _decide(request: Request, layers: Layers) -> Decision:
    weighing = weigh(request, layers)
    found = Examples.of(request.resource, weighing.allowed)
    told = tell(weighing, layers, found.allowed, found.denied, found.undecided)
    if found.hard:
        told = Told(
            told.reasons, (*told.needs, Need(says="the patterns together are too complex to decide for every key"))
        )
    return Decision(
        answer=found.answer,
        reasons=told.reasons,
        needs=told.needs,
        assumptions=_assumptions(layers),
        allowed=found.allowed,
        denied=found.denied,
        undecided=found.undecided,
    )


def _assumptions(layers: Layers) -> tuple[str, ...]:
    held = (name for name in NAMES if getattr(layers, name) is ASSUMED)
    return tuple(f"{NAMES[name]} {'is' if name == 'restricted' else 'are'} taken to allow this" for name in held)


def _documents(layers: Layers) -> Iterator[Document]:
    for name in NAMES:
        layer = getattr(layers, name)
        if not isinstance(layer, bool):
            yield from documents(layer)


def _dates(layers: Layers) -> list[datetime]:
    """The dates that statements compare the clock with, in order."""
    return sorted({moment for document in _documents(layers) for moment in document.dates})


def _until(decision: Decision, request: Request, layers: Layers, dates: list[datetime]) -> str | None:
    """The first date after the request's own from which the answer is another one."""
    now = request.context["aws:CurrentTime"]
    if not isinstance(now, str):
        return None
    later = [point for point in dates if point > date(now)]
    for point in later[:_BOUNDARIES]:
        after = point + timedelta(seconds=1)
        keys = {"aws:CurrentTime": after.isoformat(), "aws:EpochTime": str(int(after.timestamp()))}
        then = replace(request, context=request.context.with_(keys))
        if _decide(then, layers).answer is not decision.answer:
            return point.isoformat()
    return None
