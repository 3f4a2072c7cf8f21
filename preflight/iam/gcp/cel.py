"""Conditions of IAM bindings, parsed by a CEL library and read into the few claims that IAM lets them make.

Sources: IAM documentation, "Overview of IAM Conditions" and "Attribute reference for IAM Conditions". What CEL
knows and IAM refuses (`matches`, macros, a thirteenth logical operator) is a problem of the condition.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

OPERATORS = 12
"""Logical operators that IAM lets one condition have."""

LONGEST = 10_000
"""Characters of an expression that are read."""

NAME = "resource.name"
LIST_PREFIX = "storage.googleapis.com/objectListPrefix"
"""The attribute that is the prefix of a list; `api.getAttribute` asks for it."""


class Test(StrEnum):
    """How a text attribute is compared."""

    EQUALS = "=="
    STARTS = "startsWith"
    ENDS = "endsWith"


@dataclass(frozen=True, slots=True)
class Text:
    """A text attribute compared; with `template`, what is extracted from it; `default` where a request has none."""

    attribute: str
    test: Test
    wanted: str
    says: str
    template: str | None = None
    default: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """`request.time` compared with a moment; `sign` is one of `<`, `<=`, `>`, `>=`, `==`."""

    sign: str
    moment: datetime
    says: str


@dataclass(frozen=True, slots=True)
class Open:
    """A claim about what cannot be known beforehand: `about` are the attributes."""

    about: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Negation:
    of: Claim


@dataclass(frozen=True, slots=True)
class Every:
    of: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Some:
    of: tuple[Claim, ...]


Claim = bool | Text | Time | Open | Negation | Every | Some


@dataclass(frozen=True, slots=True)
class Condition:
    """What an expression claims. With `problems`, IAM refuses it: nothing can be told from it."""

    expression: str
    claim: Claim
    problems: tuple[str, ...] = ()


@functools.lru_cache(maxsize=256)
def parse(expression: str) -> Condition:
    """Reads a condition. Never raises: see `problems`."""
    if len(expression) > LONGEST:
        return Condition(expression, Open((), ""), (f"it is longer than {LONGEST} characters",))
    reader = _Reader(expression)
    try:
        claim = reader.claim(_library().compile(expression))
    except _UnreadableError as error:
        return Condition(expression, Open((), expression), (str(error),))
    except RecursionError:
        return Condition(expression, Open((), expression), ("it is nested too deeply",))
    except Exception as error:  # noqa: BLE001 - the library's own kinds of error, and whatever a strange text provokes
        return Condition(expression, Open((), expression), (f"it is no CEL expression{_place(error)}",))
    return Condition(expression, claim)


def claims(claim: Claim) -> Iterator[Text | Time | Open]:
    """The single claims of which a condition is made."""
    match claim:
        case bool():
            return
        case Negation(of=inner):
            yield from claims(inner)
        case Every(of=parts) | Some(of=parts):
            for part in parts:
                yield from claims(part)
        case _:
            yield claim


class _UnreadableError(Exception):
    """IAM would not take this."""


@functools.cache
def _library() -> Any:  # noqa: ANN401 - celpy.Environment
    """The CEL library, imported by the first condition only; it may not change the recursion limit of the process."""
    limit = sys.getrecursionlimit()
    try:
        import celpy

        return celpy.Environment()
    finally:
        sys.setrecursionlimit(limit)


def _place(error: Exception) -> str:
    line, column = getattr(error, "line", None), getattr(error, "column", None)
    return f": see line {line}, column {column}" if line and column and column > 0 else ""


_BINARY = {"conditionalor": Some, "conditionaland": Every}
_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=", "in": "in"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ON_TEXT = {"startsWith": Test.STARTS, "endsWith": Test.ENDS}
_GETTERS = re.compile(r"get(FullYear|Month|Date|DayOfMonth|DayOfWeek|DayOfYear|Hours|Minutes|Seconds|Milliseconds)")
_FUNCTIONS = frozenset({"timestamp", "duration", "date"})
_METHODS = frozenset({"startsWith", "endsWith", "extract", "getAttribute", "hasOnly"})
_TAGS = re.compile(r"matchTag(Id)?|hasTagKey(Id)?")
_TEXTS = frozenset({NAME, "resource.type", "resource.service"})
_ABOUT = re.compile(r"(resource|request|destination|access|principal|api)\b.*")


@dataclass(slots=True)
class _Reader:
    expression: str
    operators: int = 0

    def count(self) -> None:
        self.operators += 1
        if self.operators > OPERATORS:
            raise _UnreadableError(f"it has more than {OPERATORS} logical operators")

    def claim(self, tree: Any) -> Claim:  # noqa: ANN401 - a tree of lark's; one answer for each shape
        tree = _core(tree)
        kind, parts = tree.data, tree.children
        if kind in _BINARY:
            self.count()
            both = tuple(self.claim(part) for part in parts)
            return Some(both) if _BINARY[kind] is Some else Every(both)
        if kind == "unary" and parts[0].data == "unary_not":
            self.count()
            return Negation(self.claim(parts[1]))
        if kind == "expr":
            when, then, otherwise = (self.claim(part) for part in parts)
            return Some((Every((when, then)), Every((Negation(when), otherwise))))
        if kind == "relation":
            return self.relation(tree)
        if kind == "member_dot_arg":
            return self.call(tree)
        if kind == "literal" and str(parts[0]) in {"true", "false"}:
            return str(parts[0]) == "true"
        return self.open(tree)

    def relation(self, tree: Any) -> Claim:  # noqa: ANN401 - likewise
        left, right = tree.children[0].children[0], tree.children[1]
        sign = _SIGNS[tree.children[0].data.removeprefix("relation_")]
        if sign == "!=":
            return Negation(self.comparison(tree, left, "==", right))
        if sign != "in":
            return self.comparison(tree, left, sign, right)
        if _dotted(_core(left)) == NAME:
            raise _UnreadableError(f"`{NAME}` cannot be looked for in a list, compare it with ==")
        listed = _core(right)
        if listed.data != "list_lit":
            return self.open(tree)
        items = listed.children[0].children if listed.children else ()
        return Some(tuple(self.comparison(tree, left, "==", item) for item in items))

    def comparison(self, tree: Any, left: Any, sign: str, right: Any) -> Claim:  # noqa: ANN401 - likewise
        if not list(_attributes(left)) and list(_attributes(right)):
            left, right, sign = right, left, _TURNED.get(sign, sign)
        says = self.text(tree)
        attribute, template = _extracted(_core(left))
        if attribute in _TEXTS and sign == "==":
            wanted = self.constant(right, str)
            return self.open(tree) if wanted is None else Text(attribute, Test.EQUALS, wanted, says, template)
        default = self.without_a_list(_core(left))
        if default is not None and sign == "==" and (wanted := self.constant(right, str)) is not None:
            return Text(LIST_PREFIX, Test.EQUALS, wanted, says, default=default)
        if attribute == NAME:
            raise _UnreadableError(f"`{NAME}` cannot be compared with {sign}")
        if attribute == "request.time":
            moment = self.constant(right, datetime)
            if moment is not None:
                return Time(sign, datetime.fromtimestamp(moment.timestamp(), UTC), says)
        return self.open(tree)

    def call(self, tree: Any) -> Claim:  # noqa: ANN401 - likewise
        """A method that answers yes or no."""
        subject, method, *arguments = tree.children
        attribute, template = _extracted(_core(subject))
        if attribute == NAME and method not in _ON_TEXT:
            raise _UnreadableError(f"`{NAME}` does not offer `{method}` in IAM: only startsWith, endsWith, extract")
        if method in _ON_TEXT:
            wanted = self.constant(_argument(arguments), str)
            if attribute in _TEXTS and wanted is not None:
                return Text(attribute, _ON_TEXT[method], wanted, self.text(tree), template)
            default = self.without_a_list(_core(subject))
            if default is not None and wanted is not None:
                return Text(LIST_PREFIX, _ON_TEXT[method], wanted, self.text(tree), default=default)
        return self.open(tree)

    def without_a_list(self, tree: Any) -> str | None:  # noqa: ANN401 - likewise
        """The default of `api.getAttribute` for the prefix of a list, which nothing but a list carries."""
        if tree.data != "member_dot_arg" or tree.children[1] != "getAttribute":
            return None
        given = tree.children[2].children
        asked = [self.constant(one, str) for one in given]
        return asked[1] if len(asked) == 2 and asked[0] == LIST_PREFIX else None

    def open(self, tree: Any) -> Open:  # noqa: ANN401 - likewise
        """A claim that is not decided here; what IAM would not take is a problem."""
        for function in _functions(tree):
            if (
                function not in _METHODS | _FUNCTIONS
                and not _GETTERS.fullmatch(function)
                and not _TAGS.fullmatch(function)
            ):
                raise _UnreadableError(f"IAM offers no `{function}`")
        about = tuple(dict.fromkeys(_attributes(tree)))
        if not about or _dotted(tree) in _TEXTS:
            raise _UnreadableError(f"`{self.text(tree)}` is no claim about a request")
        for attribute in about:
            if not _ABOUT.fullmatch(attribute):
                raise _UnreadableError(f"`{attribute[:60]}` is no attribute of IAM")
        return Open(about, self.text(tree))

    def constant(self, tree: Any, kind: type[Any]) -> Any:  # noqa: ANN401 - a value of that kind, or None
        """The value of an expression that asks about nothing."""
        if tree is None or list(_attributes(tree)):
            return None
        try:
            value = _library().program(tree).evaluate({})
        except Exception:  # noqa: BLE001 - an evaluation fails in as many ways as there are types
            raise _UnreadableError(f"`{self.text(tree)}` has no value") from None
        if isinstance(value, kind):
            return str(value) if kind is str else value
        raise _UnreadableError(f"`{self.text(tree)}` is compared with something of another kind")

    def text(self, tree: Any) -> str:  # noqa: ANN401 - likewise
        return self.expression[tree.meta.start_pos : tree.meta.end_pos].strip()


def _core(tree: Any) -> Any:  # noqa: ANN401 - a tree of lark's
    """Without the layers of the grammar that say nothing."""
    while len(tree.children) == 1 and hasattr(tree.children[0], "children") and tree.data != "list_lit":
        tree = tree.children[0]
    return tree


def _dotted(tree: Any) -> str:  # noqa: ANN401 - likewise
    """The attribute that a tree is, such as `resource.name`, or nothing."""
    if tree.data == "ident":
        return str(tree.children[0])
    if tree.data == "member_dot":
        above = _dotted(_core(tree.children[0]))
        return f"{above}.{tree.children[1]}" if above else ""
    return ""


def _extracted(tree: Any) -> tuple[str, str | None]:  # noqa: ANN401 - likewise
    """The attribute and, where something is extracted from it, the template."""
    if tree.data != "member_dot_arg" or tree.children[1] != "extract":
        return _dotted(tree), None
    template = _argument(tree.children[2:])
    inner = _core(template) if template is not None else None
    literal = inner.children[0] if inner is not None and inner.data == "literal" else ""
    if not re.fullmatch(r"""(["'])[^"'\\{}]*\{\w+\}[^"'\\{}]*\1""", str(literal)):
        raise _UnreadableError(f"`{literal}` is no template for extract: expected text{{name}}text")
    return _dotted(_core(tree.children[0])), str(literal)[1:-1]


def _argument(arguments: list[Any]) -> Any:  # noqa: ANN401 - likewise
    """The one argument of a call, or None."""
    given = arguments[0].children if arguments else []
    return given[0] if len(given) == 1 else None


def _walk(tree: Any, found: Callable[[Any], Iterator[str]]) -> Iterator[str]:  # noqa: ANN401 - likewise
    yield from found(tree)
    for part in getattr(tree, "children", ()):
        yield from _walk(part, found)


def _attributes(tree: Any) -> Iterator[str]:  # noqa: ANN401 - likewise
    """The attributes that an expression asks about, each once by its longest name."""
    name = _dotted(tree) if hasattr(tree, "data") else ""
    if name:
        yield name
        return
    if getattr(tree, "data", "") == "member_dot_arg" and (above := _asking(tree)):
        yield above
        return
    for part in getattr(tree, "children", ()):
        yield from _attributes(part)


def _asking(tree: Any) -> str:  # noqa: ANN401 - likewise
    """What a call asks about where the call itself is the attribute: a tag, or an attribute of a service."""
    method = str(tree.children[1])
    if method != "getAttribute" and not _TAGS.fullmatch(method):
        return ""
    first = _core(tree.children[2].children[0]) if len(tree.children) > 2 else None
    named = str(first.children[0]) if first is not None and first.data == "literal" else "…"
    return f"{_dotted(_core(tree.children[0]))}.{method}({named})"


def _functions(tree: Any) -> Iterator[str]:  # noqa: ANN401 - likewise
    def here(one: Any) -> Iterator[str]:  # noqa: ANN401 - likewise
        kind = getattr(one, "data", "")
        if kind == "member_dot_arg":
            yield str(one.children[1])
        elif kind in {"ident_arg", "dot_ident_arg"}:
            yield str(one.children[0])

    return _walk(tree, here)
