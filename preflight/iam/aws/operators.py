"""Condition operators as values: each compares one value of the request with the values of a policy."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network

from preflight.iam.aws.values import Context
from preflight.iam.aws.variables import Template
from preflight.iam.globs import Glob
from preflight.iam.languages import In, TooHard, both, other, shortest
from preflight.iam.regions import Truth, every

Plain = bool | Decimal | datetime | bytes | IPv4Network | IPv6Network
Wanted = Template | Plain | None  # None: the policy's value could not be read


class Quantifier(Enum):
    """How a key of several values is compared."""

    ONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator as written, such as `ForAnyValue:StringNotLikeIfExists`, taken to pieces."""

    name: str
    base: str
    kind: Kind
    negated: bool
    if_exists: bool
    quantifier: Quantifier


class Kind(Enum):
    """How the values of a family of operators are read and compared."""

    STRING = "string"
    FOLDED = "string without regard to case"
    LIKE = "pattern"
    ARN = "ARN pattern"
    NUMBER = "number"
    DATE = "date"
    BOOL = "boolean"
    BINARY = "base64"
    ADDRESS = "IP address or range"
    NULL = "true or false"


_ORDER = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_BASES: dict[str, tuple[Kind, bool]] = {
    "StringEquals": (Kind.STRING, False),
    "StringNotEquals": (Kind.STRING, True),
    "StringEqualsIgnoreCase": (Kind.FOLDED, False),
    "StringNotEqualsIgnoreCase": (Kind.FOLDED, True),
    "StringLike": (Kind.LIKE, False),
    "StringNotLike": (Kind.LIKE, True),
    "ArnEquals": (Kind.ARN, False),
    "ArnLike": (Kind.ARN, False),
    "ArnNotEquals": (Kind.ARN, True),
    "ArnNotLike": (Kind.ARN, True),
    "Bool": (Kind.BOOL, False),
    "BinaryEquals": (Kind.BINARY, False),
    "IpAddress": (Kind.ADDRESS, False),
    "NotIpAddress": (Kind.ADDRESS, True),
    "Null": (Kind.NULL, False),
    **{f"Numeric{order}": (Kind.NUMBER, order == "NotEquals") for order in _ORDER},
    **{f"Date{order}": (Kind.DATE, order == "NotEquals") for order in _ORDER},
}
NAMES = tuple(_BASES)


def operator(name: str) -> Operator | None:
    """The operator of that name, or None: names mind case."""
    quantifier, colon, rest = name.rpartition(":")
    if colon and quantifier not in {"ForAllValues", "ForAnyValue"}:
        return None
    base = rest.removesuffix("IfExists")
    if base not in _BASES or (base == "Null" and (colon or base != rest)):
        return None
    kind, negated = _BASES[base]
    return Operator(name, base, kind, negated, base != rest, Quantifier(quantifier))


def read(kind: Kind, text: str, *, variables: bool) -> Wanted:
    """A value of a policy, ready for comparing; None if it is not of that kind."""
    match kind:
        case Kind.STRING | Kind.FOLDED:
            return Template(text, variables=variables, wild=False)
        case Kind.LIKE | Kind.ARN:
            return Template(text, variables=variables, wild=True)
        case _:
            return _plain(kind, text)


def _plain(kind: Kind, text: str) -> Plain | None:
    try:
        match kind:
            case Kind.NUMBER:
                number = Decimal(text.strip())
                return number if number.is_finite() else None
            case Kind.DATE:
                return date(text)
            case Kind.BOOL | Kind.NULL:
                return {"true": True, "false": False}.get(text.strip().lower())
            case Kind.BINARY:
                return base64.b64decode(text, validate=True)
            case _:
                return ip_network(text.strip(), strict=False)
    except (ValueError, InvalidOperation, OverflowError, binascii.Error):
        return None


_EPOCH = re.compile(r"-?\d{1,11}(?:\.\d+)?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\d{4})?\Z")


