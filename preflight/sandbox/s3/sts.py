"""The Security Token Service, as far as one asks it who one is."""

from __future__ import annotations

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.s3 import wire
from preflight.sandbox.s3.authentication import query_caller
from preflight.sandbox.s3.refusal import RefusedError
from preflight.sandbox.s3.state import State
from preflight.sandbox.world import Service, World

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def sts(world: World, state: State) -> Service:
    """`GetCallerIdentity` needs no permission; everything else is not offered here."""

    def handle(request: Request) -> Response:
        try:
            caller = query_caller(request, state, world.now())
        except RefusedError as refusal:
            return wire.query_refusal(refusal, _NAMESPACE)
        if request.form.get("Action") != "GetCallerIdentity":
            text = f"Could not find operation {request.form.get('Action')} for version 2011-06-15"
            return wire.query_refusal(RefusedError(400, "InvalidAction", text), _NAMESPACE)
        result = (
            wire.element("Arn", caller.arn)
            + wire.element("UserId", caller.unique_id)
            + wire.element("Account", caller.account)
        )
        return wire.query_answer("GetCallerIdentity", result, _NAMESPACE)

    def refuse(_: Request, fault: Fault) -> Response:
        return wire.query_refusal(RefusedError(fault.status, fault.code, fault.message), _NAMESPACE)

    return Service(handle, refuse)
