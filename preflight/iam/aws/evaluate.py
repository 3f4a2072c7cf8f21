"""The decision: what documents let a caller do with one resource, or with every one that a pattern describes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from preflight.iam import deciding
from preflight.iam.aws.document import Document
from preflight.iam.aws.layers import ASSUMED, NAMES, Layers, documents
from preflight.iam.aws.matching import Request
from preflight.iam.aws.operators import date
from preflight.iam.aws.reasons import tell
from preflight.iam.aws.weighing import weigh
from preflight.iam.decision import Answer, Decision
from preflight.iam.examples import Examples


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
    hard = "the patterns together are too complex to decide for every key"
    return deciding.decision(found, tell(weighing, layers, found), _assumptions(layers), hard=hard)


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

    def answer(then: datetime) -> Answer:
        keys = {"aws:CurrentTime": then.isoformat(), "aws:EpochTime": str(int(then.timestamp()))}
        return _decide(replace(request, context=request.context.with_(keys)), layers).answer

    return deciding.until(decision.answer, [point for point in dates if point > date(now)], answer)
