"""The decision: what assignments let a service principal do with one blob, or with every blob below a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from preflight.iam import deciding
from preflight.iam.azure.condition import Condition, compares, moment
from preflight.iam.azure.reasons import tell
from preflight.iam.azure.scopes import is_subscription
from preflight.iam.azure.weighing import Layers, Request, Weighing, weigh
from preflight.iam.decision import Decision
from preflight.iam.examples import Examples
from preflight.iam.globs import SOMETHING, Glob, Wild


def paths(path: str) -> Glob:
    """Every blob path that is `path` and at least one character more."""
    return Glob((path,)) + SOMETHING


def prefixes(path: str) -> Glob:
    """Every prefix by which names below `path`, and no others, are listed."""
    return Glob((path, Wild.MANY))


def decide(request: Request, layers: Layers) -> Decision:
    """The answer for every path of the request, with its reasons and an example of each kind. Never raises."""
    decision = _decide(request, layers)
    dates = _dates(layers)
    return replace(decision, until=_until(decision, request, layers, dates)) if dates else decision


def _decide(request: Request, layers: Layers) -> Decision:
    weighing = weigh(request, layers)
    found = Examples.of(request.asked, weighing.allowed)
    hard = "the conditions together are too complex to decide for every path"
    return deciding.decision(found, tell(weighing, layers, found), _assumptions(weighing, layers), hard=hard)


def _assumptions(weighing: Weighing, layers: Layers) -> Iterator[str]:
    if layers.denials is None:
        yield "no deny assignment was read: taken not to forbid this"
    giving = [grant for grants in weighing.grants.values() for grant in grants if grant.allows.sure is not False]
    if giving and not weighing.request.control and all(is_subscription(grant.assignment.scope) for grant in giving):
        yield "the subscription has no Azure Databricks namespace, where roles assigned to it give no access to data"


def _conditions(layers: Layers) -> Iterator[Condition]:
    for held in (layers.assignments, layers.denials):
        if held:
            yield from (one.condition for one in held.assignments if one.condition)
            yield from (one.condition for one in held.denials if one.condition)


def _dates(layers: Layers) -> list[datetime]:
    """The moments that conditions compare the time with, in order."""
    found = (claim for condition in _conditions(layers) for claim in compares(condition.claim))
    texts = (text for claim in found if claim.attribute.name.lower() == "utcnow" for text in claim.values)
    return sorted({when for text in texts if (when := moment(text))})


def _until(decision: Decision, request: Request, layers: Layers, dates: list[datetime]) -> str | None:
    """The first moment after the request's own from which the answer is another one."""
    later = [when for when in dates if when >= request.now]
    return deciding.until(decision.answer, later, lambda now: _decide(replace(request, now=now), layers).answer)
