"""The order of decision: how the layers combine into what is allowed, for all resources asked about at once.

Source: IAM User Guide, "Policy evaluation logic"; S3 User Guide, "Blocking public access".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preflight.iam.aws.document import Document
from preflight.iam.aws.layers import ASSUMED, UNREAD, Layer, Layers, Levels, Without, documents
from preflight.iam.aws.matching import Match, Request, granted, matches, refused
from preflight.iam.aws.principals import Kind
from preflight.iam.aws.public import is_public
from preflight.iam.regions import ALL, NONE, OPEN, Region, Truth, blend, every, meet, region, some, union

_SESSIONS = (Kind.SESSION, Kind.ROLE, Kind.FEDERATED, Kind.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Reading:
    """One layer for one request. `layer` is None where it was read and is not there, or does not apply.

    `allows` and `denies` say what its statements reach; a layer that does not restrict allows everything.
    """

    name: str
    layer: Layer | Levels
    found: tuple[Match, ...]
    allows: Region
    denies: Region


@dataclass(frozen=True, slots=True)
class Weighing:
    """All layers for one request. `foreign`: whether the resource is another account's.

    `sides`: what resource policy and identity policies grant together; `grant`: what boundary and session policy
    leave of it, before any Deny.
    """

    request: Request
    readings: dict[str, Reading]
    foreign: Truth
    sides: Region
    grant: Region
    blocked: Truth  # by RestrictPublicBuckets

    @property
    def denied(self) -> Region:
        return union(reading.denies for reading in self.readings.values()) | region(self.blocked)

    @property
    def allowed(self) -> Region:
        limits = (self.readings["scps"].allows, self.readings["endpoint"].allows)
        return meet((self.grant, *limits)) & ~self.denied


def weigh(request: Request, layers: Layers) -> Weighing:
    """What each layer says, and what they grant together."""
    kind = request.principal.kind
    bounded = _bounded(layers.boundary, kind)
    held = layers.boundary if kind.identified and kind is not Kind.ROOT else None
    session = layers.session if kind in _SESSIONS else None
    exempt = not kind.identified or request.principal.role.startswith("AWSServiceRoleFor")
    read = _Read(request, bounded)
    readings = {
        "resource": read.layer("resource", layers.resource, absent=NONE),
        "identity": _identity(read, layers.identity, kind),
        "boundary": read.layer("boundary", held, absent=ALL),
        "session": read.layer("session", session, absent=ALL),
        "scps": read.levels("scps", None if exempt else layers.scps),
        "rcps": read.levels("rcps", None if exempt and kind is Kind.SESSION else layers.rcps),
        "endpoint": read.layer("endpoint", layers.endpoint, absent=ALL),
    }
    foreign = _foreign(request, layers.owner)
    worlds = [True, False] if foreign is None else [foreign]
    limits = readings["boundary"].allows & readings["session"].allows
    ways = _ways(readings["resource"])
    identity = readings["identity"].allows
    return Weighing(
        request=request,
        readings=readings,
        foreign=foreign,
        sides=blend(_granted(request, ways, identity, ALL, foreign=world) for world in worlds),
        grant=blend(_granted(request, ways, identity, limits, foreign=world) for world in worlds),
        blocked=_blocked(layers, kind, foreign),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    request: Request
    bounded: Truth

    def layer(self, name: str, layer: Layer, *, absent: Region) -> Reading:
        if layer is None:
            return Reading(name, None, (), absent, NONE)
        if isinstance(layer, Without):
            return self.without(name, layer)
        found, doubt = self.statements(documents(layer))
        return Reading(name, layer, found, granted(found) | doubt, refused(found) | doubt)

    def levels(self, name: str, levels: Levels) -> Reading:
        if levels is None:
            return Reading(name, None, (), ALL, NONE)
        if isinstance(levels, Without):
            return self.without(name, levels)
        read = [self.statements(level) for level in levels]
        found = tuple(one for level, _ in read for one in level)
        allows = meet(granted(level) | doubt for level, doubt in read)
        denies = refused(found) | union(doubt for _, doubt in read)
        return Reading(name, levels, found, allows, denies)

    def statements(self, layer: Iterable[Document]) -> tuple[tuple[Match, ...], Region]:
        """The matches of the valid documents, and a doubt about everything if one is not valid."""
        held = tuple(layer)
        valid = [document for document in held if document.valid]
        doubt = NONE if len(valid) == len(held) else OPEN
        return matches(valid, self.request, bounded=self.bounded), doubt

    @staticmethod
    def without(name: str, layer: Without) -> Reading:
        if layer is ASSUMED:
            return Reading(name, layer, (), ALL, NONE)
        return Reading(name, layer, (), OPEN, OPEN)


def _identity(read: _Read, layer: Layer, kind: Kind) -> Reading:
    """The root user needs no policy; an anonymous caller and a service have none."""
    if not kind.identified:
        return Reading("identity", None, (), NONE, NONE)
    if kind is Kind.ROOT:
        return Reading("identity", None, (), ALL, NONE)
    return read.layer("identity", layer, absent=NONE)


def _bounded(boundary: Layer, kind: Kind) -> Truth:
    if boundary is UNREAD:
        return None if kind.identified and kind is not Kind.ROOT else False
    return bool(documents(boundary))


def _foreign(request: Request, owner: str | None) -> Truth:
    if not request.principal.kind.identified:
        return True
    return None if owner is None else request.principal.account != owner


@dataclass(frozen=True, slots=True)
class _Ways:
    """What the resource policy grants the caller: by its name or to everyone, to its role, to its account."""

    direct: Region
    role: Region
    account: Region


def _granted(request: Request, ways: _Ways, identity: Region, limits: Region, *, foreign: bool) -> Region:
    """What the resource's and the caller's side grant together, before any Deny and the organization."""
    if not request.principal.kind.identified:
        return ways.direct
    if foreign:
        return (ways.direct | ways.role | ways.account) & identity & limits
    if request.action.startswith("kms:"):
        identity = identity & ways.account  # without this delegation a key policy ignores identity policies
    return ways.direct | ((identity | ways.role) & limits)


def _ways(resource: Reading) -> _Ways:
    if isinstance(resource.layer, Without):
        return _Ways(resource.allows, resource.allows, resource.allows)
    grants = [one for one in resource.found if not one.denies and one.applies is not NONE]
    doubt = NONE if all(document.valid for document in documents(resource.layer)) else OPEN
    direct = union(one.scope & region(some((one.standing.everyone, one.standing.own))) for one in grants)
    role = union(one.scope & region(one.standing.role) for one in grants)
    account = union(one.scope & region(one.standing.account) for one in grants)
    return _Ways(direct | doubt, role | doubt, account | doubt)


def _blocked(layers: Layers, kind: Kind, foreign: Truth) -> Truth:
    if kind is Kind.SERVICE or foreign is False or layers.restricted in {False, ASSUMED}:
        return False
    if isinstance(layers.resource, Without):
        public: Truth = False if layers.resource is ASSUMED else None
    else:
        public = is_public(documents(layers.resource))
    return every((layers.restricted is True or None, public, foreign))
