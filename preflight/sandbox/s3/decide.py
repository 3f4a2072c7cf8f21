"""May this caller do this? All layers are known here, and a refusal names the one that AWS would name."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from preflight.sandbox.s3.refusal import RefusedError, denied
from preflight.sandbox.s3.state import Caller, Document, State


class Layer(StrEnum):
    """Where a decision comes from, in the words of AWS's refusals."""

    SERVICE_CONTROL = "service control policy"
    RESOURCE_CONTROL = "resource control policy"
    RESOURCE = "resource-based policy"
    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One action on one resource; `owner` is the resource's account, `policy` the one that it carries."""

    caller: Caller
    action: str
    resource: str
    owner: str
    policy: Document | None
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Denial:
    layer: Layer
    explicit: bool

    def reason(self, action: str) -> str:
        if self.explicit:
            article = "an" if self.layer is Layer.IDENTITY else "a"
            return f"with an explicit deny in {article} {self.layer}"
        return f"because no {self.layer} allows the {action} action"


def authorise(state: State, question: Question) -> None:
    """Raises AWS's AccessDenied, with its reason if AWS would give it to this caller."""
    denial = decide(state, question)
    if denial is None:
        return
    caller = question.caller
    if not (state.aws and caller.arn and state.acquainted(caller.account, question.owner)):
        raise denied()
    # S3 puts the resource into quotes, KMS does not.
    resource = f'"{question.resource}"' if question.action.startswith("s3:") else question.resource
    raise denied(
        f"User: {caller.arn} is not authorized to perform: {question.action} on resource: {resource} "
        f"{denial.reason(question.action)}"
    )


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


def decide(state: State, question: Question) -> Denial | None:
    """The denial that AWS would name, or None if the caller may."""
    caller = question.caller
    layers: dict[Layer, tuple[Document, ...]] = {
        Layer.SERVICE_CONTROL: state.account(caller.account).service_control,
        Layer.RESOURCE_CONTROL: state.account(question.owner).resource_control,
        Layer.RESOURCE: (question.policy,) if question.policy else (),
        Layer.IDENTITY: caller.policies,
        Layer.BOUNDARY: (caller.boundary,) if caller.boundary else (),
        Layer.SESSION: (caller.session_policy,) if caller.session_policy else (),
    }
    for layer, documents in layers.items():
        if _any(documents, "Deny", question, layer):
            return Denial(layer, explicit=True)
    for layer in (Layer.SERVICE_CONTROL, Layer.BOUNDARY, Layer.SESSION):
        if layers[layer] and not _any(layers[layer], "Allow", question, layer):
            return Denial(layer, explicit=False)
    resource = _any(layers[Layer.RESOURCE], "Allow", question, Layer.RESOURCE)
    identity = caller.arn.endswith(":root") or _any(layers[Layer.IDENTITY], "Allow", question, Layer.IDENTITY)
    if caller.account == question.owner:
        return None if resource or identity else Denial(Layer.IDENTITY, explicit=False)
    if not identity:
        return Denial(Layer.IDENTITY, explicit=False)
    return None if resource else Denial(Layer.RESOURCE, explicit=False)


def _any(documents: Iterable[Document], effect: str, question: Question, layer: Layer) -> bool:
    for document in documents:
        for statement in document["Statement"]:
            named = layer is not Layer.RESOURCE or _names(statement["Principal"], question.caller)
            if statement["Effect"] == effect and named and _fits(statement, question):
                return True
    return False


def _fits(statement: Document, question: Question) -> bool:
    actions, resources = _list(statement["Action"]), _list(statement["Resource"])
    return any(fnmatch.fnmatchcase(question.action.lower(), action.lower()) for action in actions) and any(
        fnmatch.fnmatchcase(question.resource, resource) for resource in resources
    )


def _names(principal: object, caller: Caller) -> bool:
    if principal == "*":
        return True
    named = _list(principal["AWS"]) if isinstance(principal, Mapping) else []
    account = f"arn:aws:iam::{caller.account}:root"
    return any(one in {"*", caller.arn, account, caller.account} for one in named)


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
