"""The Key Management Service, as far as one reads what a key is and whom it lets in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.s3 import wire
from preflight.sandbox.s3.authentication import query_caller
from preflight.sandbox.s3.context import context
from preflight.sandbox.s3.decide import Question, authorise
from preflight.sandbox.s3.encryption import policy_of
from preflight.sandbox.s3.identities import Caller, Key
from preflight.sandbox.s3.refusal import RefusedError
from preflight.sandbox.s3.state import State
from preflight.sandbox.world import Service, World

# What the query protocol calls one thing, the JSON protocol calls another.
_CODES = {
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "ExpiredToken": "ExpiredTokenException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "AccessDenied": "AccessDeniedException",
}


def kms(world: World, state: State) -> Service:
    """`DescribeKey` and `GetKeyPolicy`; nothing here encrypts."""

    def handle(request: Request) -> Response:
        try:
            caller = query_caller(request, state, world.now())
            return _serve(request, caller, state, world)
        except RefusedError as refusal:
            return _say(refusal)

    def refuse(_: Request, fault: Fault) -> Response:
        return _json(fault.status, {"__type": fault.code, "message": fault.message})

    return Service(handle, refuse)


def _serve(request: Request, caller: Caller, state: State, world: World) -> Response:
    operation = request.headers.get("x-amz-target", "").removeprefix("TrentService.")
    if operation not in {"DescribeKey", "GetKeyPolicy"}:
        raise RefusedError(400, "UnknownOperationException", "")
    key = _key(json.loads(request.body or b"{}").get("KeyId", ""), caller, state)
    authorise(
        state,
        Question(
            caller=caller,
            action=f"kms:{operation}",
            resource=key.arn,
            owner=key.account,
            policy=policy_of(key),
            context=context(request, state, caller, key.account, world.now()),
        ),
    )
    if operation == "GetKeyPolicy":
        policy = policy_of(key)
        return _json(200, {"Policy": policy.text if policy else "", "PolicyName": "default"})
    return _json(200, {"KeyMetadata": _metadata(key)})


def _key(named: str, caller: Caller, state: State) -> Key:
    """A key by its ARN, or by its id within the caller's account."""
    for key in state.keys.values():
        own = key.account == caller.account and key.arn.rpartition("/")[2] == named
        if key.arn == named or own:
            return key
    raise RefusedError(400, "NotFoundException", f"Key '{named}' does not exist")


def _metadata(key: Key) -> Mapping[str, Any]:
    return {
        "AWSAccountId": key.account,
        "KeyId": key.arn.rpartition("/")[2],
        "Arn": key.arn,
        "Enabled": key.state == "Enabled",
        "KeyState": key.state,
        "KeyManager": "AWS" if key.managed else "CUSTOMER",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "Origin": "AWS_KMS",
        "MultiRegion": False,
    }


def _say(refusal: RefusedError) -> Response:
    """All refusals of this protocol are bad requests."""
    return _json(400, {"__type": _CODES.get(refusal.code, refusal.code), "message": refusal.message})


def _json(status: int, body: Mapping[str, Any]) -> Response:
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": wire.uuid()}
    return Response(status, headers, json.dumps(body).encode())
