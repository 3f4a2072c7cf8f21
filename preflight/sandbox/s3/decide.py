"""May this caller do this? Every layer is known here, and a refusal names the one that AWS would name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.iam.aws.document import Document
from preflight.iam.aws.layers import Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.values import ABSENT, Context
from preflight.iam.aws.weighing import Weighing, weigh
from preflight.iam.globs import Glob
from preflight.sandbox.s3.identities import Caller
from preflight.sandbox.s3.refusal import RefusedError, denied
from preflight.sandbox.s3.state import State

# The words of AWS's refusals, in the order in which the layers are looked at.
_WORDS = {
    "scps": "service control policy",
    "rcps": "resource control policy",
    "resource": "resource-based policy",
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
}
_LIMITS = ("scps", "boundary", "session")  # grant nothing, and have to allow all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One action on one resource; `owner` is the resource's account, `policy` the one that it carries.

    `context` holds every condition key of the request; `restricted`: public policies let no stranger in.
    """

    caller: Caller
    action: str
    resource: str
    owner: str
    policy: Document | None
    context: Mapping[str, str]
    restricted: bool = False


def authorise(state: State, question: Question) -> None:
    """Raises AWS's AccessDenied, with its reason if AWS would give it to this caller."""
    reason = decide(state, question)
    if reason is None:
        return
    caller = question.caller
    if not (state.aws and state.acquainted(caller.account, question.owner)):
        raise denied()
    # S3 puts the resource into quotes, KMS does not.
    resource = f'"{question.resource}"' if question.action.startswith("s3:") else question.resource
    raise denied(f"User: {caller.arn} is not authorized to perform: {question.action} on resource: {resource} {reason}")


def refused_key(state: State, question: Question) -> RefusedError | None:
    """The refusal of an encryption key, or nothing: strangers are not told whether there is such a key."""
    try:
        authorise(state, question)
    except RefusedError as refusal:
        if state.acquainted(question.caller.account, question.owner):
            return refusal
        return denied(
            f"User: {question.caller.arn} is not authorized to perform: {question.action} on this resource "
            "because the resource does not exist in this Region, no resource-based policies allow access, or "
            "a resource-based policy explicitly denies access"
        )
    return None


def decide(state: State, question: Question) -> str | None:
    """The reason of the denial in AWS's words, or None if the caller may."""
    caller = question.caller
    request = Request(
        Principal.of(caller.arn or "*", unique_id=caller.unique_id, tags={}),
        question.action,
        Glob.literal(question.resource),
        # All of the context is known here: what it does not hold is not in the request.
        Context(question.context, rest=ABSENT),
    )
    service_control = state.account(caller.account).service_control
    resource_control = state.account(question.owner).resource_control
    layers = Layers(
        resource=question.policy,
        identity=caller.effective,
        boundary=caller.boundary,
        session=caller.session_policy,
        endpoint=None,
        scps=(service_control,) if service_control else None,
        rcps=(resource_control,) if resource_control else None,
        owner=question.owner,
        restricted=question.restricted,
    )
    weighing = weigh(request, layers)
    match weighing.allowed.truth:
        case True:
            return None
        case False:
            return _reason(weighing, question.action)
        case None:
            raise ValueError(f"the scenario does not decide {question.action} on {question.resource}")


def _reason(weighing: Weighing, action: str) -> str:
    """Only one reason is ever shown: a deny before a missing grant, a limit before the grant itself."""
    readings = weighing.readings
    for name, words in _WORDS.items():
        if readings[name].denies.truth or (name == "resource" and weighing.blocked):
            article = "an" if name == "identity" else "a"
            return f"with an explicit deny in {article} {words}"
    lacking = next((name for name in _LIMITS if not readings[name].allows.truth), _ungranted(weighing))
    return f"because no {_WORDS[lacking]} allows the {action} action"


def _ungranted(weighing: Weighing) -> str:
    """The side that lacks its grant; a key's own policy has to allow it before anything else counts."""
    readings = weighing.readings
    granted = not weighing.foreign and not weighing.request.action.startswith("kms:")
    if granted or not readings["identity"].allows.truth:
        return "identity"
    return "resource"
