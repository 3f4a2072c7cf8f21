"""What conditions may ask about one write of Stream's, and for which blob paths a condition holds.

Source: Azure Storage documentation, "Actions and attributes for Azure role assignment conditions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from preflight.iam.azure.actions import matches
from preflight.iam.azure.condition import (
    Action,
    Attribute,
    Claim,
    Compare,
    Every,
    Exists,
    Kind,
    Many,
    Negation,
    Operator,
    Some,
    moment,
)
from preflight.iam.globs import Glob, Token, Wild
from preflight.iam.languages import In
from preflight.iam.regions import NONE, OPEN, Region, Truth, certain, meet, region, union

_ACCOUNT = "microsoft.storage/storageaccounts"
_CONTAINERS = f"{_ACCOUNT}/blobservices/containers"
_BLOBS = f"{_CONTAINERS}/blobs"
_PREFIX = f"{_BLOBS}:prefix"
_WITHOUT = (f"{_BLOBS}/tags", _PREFIX, f"{_BLOBS}:snapshot", f"{_BLOBS}:versionid")
_SUB_OPERATIONS = ("blob.list", "blob.read.", "blob.write.", "blob.delete.")


class Told(Enum):
    """What is known of an attribute that has no text of its own."""

    PATH = "the blob's path, or the prefix of a listing: what is asked about"
    ABSENT = "not there"
    UNKNOWN = "not known"


Value = str | datetime | Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One write of a new blob without tags, or another request about blobs: the action, the place, the time.

    `outside`: it comes from no network of the account's owner; otherwise where it comes from is not known.
    """

    action: str
    account: str
    container: str
    now: datetime
    hierarchical: Truth = None
    suboperation: str = ""
    outside: bool = False

    @property
    def lists(self) -> bool:
        """A listing is about a prefix, and about no one blob."""
        return self.suboperation.lower() == "blob.list"

    def value(self, attribute: Attribute) -> Value:
        name = attribute.name.lower().partition("<$")[0]
        match attribute.source.lower():
            case "resource":
                return self._resource(name)
            case "request" if self.lists and name == _PREFIX:
                return Told.PATH
            case "request":
                return Told.ABSENT if name.startswith(_WITHOUT) else Told.UNKNOWN
            case "environment":
                return self.now if name == "utcnow" else self._network(name)
            case _:
                return Told.UNKNOWN

    def _network(self, name: str) -> Value:
        """A private endpoint or a subnet is there only for who asks from it."""
        if self.outside and name == "isprivatelink":
            return "false"
        return Told.ABSENT if self.outside and name.startswith("microsoft.network/") else Told.UNKNOWN

    def _resource(self, name: str) -> Value:
        known: dict[str, Value] = {
            f"{_ACCOUNT}:name": self.account,
            f"{_CONTAINERS}:name": self.container,
            f"{_BLOBS}:path": Told.ABSENT if self.lists else Told.PATH,
        }
        if name == f"{_ACCOUNT}:ishnsenabled" and self.hierarchical is not None:
            return str(self.hierarchical).lower()
        return known.get(name, Told.ABSENT if name.startswith(f"{_BLOBS}/tags") else Told.UNKNOWN)


def holds(claim: Claim, context: Context) -> Region:
    """The blob paths for which the claim is true."""
    match claim:
        case Negation(of=inner):
            return ~holds(inner, context)
        case Every(of=parts):
            return meet(holds(part, context) for part in parts)
        case Some(of=parts):
            return union(holds(part, context) for part in parts)
        case Action(pattern=pattern, sub=False):
            return region(matches(context.action, pattern))
        case Action(pattern=pattern):
            known = context.suboperation or pattern.lower().startswith(_SUB_OPERATIONS)
            return region(matches(context.suboperation, pattern)) if known else OPEN
        case Exists(attribute=attribute):
            value = context.value(attribute)
            return OPEN if value is Told.UNKNOWN else region(value is not Told.ABSENT)
        case Compare():
            return _compare(claim, context.value(claim.attribute))


def _compare(claim: Compare, value: Value) -> Region:
    operator = claim.operator
    if claim.against or value is Told.UNKNOWN:
        return OPEN
    if value is Told.ABSENT:
        # A comparison with nothing is false; of what it means for all of no values, no page speaks.
        return OPEN if operator.many in {Many.ALL_ANY, Many.ALL_ALL} else NONE
    if operator.many is Many.ONE and len(claim.values) > 1:
        return OPEN
    each = [_one(operator, value, wanted) for wanted in claim.values]
    return (meet if operator.many in {Many.ANY_ALL, Many.ALL_ALL} else union)(each)


def _one(operator: Operator, value: Value, wanted: str) -> Region:
    match operator.kind, value:
        case Kind.STRING, Told.PATH:
            found = certain(In(pattern(operator.base, wanted), operator.fold))
        case Kind.STRING, str():
            found = region(_text(operator, value, wanted))
        case Kind.DATE, datetime():
            found = region(_ordered(operator.base, value, moment(wanted)))
        case Kind.BOOL, str():
            found = region(value == wanted.lower())
        case _:
            return OPEN
    return ~found if operator.negated else found


def _text(operator: Operator, value: str, wanted: str) -> bool:
    glob = pattern(operator.base, wanted)
    return glob.folded().matches(value.lower()) if operator.fold else glob.matches(value)


def pattern(base: str, wanted: str) -> Glob:
    """What a text operator compares with; `Like` takes `*` and `?`, and a backslash before what is meant as it is."""
    match base:
        case "Like":
            return Glob(_like(wanted))
        case "StartsWith":
            return Glob((wanted, Wild.MANY))
        case _:
            return Glob.literal(wanted)


def _like(text: str) -> Iterator[Token]:
    letters = iter(text)
    for letter in letters:
        if letter == "\\":
            yield next(letters, letter)
        elif letter in "*?":
            yield Wild(letter)
        else:
            yield letter


def _ordered(base: str, value: datetime, wanted: datetime | None) -> Truth:
    if wanted is None:
        return None
    tests: dict[str, Callable[[], bool]] = {
        "Equals": lambda: value == wanted,
        "GreaterThan": lambda: value > wanted,
        "GreaterThanEquals": lambda: value >= wanted,
        "LessThan": lambda: value < wanted,
        "LessThanEquals": lambda: value <= wanted,
    }
    return tests[base]()


def opened(claim: Claim, context: Context) -> Iterator[str]:
    """The clauses of a condition that stay open."""
    match claim:
        case Negation(of=inner):
            yield from opened(inner, context)
        case Every(of=parts) | Some(of=parts):
            for part in parts:
                yield from opened(part, context)
        case Compare() if holds(claim, context) == OPEN:
            yield claim.says
        case Exists(attribute=attribute) if holds(claim, context) == OPEN:
            yield f"Exists {attribute}"
        case Action() if holds(claim, context) == OPEN:
            yield f"SubOperationMatches{{'{claim.pattern}'}}"
        case _:
            return
