"""Why a decision is as it is: the assignment that denies or grants, or the nearest one and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from preflight.iam import deciding
from preflight.iam.azure.attributes import opened
from preflight.iam.azure.document import Definition
from preflight.iam.azure.scopes import shown
from preflight.iam.azure.weighing import Grant, Layers, Refusal, Weighing, weigh
from preflight.iam.deciding import Told
from preflight.iam.decision import Need, Part, Reason, Role
from preflight.iam.examples import Examples
from preflight.iam.regions import Region, Truth
from preflight.model import Cause

DOCUMENT = "role assignments"
DENIALS = "deny assignments"


def tell(weighing: Weighing, layers: Layers, found: Examples) -> Told:
    """Why, for an example of each kind."""
    return deciding.tell(
        found,
        lambda path: _at(weighing, layers, path),
        refusals=_refusals,
        doubts=lambda there: _doubts(there, layers),
        needs=lambda there: _needs(there, layers),
        grants=_grants,
    )


def _at(weighing: Weighing, layers: Layers, path: str) -> Weighing:
    request = weighing.request
    return weighing if request.asked.exact is not None else weigh(request.at(path), layers)


def _truth(there: Weighing, part: Region) -> Truth:
    """The answer for the one path that is asked about."""
    return Examples.of(there.request.asked, part).truth


def _all(there: Weighing) -> list[Grant]:
    return [grant for grants in there.grants.values() for grant in grants]


def _role(grant: Grant) -> str:
    known = grant.definition.role if grant.definition else grant.assignment.role
    return known or grant.assignment.role_id


def _name(grant: Grant) -> str:
    return f"role assignment {grant.assignment.label} ({_role(grant)} at {shown(grant.assignment.scope)})"


def _wanted(there: Weighing) -> str:
    return " or ".join(action.rpartition("containers/")[2] for action in there.request.actions)


def _reason(role: Role, grant: Grant, says: str, part: Part | None = None, cause: Cause | None = None) -> Reason:
    condition = grant.assignment.condition if part is Part.CONDITION else None
    pointer = grant.assignment.pointer
    return Reason(
        role=role,
        says=says,
        document=DOCUMENT,
        statement=grant.assignment.label,
        pointer=f"{pointer}/condition" if condition else pointer,
        part=part,
        values=(condition.expression,) if condition else (),
        cause=cause,
    )


def _grants(there: Weighing) -> Iterator[Reason]:
    for grant in _all(there):
        if _truth(there, grant.allows):
            yield _reason(Role.GRANT, grant, f"{_name(grant)} grants {_wanted(there)}")


def _refusals(there: Weighing) -> Iterator[Reason]:
    denying = [one for ones in there.refusals.values() for one in ones if _truth(there, one.denies)]
    for pointer in dict.fromkeys(one.denial.pointer for one in denying):
        yield _denial([one for one in denying if one.denial.pointer == pointer])
    if not denying or not any(_truth(there, grant.allows) for grant in _all(there)):
        yield _lack(there, Role.LACK)


def _denial(refusals: list[Refusal]) -> Reason:
    """What one deny assignment takes."""
    denial = refusals[0].denial
    actions = " and ".join(one.action.rpartition("containers/")[2] for one in refusals)
    return Reason(
        role=Role.DENY,
        says=f"deny assignment `{denial.name}` at {shown(denial.scope)} denies {actions}, whatever roles give",
        document=DENIALS,
        statement=denial.name,
        pointer=denial.pointer,
        cause=Cause.EXPLICIT_DENY,
    )


def _lack(there: Weighing, role: Role) -> Reason:
    """No assignment that was read grants it: the nearest one, and what it lacks."""
    nearest = max(_all(there), key=lambda grant: _nearness(there, grant), default=None)
    if nearest is None:
        says = f"no role with {_wanted(there)} is assigned to {there.request.principal.name} at the container or above"
        return Reason(role=role, says=says, document=DOCUMENT, cause=Cause.PERMISSION_MISSING)
    told = list(_lacks(there, nearest))
    part, says = told[0] if told else (None, "it does not hold")
    sentence = f"nothing that was read grants {_wanted(there)}; nearest is {_name(nearest)}, but {says}"
    return _reason(role, nearest, sentence, part, _cause(there, nearest, [part for part, _ in told]))


def _cause(there: Weighing, grant: Grant, lacking: list[Part]) -> Cause:
    if lacking == [Part.CONDITION]:
        return Cause.CONDITION_UNMET
    mistaken = grant.assignment.principal == there.request.principal.client_id.lower()
    return Cause.WRONG_PRINCIPAL if lacking == [Part.PRINCIPAL] and mistaken else Cause.PERMISSION_MISSING


def _nearness(there: Weighing, grant: Grant) -> tuple[int, int]:
    """Higher is nearer: who it is for weighs most, then the role, the scope, the condition."""
    weights = ((8, grant.holder), (4, grant.role), (2, grant.scope), (1, _truth(there, grant.paths)))
    return sum(truth is not False for _, truth in weights), sum(weight for weight, truth in weights if truth)


def _lacks(there: Weighing, grant: Grant) -> Iterator[tuple[Part, str]]:
    if grant.holder is False:
        yield Part.PRINCIPAL, _stranger(there, grant)
    if grant.role is False and grant.definition:
        yield Part.ACTION, _powerless(there, grant.definition)
    if grant.scope is False:
        yield Part.RESOURCE, f"it reaches {shown(grant.assignment.scope)}, and not {_place(there)}"
    if _truth(there, grant.paths) is False and grant.assignment.condition:
        expression, path = grant.assignment.condition.expression, there.request.asked.example
        yield Part.CONDITION, f"its condition does not hold for `{path}`: {expression}"


def _place(there: Weighing) -> str:
    target = there.request.target
    return f"container {target.container} of account {target.account}"


def _stranger(there: Weighing, grant: Grant) -> str:
    principal = there.request.principal
    if grant.assignment.principal == principal.client_id.lower():
        return (
            f"it names {grant.assignment.principal}, the id of the application: roles are assigned to the object id of "
            f"its service principal{f', {principal.object_id}' if principal.object_id else ''}"
        )
    return f"it is {grant.assignment.principal}'s, and the writer is {principal.name}"


def _powerless(there: Weighing, definition: Definition) -> str:
    if definition.controls:
        return f"{definition.role} has no data action at all: it rules over the account, and reads or writes no blob"
    held = ", ".join(action.rpartition("containers/")[2] for action in definition.data[:4]) or "no data action"
    return f"{definition.role} gives {held}, and not {_wanted(there)}"


def _doubts(there: Weighing, layers: Layers) -> Iterator[Reason]:
    grants = _all(there)
    outside = weigh(replace(there.request, outside=True), layers)
    found = [pair for pair in zip(grants, _all(outside), strict=True) if _truth(there, pair[0].allows) is None]
    for grant, from_outside in found:
        shut = _truth(outside, from_outside.allows) is False
        says = f"{_name(grant)} grants {_wanted(there)} or not: {_why(there, grant)}"
        if shut:
            says += ", which holds in networks of the account's owner only, and Stream is in none of them"
        yield _reason(Role.OPEN, grant, says, cause=Cause.NETWORK_DENIED if shut else None)
    for refusal in (one for ones in there.refusals.values() for one in ones):
        if _truth(there, refusal.denies) is None:
            says = f"deny assignment `{refusal.denial.name}` may deny it: whom or what it reaches is not known"
            yield Reason(role=Role.OPEN, says=says, document=DENIALS, pointer=refusal.denial.pointer)
    if not found and not any(_truth(there, grant.allows) for grant in grants):
        yield _lack(there, Role.OPEN)


def _why(there: Weighing, grant: Grant) -> str:
    if grant.holder is None:
        return f"whether the writer is {_holder(grant)} is not known"
    if grant.role is None:
        return f"the definition of role {_role(grant)} was not read"
    if grant.scope is None:
        return f"whether the container is below {shown(grant.assignment.scope)} is not known"
    condition = grant.assignment.condition
    if condition is None or condition.problems:
        return f"Azure does not take its condition as it stands: {_problem(grant)}"
    return "its condition asks about " + ("; ".join(_open_clauses(there, grant)) or "what is not known")


def _holder(grant: Grant) -> str:
    kind, principal = grant.assignment.kind, grant.assignment.principal
    return f"in {kind} {principal}" if kind.lower().endswith("group") else f"{kind or 'principal'} {principal}"


def _problem(grant: Grant) -> str:
    condition = grant.assignment.condition
    return condition.problems[0] if condition else "it stands in the role"


def _open_clauses(there: Weighing, grant: Grant) -> tuple[str, ...]:
    condition = grant.assignment.condition
    return tuple(opened(condition.claim, there.context)) if condition and condition.claim else ()


def _needs(there: Weighing, layers: Layers) -> Iterator[Need]:
    """What would settle an open decision."""
    if not any(_truth(there, grant.allows) for grant in _all(there)):
        yield from _unread(there, layers)
        for grant in _all(there):
            if _truth(there, grant.allows) is None:
                yield from _settling(there, grant)
    for read, name in ((layers.assignments, DOCUMENT), (layers.denials, DENIALS)):
        for finding in read.findings[:3] if read and not read.valid else ():
            yield Need(says=f"the {name} are malformed at {finding}", document=name)
    if any(_truth(there, one.denies) is None for ones in there.refusals.values() for one in ones):
        yield Need(says="whom or what a deny assignment reaches is not known", document=DENIALS)


def _unread(there: Weighing, layers: Layers) -> Iterator[Need]:
    if layers.assignments is None or not layers.complete:
        says = "not every assignment at the container, its account, group, subscription and above was read"
        yield Need(says=f"{says}, and one may grant it", document=DOCUMENT)
    if layers.lists(there.request.actions):
        known = "the account has a hierarchical namespace"
        says = known if layers.hierarchical else f"whether {known} was not read"
        yield Need(says=f"{says}: an access control list of the folder may grant it", document="access control lists")


def _settling(there: Weighing, grant: Grant) -> Iterator[Need]:
    if grant.holder is None or grant.scope is None:
        yield Need(says=_why(there, grant), document="the list of assignments at the container, with groups")
    elif grant.role is None:
        yield Need(says=_why(there, grant), document=f"role definition {_role(grant)}")
    else:
        clauses = _open_clauses(there, grant)
        yield from (Need(says=f"whether this clause holds is not known: {clause}", key=clause) for clause in clauses)
        if not clauses:
            yield Need(says=_why(there, grant), document=DOCUMENT)
