"""Identity and Access Management, as far as one reads what a user holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote

from preflight.iam.aws.document import Document
from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.s3 import wire
from preflight.sandbox.s3.authentication import query_caller
from preflight.sandbox.s3.context import context
from preflight.sandbox.s3.decide import Question, authorise
from preflight.sandbox.s3.identities import Caller, Group, Managed
from preflight.sandbox.s3.refusal import RefusedError
from preflight.sandbox.s3.state import State
from preflight.sandbox.s3.wire import element
from preflight.sandbox.world import Service, World

_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_SINCE = "2024-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request of a known caller, who sees their own account."""

    form: Mapping[str, str]
    state: State
    caller: Caller

    @property
    def user(self) -> Caller:
        """The user who is asked about: the caller, if nobody is named."""
        name = self.form.get("UserName", self.caller.name)
        arns = {one.arn: one for one in self.state.callers.values()}
        found = arns.get(f"arn:aws:iam::{self.caller.account}:user/{name}")
        return found or _missing(f"The user with name {name} cannot be found.")

    @property
    def group(self) -> Group:
        name = self.form.get("GroupName", "")
        groups = {group.name: group for one in self.state.callers.values() for group in one.groups}
        return groups[name] if name in groups else _missing(f"The group with name {name} cannot be found.")

    @property
    def policy(self) -> Managed:
        arn = self.form.get("PolicyArn", "")
        known = {**self.state.policies, **_boundaries(self.state)}
        return known[arn] if arn in known else _missing(f"Policy {arn} was not found.")

    @property
    def resource(self) -> str:
        """What the permission has to be for."""
        account = f"arn:aws:iam::{self.caller.account}"
        if "PolicyArn" in self.form:
            return self.form["PolicyArn"]
        if "GroupName" in self.form:
            return f"{account}:group/{self.form['GroupName']}"
        return f"{account}:user/{self.form.get('UserName', self.caller.name)}"


def iam(world: World, state: State) -> Service:
    """Reads of users, groups and policies; anything that would change one is not offered."""

    def handle(request: Request) -> Response:
        try:
            caller = query_caller(request, state, world.now())
            return _answer(request, _Ask(request.form, state, caller), world)
        except RefusedError as refusal:
            return wire.query_refusal(refusal, _NAMESPACE)

    def refuse(_: Request, fault: Fault) -> Response:
        return wire.query_refusal(RefusedError(fault.status, fault.code, fault.message), _NAMESPACE)

    return Service(handle, refuse)


def _answer(request: Request, ask: _Ask, world: World) -> Response:
    action = ask.form.get("Action", "")
    if action not in _ACTIONS:
        text = f"Could not find operation {action} for version 2010-05-08"
        raise RefusedError(400, "InvalidAction", text)
    account = ask.caller.account
    authorise(
        ask.state,
        Question(
            caller=ask.caller,
            action=f"iam:{action}",
            resource=ask.resource,
            owner=account,
            policy=None,
            context=context(request, ask.state, ask.caller, account, world.now()),
        ),
    )
    return wire.query_answer(action, _ACTIONS[action](ask), _NAMESPACE)


def _get_user(ask: _Ask) -> str:
    user = ask.user
    inner = (
        element("Path", "/")
        + element("UserName", user.name)
        + element("UserId", user.unique_id)
        + element("Arn", user.arn)
        + element("CreateDate", _SINCE)
    )
    if user.boundary:
        kind = element("PermissionsBoundaryType", "Policy")
        boundary = kind + element("PermissionsBoundaryArn", _boundary_arn(user))
        inner += f"<PermissionsBoundary>{boundary}</PermissionsBoundary>"
    return f"<User>{inner}</User>"


def _names(policies: tuple[Document, ...]) -> str:
    names = "".join(element("member", f"policy-{n}") for n in range(1, len(policies) + 1))
    return f"<PolicyNames>{names}</PolicyNames>{element('IsTruncated', 'false')}"


def _inline(ask: _Ask, policies: tuple[Document, ...], holder: str) -> str:
    name = ask.form.get("PolicyName", "")
    found = {f"policy-{n}": policy for n, policy in enumerate(policies, 1)}
    if name not in found:
        _missing(f"The policy with name {name} cannot be found.")
    return holder + element("PolicyName", name) + element("PolicyDocument", _quoted(found[name]))


def _attached(policies: tuple[Managed, ...]) -> str:
    members = "".join(
        f"<member>{element('PolicyName', one.arn.rpartition('/')[2])}{element('PolicyArn', one.arn)}</member>"
        for one in policies
    )
    return f"<AttachedPolicies>{members}</AttachedPolicies>{element('IsTruncated', 'false')}"


def _groups(ask: _Ask) -> str:
    members = "".join(
        "<member>"
        + element("Path", "/")
        + element("GroupName", group.name)
        + element("GroupId", "AGPA" + "A" * 17)
        + element("Arn", f"arn:aws:iam::{ask.caller.account}:group/{group.name}")
        + element("CreateDate", _SINCE)
        + "</member>"
        for group in ask.user.groups
    )
    return f"<Groups>{members}</Groups>{element('IsTruncated', 'false')}"


def _get_policy(ask: _Ask) -> str:
    policy = ask.policy
    inner = (
        element("PolicyName", policy.arn.rpartition("/")[2])
        + element("Arn", policy.arn)
        + element("DefaultVersionId", "v1")
        + element("IsAttachable", "true")
    )
    return f"<Policy>{inner}</Policy>"


def _get_policy_version(ask: _Ask) -> str:
    inner = (
        element("Document", _quoted(ask.policy.document))
        + element("VersionId", "v1")
        + element("IsDefaultVersion", "true")
        + element("CreateDate", _SINCE)
    )
    return f"<PolicyVersion>{inner}</PolicyVersion>"


_ACTIONS: Mapping[str, Callable[[_Ask], str]] = {
    "GetUser": _get_user,
    "ListUserPolicies": lambda ask: _names(ask.user.policies),
    "GetUserPolicy": lambda ask: _inline(ask, ask.user.policies, element("UserName", ask.user.name)),
    "ListAttachedUserPolicies": lambda ask: _attached(ask.user.attached),
    "ListGroupsForUser": _groups,
    "ListGroupPolicies": lambda ask: _names(ask.group.policies),
    "GetGroupPolicy": lambda ask: _inline(ask, ask.group.policies, element("GroupName", ask.group.name)),
    "ListAttachedGroupPolicies": lambda ask: _attached(ask.group.attached),
    "GetPolicy": _get_policy,
    "GetPolicyVersion": _get_policy_version,
}


def _missing(message: str) -> NoReturn:
    raise RefusedError(404, "NoSuchEntity", message)


def _quoted(document: Document) -> str:
    """IAM gives documents as URL-encoded JSON."""
    return quote(document.text, safe="")


def _boundary_arn(user: Caller) -> str:
    return f"arn:aws:iam::{user.account}:policy/{user.name}-boundary"


def _boundaries(state: State) -> Mapping[str, Managed]:
    """A permissions boundary is a managed policy, too."""
    users = (user for user in state.callers.values() if user.boundary)
    return {
        _boundary_arn(user): Managed(arn=_boundary_arn(user), document=user.boundary) for user in users if user.boundary
    }
