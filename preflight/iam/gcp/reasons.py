"""Why a decision is as it is: the rule that denies, the binding that grants, or the nearest one and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.iam import deciding
from preflight.iam.deciding import Told
from preflight.iam.decision import Need, Part, Reason, Role
from preflight.iam.examples import Examples
from preflight.iam.gcp.cel import Condition, Open, Time, claims
from preflight.iam.gcp.document import Binding, DenyPolicy, Policy
from preflight.iam.gcp.members import PUBLIC
from preflight.iam.gcp.weighing import Denial, Grant, Layers, Weighing, weigh
from preflight.iam.regions import Truth
from preflight.model import Cause


def tell(weighing: Weighing, layers: Layers, found: Examples) -> Told:
    """Why, for an example of each kind."""
    return deciding.tell(
        found,
        lambda name: _at(weighing, layers, name),
        refusals=_refusals,
        doubts=_doubts,
        needs=lambda there: _needs(there, layers),
        grants=_grants,
    )


def _at(weighing: Weighing, layers: Layers, name: str) -> Weighing:
    request = weighing.request
    return weighing if request.asked.exact is not None else weigh(request.at(name), layers)


def _truth(there: Weighing, grant: Grant) -> Truth:
    """The binding's answer for the one name that is asked about."""
    return Examples.of(there.request.asked, grant.allows).truth


def _reason(role: Role, grant: Grant, says: str, part: Part | None = None, cause: Cause | None = None) -> Reason:
    condition = grant.binding.condition if part is Part.CONDITION else None
    return Reason(
        role=role,
        says=says,
        document=grant.policy.label,
        statement=grant.binding.label,
        pointer=f"{grant.binding.pointer}/condition" if condition else grant.binding.pointer,
        part=part,
        values=(condition.expression,) if condition else (),
        cause=cause,
    )


def _name(grant: Grant) -> str:
    return f"binding {grant.binding.label} of the {grant.policy.label}"


def _grants(there: Weighing) -> Iterator[Reason]:
    for grant in there.grants:
        if _truth(there, grant):
            yield _reason(Role.GRANT, grant, f"{_name(grant)} grants {there.request.permission}")


def _refusals(there: Weighing) -> Iterator[Reason]:
    denying = [one for one in there.denials if Examples.of(there.request.asked, one.denies).truth]
    yield from (_denial(one, there.request.permission) for one in denying)
    if not denying:
        yield _lack(there, Role.LACK)


def _denial(denial: Denial, permission: str) -> Reason:
    cause = Cause.ORGANIZATION_DENY if denial.policy.organizational else Cause.EXPLICIT_DENY
    number = int(denial.rule.pointer.split("/")[2]) + 1
    return Reason(
        role=Role.DENY,
        says=f"rule #{number} of the {denial.policy.label} denies {permission}, whatever bindings grant",
        document=denial.policy.label,
        statement=f"#{number}",
        pointer=denial.rule.pointer,
        cause=cause,
    )


def _lack(there: Weighing, role: Role) -> Reason:
    """No binding that was read grants it: the nearest one, and what it lacks."""
    permission, account = there.request.permission, there.request.account
    nearest = max(there.grants, key=lambda grant: _nearness(there, grant), default=None)
    dead = next((grant for grant in there.grants if account.deleted(grant.binding.members)), None)
    if dead and (nearest is None or nearest.member is not True):
        return _dead(there, dead, role)
    if nearest is None or _nearness(there, nearest)[0] < 2:
        says = f"no binding that was read gives {account.member} a role with {permission}"
        return Reason(role=role, says=says, cause=Cause.PERMISSION_MISSING)
    told = [*_lacks(there, nearest)]
    part, says = told[0] if told else (None, "it does not hold")
    alone = part is Part.CONDITION and len(told) == 1
    cause = Cause.CONDITION_UNMET if alone else Cause.PERMISSION_MISSING
    sentence = f"nothing that was read grants {permission}; nearest is {_name(nearest)}, but {says}"
    return _reason(role, nearest, sentence, part, cause)


def _dead(there: Weighing, grant: Grant, role: Role) -> Reason:
    says = (
        f"{_name(grant)} names `{there.request.account.deleted(grant.binding.members)}`: an account of this name "
        "that was deleted; the one that was made again needs a grant of its own"
    )
    return _reason(role, grant, says, Part.PRINCIPAL, Cause.WRONG_PRINCIPAL)


def _names(there: Weighing, grant: Grant) -> Truth:
    return Examples.of(there.request.asked, grant.names).truth


def _nearness(there: Weighing, grant: Grant) -> tuple[int, int]:
    """Higher is nearer: who it is for weighs most, then the role, then the condition."""
    weights = ((4, grant.member), (2, grant.role), (1, _names(there, grant)))
    return sum(truth is not False for _, truth in weights), sum(weight for weight, truth in weights if truth)


