"""Why a decision is as it is: the deciding statements, the nearest one and what it lacks, what would settle it."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.iam import deciding
from preflight.iam.aws.conditions import Clause
from preflight.iam.aws.document import Kind, Statement
from preflight.iam.aws.lacks import carries, lacks, nearness
from preflight.iam.aws.layers import NAMES, UNREAD, Layers, documents
from preflight.iam.aws.matching import Match, covers
from preflight.iam.aws.weighing import Reading, Weighing, weigh
from preflight.iam.deciding import Told
from preflight.iam.decision import Need, Part, Reason, Role
from preflight.iam.examples import Examples
from preflight.model import Cause


def tell(weighing: Weighing, layers: Layers, found: Examples) -> Told:
    """Why, for an example of each kind."""
    return deciding.tell(
        found,
        lambda resource: _at(weighing, layers, resource),
        refusals=_refusals,
        doubts=_doubts,
        needs=lambda there: _needs(there, layers),
        grants=_grants,
    )


def _at(weighing: Weighing, layers: Layers, resource: str) -> Weighing:
    request = weighing.request
    return weighing if request.resource.exact is not None else weigh(request.at(resource), layers)


def _reason(
    role: Role, match: Match, says: str, part: Part | None, clause: Clause | None, cause: Cause | None
) -> Reason:
    return Reason(
        role=role,
        says=says,
        document=match.document.label,
        statement=match.statement.label,
        pointer=clause.pointer if clause else match.statement.pointer,
        part=part,
        key=clause.name if clause else "",
        operator=clause.operator.name if clause else "",
        values=clause.texts if clause else (),
        cause=cause,
    )


def _name(match: Match) -> str:
    return f"statement {match.statement.label} of the {match.document.label}"


def _grants(there: Weighing) -> Iterator[Reason]:
    for reading in there.readings.values():
        if reading.name in {"resource", "identity"}:
            for match in reading.found:
                if not match.denies and match.applies.truth:
                    yield _reason(Role.GRANT, match, f"{_name(match)} allows {there.request.action}", None, None, None)


def _refusals(there: Weighing) -> Iterator[Reason]:
    """Every Deny that applies; where a grant is lacking, the nearest statement."""
    for reading in there.readings.values():
        for match in reading.found:
            if match.denies and match.applies.truth:
                yield _deny(there, match)
    if there.blocked:
        yield Reason(
            role=Role.DENY,
            says="RestrictPublicBuckets refuses every other account, because the bucket policy has a public grant",
            document=NAMES["restricted"],
            cause=Cause.EXPLICIT_DENY,
        )
    for name in ("scps", "endpoint"):
        if there.readings[name].allows.truth is False:
            yield _lack(there, there.readings[name], Role.LACK)
    if there.grant.truth is False:
        for reading in _lacking(there):
            yield _lack(there, reading, Role.LACK)


def _lacking(there: Weighing) -> Iterator[Reading]:
    """The layers that would have to grant and do not; in the own account the identity's side comes first."""
    if there.sides.truth is False:
        names = ("identity", "resource") if there.foreign is False else ("resource", "identity")
        missing = [there.readings[name] for name in names if there.readings[name].allows.truth is False]
        yield from missing or [there.readings["resource"]]
    yield from (there.readings[name] for name in ("boundary", "session") if there.readings[name].allows.truth is False)


def _deny(there: Weighing, match: Match) -> Reason:
    clause = _narrowest(match.statement)
    says = f"{_name(match)} denies {there.request.action}{_whom(match)}{_where(match)}"
    if clause:
        says += f" because of its condition {clause}: {carries(clause, there.request.context)}"
    return _reason(Role.DENY, match, says, Part.CONDITION if clause else None, clause, _deny_cause(match))


def _whom(match: Match) -> str:
    names = match.statement.names
    if names is None or not names.excluded:
        return ""
    listed = ", ".join(f"`{entry.text}`" for entry in names.entries[:3])
    return f" to everyone but {listed}"


def _where(match: Match) -> str:
    """The pattern that a denied resource fell under."""
    patterns, request = match.statement.resources, match.request
    if match.statement.not_resource:
        return " outside " + ", ".join(f"`{pattern.text}`" for pattern in patterns[:3])
    hit = next((one.text for one in patterns if covers(one, request.resource, request.context).truth), "")
    return f" on `{hit}`" if hit else ""


def _lack(there: Weighing, reading: Reading, role: Role) -> Reason:
    action = there.request.action
    nearest = max((one for one in reading.found if not one.denies), key=nearness, default=None)
    if nearest is None:
        held = documents(reading.layer)
        there_is = f"{held[0].label} allows nothing" if held else f"there is no {_singular(reading)}"
        return Reason(role=role, says=f"{there_is}: {action} needs an Allow", cause=_lack_cause(reading, None))
    found = list(lacks(nearest, there.request))
    part, says, clause = found[0] if found else (None, "it names the account, which grants its users nothing", None)
    told = "; ".join(sentence for _, sentence, _ in found) or says
    alone = clause if len(found) == 1 else None
    sentence = f"nothing allows {action}; nearest is {_name(nearest)}, but {told}"
    return _reason(role, nearest, sentence, part, clause, _lack_cause(reading, alone))


