"""Who may do what: deny assignments first, then roles at or above the scope with their conditions."""

from __future__ import annotations

from collections.abc import Iterable

from preflight.sandbox.abs.attempt import Attempt, matches
from preflight.sandbox.abs.condition import holds
from preflight.sandbox.abs.state import Assignment, State


def allowed(state: State, attempt: Attempt) -> bool:
    for denial in state.denials:
        denied = denial.data_actions if attempt.data else denial.actions
        reached = denial.principal == attempt.principal and _below(attempt.scope, denial.scope)
        if reached and _named(attempt.action, denied):
            return False
    return any(_grants(one, attempt) for one in state.assignments)


def _grants(assignment: Assignment, attempt: Attempt) -> bool:
    role = assignment.role
    given, taken = (role.data_actions, role.not_data_actions) if attempt.data else (role.actions, role.not_actions)
    return (
        assignment.principal == attempt.principal
        and _below(attempt.scope, assignment.scope)
        and _named(attempt.action, given)
        and not _named(attempt.action, taken)
        and (not assignment.condition or holds(assignment.condition, attempt))
    )


def _below(scope: str, above: str) -> bool:
    """Scopes nest by whole segments and ignore case."""
    return f"{scope}/".lower().startswith(f"{above.rstrip('/')}/".lower())


def _named(action: str, patterns: Iterable[str]) -> bool:
    return any(matches(action, pattern) for pattern in patterns)
