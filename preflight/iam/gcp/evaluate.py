"""The decision: what bindings and deny rules let a service account do with one name, or with every name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from preflight.iam import deciding
from preflight.iam.decision import Decision
from preflight.iam.examples import Examples
from preflight.iam.gcp.cel import Time, claims
from preflight.iam.gcp.reasons import tell
from preflight.iam.gcp.weighing import Layers, Request, weigh


def decide(request: Request, layers: Layers) -> Decision:
    """The answer for every name of the request, with its reasons and an example of each kind. Never raises."""
    decision = _decide(request, layers)
    return replace(decision, until=_until(decision, request, layers)) if _dates(layers) else decision


def _decide(request: Request, layers: Layers) -> Decision:
    weighing = weigh(request, layers)
    found = Examples.of(request.asked, weighing.allowed)
    hard = "the conditions together are too complex to decide for every name"
    return deciding.decision(found, tell(weighing, layers, found), _assumptions(layers), hard=hard)


def _assumptions(layers: Layers) -> Iterator[str]:
    if layers.denials is None:
        yield "no deny policy of the project, its folders or the organization was read: taken not to forbid this"


def _dates(layers: Layers) -> list[datetime]:
    """The moments that conditions compare the time with, in order."""
    conditions = [binding.condition for policy in layers.policies for binding in policy.bindings]
    conditions += [rule.condition for policy in layers.denials or () for rule in policy.rules]
    found = (claim for condition in conditions if condition for claim in claims(condition.claim))
    return sorted({claim.moment for claim in found if isinstance(claim, Time)})


def _until(decision: Decision, request: Request, layers: Layers) -> str | None:
    """The first moment after the request's own from which the answer is another one."""
    later = [moment for moment in _dates(layers) if moment >= request.now]
    return deciding.until(decision.answer, later, lambda now: _decide(replace(request, now=now), layers).answer)
