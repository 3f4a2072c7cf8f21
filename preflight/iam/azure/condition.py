"""Conditions of role assignments, version 2.0: the grammar, read into claims.

Source: Azure RBAC documentation, "Azure role assignment condition format and syntax".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

LONGEST = 8_192
"""Characters that Azure lets a condition have."""


class Kind(StrEnum):
    """What an operator compares."""

    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "DateTime"
    BOOL = "Bool"
    GUID = "Guid"


class Many(StrEnum):
    """How an operator takes several values: on the left first, on the right second."""

    ONE = ""
    ANY_ANY = "ForAnyOfAnyValues"
    ALL_ANY = "ForAllOfAnyValues"
    ANY_ALL = "ForAnyOfAllValues"
    ALL_ALL = "ForAllOfAllValues"


@dataclass(frozen=True, slots=True)
class Operator:
    """`base` without negation and case: Equals, StartsWith, Like, GreaterThan, ..."""

    kind: Kind
    base: str
    negated: bool = False
    fold: bool = False
    many: Many = Many.ONE


@dataclass(frozen=True, slots=True)
class Attribute:
    """`source` is Resource, Request, Principal or Environment."""

    source: str
    name: str

    def __str__(self) -> str:
        return f"@{self.source}[{self.name}]"


@dataclass(frozen=True, slots=True)
class Action:
    """`ActionMatches`, or (`sub`) `SubOperationMatches`."""

    pattern: str
    sub: bool = False


@dataclass(frozen=True, slots=True)
class Exists:
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class Compare:
    """`says` is the clause as written. `against` are attributes on the right, whose values are never known."""

    attribute: Attribute
    operator: Operator
    values: tuple[str, ...]
    says: str
    against: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation:
    of: Claim


@dataclass(frozen=True, slots=True)
class Every:
    of: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Some:
    of: tuple[Claim, ...]


Claim = Action | Exists | Compare | Negation | Every | Some


@dataclass(frozen=True, slots=True)
class Condition:
    """What an expression claims; `claim` is None where Azure would refuse it, and `problems` say why."""

    expression: str
    claim: Claim | None
    problems: tuple[str, ...] = ()


@functools.lru_cache(maxsize=256)
def parse(expression: str) -> Condition:
    """Reads a condition. Never raises: see `problems`."""
    if len(expression) > LONGEST:
        return Condition(expression, None, (f"it is longer than {LONGEST} characters",))
    try:
        return Condition(expression, _Parser(expression).whole())
    except _UnreadableError as error:
        return Condition(expression, None, (str(error),))
    except RecursionError:
        return Condition(expression, None, ("it is nested too deeply",))


def compares(claim: Claim | None) -> Iterator[Compare]:
    """The single comparisons of which a condition is made."""
    match claim:
        case Compare():
            yield claim
        case Negation(of=inner):
            yield from compares(inner)
        case Every(of=parts) | Some(of=parts):
            for part in parts:
                yield from compares(part)
        case _:
            return


class _UnreadableError(Exception):
    """Azure would not take this."""


_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>&&|\|\||[(){},!])|(?P<text>'[^']*')|(?P<attribute>@\w+\[[^\]]*\])|(?P<word>[^\s(){},!'@&|]+))"""
)
_AND, _OR, _NOT = ("AND", "&&"), ("OR", "||"), ("NOT", "!")
_DEEPEST = 50
_ATTRIBUTE = re.compile(r"@(Resource|Request|Principal|Environment)\[\s*([^\]]+?)\s*\]", re.IGNORECASE)
_SIZES = ("Equals", "NotEquals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals")
_NUMBER = re.compile(r"-?\d+")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _operators() -> Iterator[tuple[str, Operator]]:
    for base in ("Equals", "StartsWith", "Like"):
        for negated in (False, True):
            for fold in (False, True):
                name = f"String{'Not' * negated}{base}{'IgnoreCase' * fold}"
                yield name, Operator(Kind.STRING, base, negated, fold)
    for kind in (Kind.NUMERIC, Kind.DATE):
        for size in _SIZES:
            yield f"{kind}{size}", Operator(kind, size.removeprefix("Not"), size == "NotEquals")
    for kind in (Kind.BOOL, Kind.GUID):
        yield f"{kind}Equals", Operator(kind, "Equals")
        yield f"{kind}NotEquals", Operator(kind, "Equals", negated=True)


_OPERATORS = {name.lower(): operator for name, operator in _operators()}


