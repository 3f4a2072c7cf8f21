"""What each assignment says to a request, and what they come to together.

Source: Azure RBAC documentation, "How Azure RBAC determines if a user has access to a resource": deny assignments
first, then any one role assignment, at the scope or above it, whose condition holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from preflight.iam.azure.actions import OF_LISTS
from preflight.iam.azure.attributes import Context, holds
from preflight.iam.azure.condition import Condition
from preflight.iam.azure.document import EVERYBODY, Assignment, Definition, Denial, Permissions, Read
from preflight.iam.azure.roles import built_in
from preflight.iam.azure.scopes import Target
from preflight.iam.globs import Glob
from preflight.iam.regions import ALL, NONE, OPEN, Region, Truth, every, meet, negate, region, some, union


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The service principal that writes: its object id, empty where no token told it, and its application's id."""

    object_id: str = ""
    client_id: str = ""

    @property
    def name(self) -> str:
        return self.object_id or self.client_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Whether the principal may do any one of `actions` on every blob path of `asked`.

    `control`: they are actions on a resource, and not on what is in it. `suboperation` is such as `Blob.List`.
    `outside`: the request comes from no network of the account's owner; otherwise from where is not known.
    """

    principal: Principal
    actions: tuple[str, ...]
    asked: Glob
    target: Target
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    control: bool = False
    suboperation: str = ""
    outside: bool = False

    def at(self, path: str) -> Request:
        return replace(self, asked=Glob.literal(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """All that takes part. What was not read is None, and unknown rather than empty.

    `complete`: every assignment that may reach the container for this principal, through groups as well, is there.
    `denials` None: that there is no deny assignment is an assumption, which the decision prints. `hierarchical`:
    whether the account has a hierarchical namespace, whose access control lists may grant data that no role does.
    """

    assignments: Read | None = None
    complete: bool = False
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    denials: Read | None = None
    hierarchical: Truth = None

    def definition(self, assignment: Assignment) -> Definition | None:
        """The role that is assigned, from the documents or among Azure's own."""
        number, name = assignment.role_id, assignment.role.lower()
        return self.definitions.get(number) or built_in().get(number) or (built_in().get(name) if name else None)

    def lists(self, actions: tuple[str, ...]) -> bool:
        """Whether an access control list, which nobody read, may grant one of the actions."""
        return self.hierarchical is not False and not set(OF_LISTS).isdisjoint(actions)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one assignment does for a request. `paths` are those for which its conditions hold."""

    assignment: Assignment
    definition: Definition | None
    holder: Truth
    scope: Truth
    role: Truth
    paths: Region

    @property
    def allows(self) -> Region:
        return meet((region(every((self.holder, self.scope, self.role))), self.paths))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one deny assignment does for one action."""

    denial: Denial
    action: str
    denies: Region


@dataclass(frozen=True, slots=True)
class Weighing:
    request: Request
    context: Context
    grants: Mapping[str, tuple[Grant, ...]]
    refusals: Mapping[str, tuple[Refusal, ...]]
    doubt: Region  # what was not read, or an access control list, may allow
    mistrust: Region

    @property
    def allowed(self) -> Region:
        return union(self._allowed(action) for action in self.request.actions)

    def _allowed(self, action: str) -> Region:
        granted = union((*(grant.allows for grant in self.grants[action]), self.doubt))
        return granted & ~union((*(refusal.denies for refusal in self.refusals[action]), self.mistrust))


def weigh(request: Request, layers: Layers) -> Weighing:
    """What each assignment and each deny assignment says, for each action that would do."""
    held, denied = layers.assignments, layers.denials
    contexts = {action: _context(request, layers, action) for action in request.actions}
    assignments = held.assignments if held and held.valid else ()
    denials = denied.denials if denied and denied.valid else ()
    sound = bool(held and held.valid and layers.complete)
    return Weighing(
        request=request,
        context=contexts[request.actions[-1]],
        grants={
            action: tuple(_grant(request, layers, one, context) for one in assignments)
            for action, context in contexts.items()
        },
        refusals={
            action: tuple(_refusal(request, layers, one, context) for one in denials)
            for action, context in contexts.items()
        },
        doubt=NONE if sound and not layers.lists(request.actions) else OPEN,
        mistrust=NONE if denied is None or denied.valid else OPEN,
    )


def _context(request: Request, layers: Layers, action: str) -> Context:
    target = request.target
    return Context(
        action=action,
        account=target.account,
        container=target.container,
        now=request.now,
        hierarchical=layers.hierarchical,
        suboperation=request.suboperation,
        outside=request.outside,
    )


def _grant(request: Request, layers: Layers, assignment: Assignment, context: Context) -> Grant:
    definition = layers.definition(assignment)
    holding = (
        [one for one in definition.permissions if one.includes(context.action, control=request.control)]
        if definition
        else []
    )
    role: Truth = None if definition is None or not definition.valid else bool(holding)
    return Grant(
        assignment=assignment,
        definition=definition,
        holder=_holds(assignment, request.principal, complete=layers.complete),
        scope=request.target.is_below(assignment.scope),
        role=role,
        paths=_under(assignment.condition, context) & _within(holding, context),
    )


def _within(holding: list[Permissions], context: Context) -> Region:
    return union(_under(one.condition, context) for one in holding) if holding else ALL


def _under(condition: Condition | None, context: Context) -> Region:
    if condition is None:
        return ALL
    return OPEN if condition.claim is None else holds(condition.claim, context)


def _holds(assignment: Assignment, principal: Principal, *, complete: bool) -> Truth:
    """Whether the assignment is the principal's; a complete list holds what reaches it, through groups as well."""
    kind = assignment.kind.lower()
    if principal.object_id and assignment.principal == principal.object_id.lower():
        return True
    if kind in {"group", "foreigngroup"}:
        return True if complete else None
    if principal.object_id or kind == "user":
        return bool(complete and not kind)
    if assignment.application:
        return bool(principal.client_id) and assignment.application == principal.client_id.lower()
    return False if assignment.principal == principal.client_id.lower() else None


def _refusal(request: Request, layers: Layers, denial: Denial, context: Context) -> Refusal:
    if not any(one.includes(context.action, control=request.control) for one in denial.permissions):
        return Refusal(denial, context.action, NONE)
    reached = request.target.is_below(denial.scope)
    if not denial.children and reached:
        reached = request.target.is_at(denial.scope)
    who = every((_named(denial, request.principal, layers), negate(_spared(denial, request.principal))))
    denies = meet((region(every((reached, who))), _under(denial.condition, context)))
    return Refusal(denial, context.action, denies)


def _named(denial: Denial, principal: Principal, layers: Layers) -> Truth:
    """A list that was asked for by principal shows groups only where the principal is in them."""
    if EVERYBODY in denial.principals:
        return True
    alone = _is_one(principal, denial.principals)
    return some((alone, (True if layers.complete else None) if denial.groups else False))


def _spared(denial: Denial, principal: Principal) -> Truth:
    return some((_is_one(principal, denial.spared), None if denial.spared_groups else False))


def _is_one(principal: Principal, ids: tuple[str, ...]) -> Truth:
    if not ids:
        return False
    return principal.object_id.lower() in ids if principal.object_id else None