def date(text: str) -> datetime:
    """A point in time as policies write it: ISO 8601 or seconds since 1970. Raises ValueError.

    Also for digits that are a year or a day as well, such as 2030 and 20300101: AWS does not say which it reads.
    """
    if _YEAR.match(text.strip()):
        raise ValueError(f"{text} is a year or a day, or seconds since 1970")
    if _EPOCH.match(text := text.strip()):
        return datetime.fromtimestamp(float(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def moment(wanted: Wanted) -> datetime | None:
    """The point in time that a value is, also where it is compared as a number of seconds since 1970."""
    if isinstance(wanted, Decimal):
        try:
            return datetime.fromtimestamp(float(wanted), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return wanted if isinstance(wanted, datetime) else None


# Both sides were read as one kind, so they are comparable; types cannot say that of a union.
_COMPARE: dict[str, Callable[[Plain, Plain], bool]] = {
    "Equals": lambda a, b: a == b,
    "NotEquals": lambda a, b: a == b,  # the negation is taken over all values at once
    "LessThan": lambda a, b: a < b,  # type: ignore[operator]
    "LessThanEquals": lambda a, b: a <= b,  # type: ignore[operator]
    "GreaterThan": lambda a, b: a > b,  # type: ignore[operator]
    "GreaterThanEquals": lambda a, b: a >= b,  # type: ignore[operator]
}


def holds(op: Operator, have: Glob, want: Wanted, context: Context) -> Truth:
    """Whether one value of the request (`have`: its text, or all that it can be) meets one of the policy.

    The negation of a `Not...` operator is not part of it. Not for `Null`, which asks about presence.
    """
    if isinstance(want, Template):
        filled = want.fill(context)
        if filled.may is None:
            return False
        return _alike(op.kind, have, filled.may, sure=filled.sure is not None)
    if want is None or have.exact is None:
        return None
    if op.kind is Kind.ADDRESS:
        return _inside(have.exact, want)
    found = _plain(op.kind, have.exact)
    if found is None:
        return False
    if op.kind is Kind.NUMBER or op.kind is Kind.DATE:
        return _COMPARE[op.base.removeprefix("Numeric").removeprefix("Date")](found, want)
    return found == want


def _alike(kind: Kind, have: Glob, want: Glob, *, sure: bool) -> Truth:
    if kind is Kind.FOLDED:
        have, want = have.folded(), want.folded()
    if kind is Kind.ARN:
        return _same_arn(have, want, sure=sure)
    return _within(have, want, sure=sure)


def _within(have: Glob, want: Glob, *, sure: bool) -> Truth:
    """True if all that `have` can be matches, False if none of it does."""
    if have.exact is not None:
        return (sure or None) if want.matches(have.exact) else False
    try:
        if shortest(both(In(have), In(want))) is None:
            return False
        return True if sure and shortest(both(In(have), other(In(want)))) is None else None
    except TooHard:
        return None


def _same_arn(have: Glob, want: Glob, *, sure: bool) -> Truth:
    """ARNs compare by their six parts, so that a `*` in one part does not reach into the next."""
    ours, theirs = have.split(":", 5), want.split(":", 5)
    if len(theirs) < 6:
        return _within(have, want, sure=sure) if theirs[-1].open_ended else False
    if len(ours) < 6:
        return False if have.exact is not None else None
    return every(_within(mine, yours, sure=sure) for mine, yours in zip(ours, theirs, strict=True))


def whole_families(wanted: Sequence[Wanted]) -> frozenset[int]:
    """The versions of IP of which the ranges together hold every address."""
    four = collapse_addresses(one for one in wanted if isinstance(one, IPv4Network))
    six = collapse_addresses(one for one in wanted if isinstance(one, IPv6Network))
    whole = [4 for one in four if one.prefixlen == 0] + [6 for one in six if one.prefixlen == 0]
    return frozenset(whole)


def _inside(text: str, network: object) -> Truth:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return False
    return isinstance(network, IPv4Network | IPv6Network) and address in network  # never across versions