@dataclass(slots=True)
class _Parser:
    text: str
    tokens: list[tuple[str, int]] = field(default_factory=list)
    at: int = 0
    depth: int = 0

    def whole(self) -> Claim:
        self.scan()
        claim = self.junction()
        if self.at < len(self.tokens):
            raise self.wrong("expected AND, OR or the end")
        return claim

    def scan(self) -> None:
        place, text = 0, self.text.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found:
                raise _UnreadableError(f"not understood at character {place + 1}: `{text[place : place + 20]}`")
            self.tokens.append((found[0].strip(), found.start(found.lastgroup or 0)))
            place = found.end()

    def junction(self) -> Claim:
        """Claims joined by AND, or by OR; both in one row need parentheses."""
        parts, joined = [self.single()], ""
        while self.peek() in {*_AND, *_OR}:
            word = "AND" if self.peek() in _AND else "OR"
            if joined and word != joined:
                raise self.wrong("AND and OR are mixed without parentheses, which Azure calls ambiguous")
            joined = word
            self.at += 1
            parts.append(self.single())
        if not joined:
            return parts[0]
        return Every(tuple(parts)) if joined == "AND" else Some(tuple(parts))

    def single(self) -> Claim:
        if self.peek() in _NOT:
            self.at += 1
            return Negation(self.deeper(self.single))
        if self.peek() == "(":
            self.at += 1
            claim = self.deeper(self.junction)
            self.expect(")")
            return claim
        return self.claim()

    def deeper(self, read: Callable[[], Claim]) -> Claim:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _UnreadableError("it is nested too deeply")
        claim = read()
        self.depth -= 1
        return claim

    def claim(self) -> Claim:
        begin = self.at
        word = self.next("a claim").lower()
        if word in {"actionmatches", "suboperationmatches"}:
            self.expect("{")
            pattern = self.literal(self.next("an action"))
            self.expect("}")
            return Action(pattern, sub=word.startswith("sub"))
        if word == "exists":
            return Exists(self.attribute(self.next("an attribute")))
        self.at = begin
        left = self.values()
        operator = self.operator(self.next("an operator"))
        right = self.values()
        return self.compare(left, operator, right, begin)

    def compare(self, left: list[str], operator: Operator, right: list[str], begin: int) -> Compare:
        end = self.tokens[self.at - 1]
        says = self.text[self.tokens[begin][1] : end[1] + len(end[0])]
        named = [self.attribute(one) for one in (*left, *right) if one.startswith("@")]
        if not named:
            raise self.wrong("a comparison without an attribute")
        if len(left) == 1 and left[0].startswith("@"):
            values = [one for one in right if not one.startswith("@")]
            return Compare(named[0], operator, self.checked(operator, values), says, tuple(named[1:]))
        # With the attribute on the right, only equality means the same the other way round.
        turned = operator.base == "Equals" and operator.many is Many.ONE and len(right) == 1
        values = left if turned else []
        return Compare(named[0], operator, self.checked(operator, values), says, () if turned else tuple(named))

    def checked(self, operator: Operator, values: list[str]) -> tuple[str, ...]:
        """The values in the operator's own form."""
        plain = tuple(value.strip("'") for value in values)
        for written, value in zip(values, plain, strict=True):
            text = written.startswith("'")
            fits = {
                Kind.STRING: text,
                Kind.NUMERIC: bool(_NUMBER.fullmatch(value)),
                Kind.DATE: moment(value) is not None,
                Kind.BOOL: value.lower() in {"true", "false"},
                Kind.GUID: bool(GUID.fullmatch(value)),
            }
            if not fits[operator.kind]:
                raise self.wrong(f"`{written}` is nothing that a {operator.kind} operator compares with")
        return plain

    def values(self) -> list[str]:
        if self.peek() != "{":
            return [self.next("a value")]
        self.expect("{")
        found = [self.next("a value")]
        while self.peek() == ",":
            self.at += 1
            found.append(self.next("a value"))
        self.expect("}")
        return found

    def operator(self, word: str) -> Operator:
        many, _, name = word.rpartition(":")
        found = _OPERATORS.get(name.lower())
        quantifier = next((one for one in Many if one.value.lower() == many.lower()), None)
        if found is None or quantifier is None:
            raise self.wrong(f"`{word}` is no operator")
        return Operator(found.kind, found.base, found.negated, found.fold, quantifier)

    def attribute(self, word: str) -> Attribute:
        found = _ATTRIBUTE.fullmatch(word)
        if not found:
            raise self.wrong(f"`{word}` is no attribute: expected @Resource[…], @Request[…], …")
        return Attribute(found[1].capitalize(), found[2])

    def literal(self, word: str) -> str:
        if not word.startswith("'"):
            raise self.wrong(f"`{word}` is no text: expected '…'")
        return word.strip("'")

    def peek(self) -> str:
        return self.tokens[self.at][0].upper() if self.at < len(self.tokens) else ""

    def next(self, wanted: str) -> str:
        if self.at >= len(self.tokens):
            raise _UnreadableError(f"it ends where {wanted} is expected")
        self.at += 1
        return self.tokens[self.at - 1][0]

    def expect(self, sign: str) -> None:
        if self.next(f"`{sign}`") != sign:
            self.at -= 1
            raise self.wrong(f"expected `{sign}`")

    def wrong(self, why: str) -> _UnreadableError:
        place = self.tokens[min(self.at, len(self.tokens)) - 1][1] if self.tokens else 0
        return _UnreadableError(f"{why} (near character {place + 1})")


def moment(text: str) -> datetime | None:
    """A date and time as conditions write it, in UTC where it says no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