def _lacks(there: Weighing, grant: Grant) -> Iterator[tuple[Part, str]]:
    if grant.member is False:
        yield Part.PRINCIPAL, f"{there.request.account.member} is not among its members"
    if grant.role is False:
        yield Part.ACTION, f"its role does not hold {there.request.permission}"
    if grant.binding.condition and _names(there, grant) is False:
        yield Part.CONDITION, _unmet(there, grant.binding.condition)


def _unmet(there: Weighing, condition: Condition) -> str:
    """Why a condition does not hold; where only the time is against it, when it ended or begins."""
    passed = [claim for claim in claims(condition.claim) if isinstance(claim, Time)]
    ended = [claim.moment for claim in passed if "<" in claim.sign and claim.moment <= there.request.now]
    told = f"; it ended at {max(ended).isoformat()}" if ended else ""
    return f"its condition `{condition.expression}` does not hold for `{there.request.asked.example}`{told}"


def _doubts(there: Weighing) -> Iterator[Reason]:
    opened = [grant for grant in there.grants if _truth(there, grant) is None]
    for grant in opened:
        yield _reason(Role.OPEN, grant, f"{_name(grant)} grants {there.request.permission} or not: {_why(grant)}")
    for denial in there.denials:
        if Examples.of(there.request.asked, denial.denies).truth is None:
            says = f"the {denial.policy.label} may deny {there.request.permission}: whom its rule names is not known"
            yield Reason(role=Role.OPEN, says=says, document=denial.policy.label, pointer=denial.rule.pointer)
    if not opened and not any(_truth(there, grant) for grant in there.grants):
        yield _lack(there, Role.OPEN)


def _why(grant: Grant) -> str:
    binding = grant.binding
    if grant.member is None:
        return _whom(binding)
    if grant.role is None:
        return "what its role holds was not read"
    if binding.doubt:
        return binding.doubt
    if binding.condition is None:
        return "its condition was left out, for the policy was not asked for with version 3"
    if binding.condition.problems:
        return f"IAM does not take its condition as it stands: {binding.condition.problems[0]}"
    about = ", ".join(_about(binding.condition))
    if not about:
        return "uniform bucket-level access is off, and conditions need it"
    return f"its condition `{binding.condition.expression}` asks about {about}"


def _whom(binding: Binding) -> str:
    """Why it is open whether a binding is for the writer."""
    if PUBLIC & set(binding.members):
        return (
            "whether public access prevention, of the bucket or from above it, voids a grant to the public is not known"
        )
    return f"whether the writer is one of {', '.join(f'`{member}`' for member in binding.members[:3])} is not known"


def _about(condition: Condition) -> tuple[str, ...]:
    """The attributes of a condition that cannot be known beforehand."""
    found = [claim for claim in claims(condition.claim) if not isinstance(claim, Time)]
    opened = [name for claim in found if isinstance(claim, Open) for name in _named(claim)]
    extracted = [claim.says for claim in found if not isinstance(claim, Open) and claim.template is not None]
    return tuple(dict.fromkeys(opened + extracted))


def _named(claim: Open) -> tuple[str, ...]:
    """The attributes that are open; of the time, which is known, what of it comes again and again."""
    return tuple(claim.says if name == "request.time" else name for name in claim.about)


def _needs(there: Weighing, layers: Layers) -> Iterator[Need]:
    """What would settle an open decision."""
    granted = any(_truth(there, grant) for grant in there.grants)
    if not granted:
        for level in layers.missing:
            yield Need(says=f"the IAM policy of the {level} was not read, and may grant it", document=f"{level} policy")
        for grant in there.grants:
            if _truth(there, grant) is None:
                yield from _settling(grant)
    documents: tuple[Policy | DenyPolicy, ...] = (*layers.policies, *(layers.denials or ()))
    for policy in documents:
        for finding in policy.findings[: 0 if policy.valid else 3]:
            yield Need(says=f"the {policy.label} is malformed at {finding}", document=policy.label)
    for denial in there.denials:
        if Examples.of(there.request.asked, denial.denies).truth is None:
            yield Need(says=f"whom the {denial.policy.label} names is not known", document=denial.policy.label)


def _settling(grant: Grant) -> Iterator[Need]:
    binding = grant.binding
    if grant.member is None:
        yield Need(says=_whom(binding), document="group membership")
    elif grant.role is None:
        yield Need(says=f"the permissions of {binding.role} were not read", document=binding.role)
    elif binding.doubt:
        yield Need(says=binding.doubt, document=grant.policy.label)
    else:
        about = _about(binding.condition) if binding.condition and not binding.condition.problems else ()
        yield from (Need(says=f"the value of {one} in the request is not known", key=one) for one in about)
        if not about:
            yield Need(says=_why(grant), document=grant.policy.label)
