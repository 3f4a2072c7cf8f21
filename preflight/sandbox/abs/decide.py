"""Who may do what, by the same engine that judges documents: what it leaves open is not granted."""

from __future__ import annotations

from preflight.iam.azure.document import read_assignments, read_definition, read_denials
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request, weigh
from preflight.iam.examples import Examples
from preflight.iam.globs import Glob
from preflight.sandbox.abs import resources
from preflight.sandbox.abs.attempt import Attempt
from preflight.sandbox.abs.state import State


def allowed(state: State, attempt: Attempt) -> bool:
    held = state.assignments
    definitions = (read_definition(resources.role(one.role, state.subscription), "") for one in held)
    layers = Layers(
        assignments=read_assignments([resources.assignment(one, state.subscription) for one in held]),
        complete=True,
        definitions={one.id: one for one in definitions},
        denials=read_denials([resources.denial(one) for one in state.denials]),
        hierarchical=False,  # access control lists are asked elsewhere
    )
    account = attempt.scope.partition("/storageAccounts/")[2].partition("/")[0]
    request = Request(
        principal=Principal(object_id=attempt.principal),
        actions=(attempt.action,),
        asked=Glob.literal(attempt.blob),
        target=Target(account=account, container=attempt.container, scope=attempt.scope, listed=True),
        now=attempt.now,
        control=not attempt.data,
        suboperation=attempt.suboperation,
    )
    return Examples.of(request.asked, weigh(request, layers).allowed).truth is True