def _singular(reading: Reading) -> str:
    return {"identity": "identity policy", "scps": "service control policy"}.get(reading.name, NAMES[reading.name])


def _doubts(there: Weighing) -> Iterator[Reason]:
    for reading in there.readings.values():
        for match in _open(there, reading):
            clause = next(
                (c for c, truth in zip(match.statement.clauses, match.clauses, strict=True) if truth is None), None
            )
            verb = "denies" if match.denies else "allows"
            why = (
                f"its condition {clause} is open: {carries(clause, there.request.context)}" if clause else _whose(match)
            )
            says = f"{_name(match)} {verb} {there.request.action} or not: {why}"
            part = Part.CONDITION if clause else Part.PRINCIPAL
            anywhere = Cause.CONDITION_UNMET if clause and clause.families else None
            yield _reason(Role.OPEN, match, says, part, clause, anywhere)


def _whose(match: Match) -> str:
    names = match.statement.names
    listed = ", ".join(f"`{entry.text}`" for entry in names.entries[:3]) if names else ""
    if match.standing.reached is None and names:
        element = "NotPrincipal" if names.excluded else "Principal"
        return f"whether its {element} {listed} reaches the caller cannot be known from here"
    return "its resource depends on a variable that is not known"


def _open(there: Weighing, reading: Reading) -> Iterator[Match]:
    """The statements whose truth would settle something here."""
    for match in reading.found:
        matters = match.denies or _gate(there, reading) is None
        if matters and match.applies.truth is None:
            yield match


def _gate(there: Weighing, reading: Reading) -> bool | None:
    """What the reading contributes to the decision, as far as its Allow statements go."""
    return (
        there.grant.truth if reading.name in {"resource", "identity", "boundary", "session"} else reading.allows.truth
    )


def _needs(there: Weighing, layers: Layers) -> Iterator[Need]:
    for name, reading in there.readings.items():
        unread = [document.label for document in documents(reading.layer) if document.unread]
        for label in [NAMES[name]] if reading.layer is UNREAD else unread:
            grants = name in {"resource", "identity"} and there.grant.truth is None
            does = "would have to allow it, and may deny it" if grants else "may deny it"
            yield Need(says=f"{label}: not read, {does}", document=label)
        for document in documents(reading.layer):
            for finding in document.findings[: 0 if document.valid else 3]:
                yield Need(says=f"{document.label} is malformed at {finding}", document=document.label)
        keys = dict.fromkeys(clause.name for match in _open(there, reading) for clause in match.open_clauses)
        for key in keys:
            yield Need(says=f"the value of {key} in the request is not known", key=key)
    if there.blocked is None and layers.restricted is UNREAD:
        yield Need(says=f"{NAMES['restricted']}: not read, may refuse other accounts", document=NAMES["restricted"])
    if there.foreign is None:
        yield Need(says="the account that owns the resource is not known")


_NETWORK = ("aws:sourceip", "aws:sourcevpc", "aws:vpcsourceip", "s3:accesspointnetworkorigin")
_TLS = ("aws:securetransport", "s3:tlsversion")
_HEADERS = ("s3:x-amz-", "s3:requestobjecttag", "s3:if-", "s3:object-lock-", "aws:multifactorauth")


def _of_key(clause: Clause) -> Cause | None:
    for prefixes, cause in (
        (_NETWORK, Cause.NETWORK_DENIED),
        (_TLS, Cause.HTTPS_REQUIRED),
        (_HEADERS, Cause.HEADER_REQUIRED),
    ):
        if clause.key.startswith(prefixes):
            return cause
    return None


def _narrowest(statement: Statement) -> Clause | None:
    """The clause that says most about why a Deny applies."""
    clauses = statement.clauses
    return next((clause for clause in clauses if _of_key(clause)), clauses[0] if clauses else None)


def _of_kind(kind: Kind) -> Cause | None:
    match kind:
        case Kind.SERVICE_CONTROL | Kind.RESOURCE_CONTROL:
            return Cause.ORGANIZATION_DENY
        case Kind.BOUNDARY | Kind.SESSION:
            return Cause.BOUNDARY_DENY
        case Kind.ENDPOINT:
            return Cause.NETWORK_DENIED
        case Kind.KEY:
            return Cause.ENCRYPTION_KEY_DENIED
        case Kind.RESOURCE | Kind.IDENTITY:
            return None


def _deny_cause(match: Match) -> Cause:
    clause = _narrowest(match.statement)
    return _of_kind(match.document.kind) or (clause and _of_key(clause)) or Cause.EXPLICIT_DENY


def _lack_cause(reading: Reading, only: Clause | None) -> Cause:
    held = documents(reading.layer)
    of_kind = _of_kind(held[0].kind) if held else None
    if of_kind:
        return of_kind
    if only:
        return _of_key(only) or Cause.CONDITION_UNMET
    return Cause.PERMISSION_MISSING if reading.name == "identity" else Cause.BUCKET_POLICY_MISSING
