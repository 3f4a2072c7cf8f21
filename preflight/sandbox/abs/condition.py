"""Conditions of role assignments (version 2.0): as much of the language as blobs and their paths need.

Anything else in a condition is a fault of the scenario and raises ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from preflight.sandbox.abs.attempt import Attempt, matches

_TOKEN = re.compile(
    r"\s*(?:(?P<punctuation>&&|\|\||[(){},!])|'(?P<text>[^']*)'|(?P<attribute>@\w+\[[^\]]+\])|(?P<word>[\w:]+))"
)
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringStartsWith": lambda value, wanted: value.startswith(wanted),
    "StringLike": lambda value, wanted: bool(re.fullmatch(_like(wanted), value, re.DOTALL)),
}


def holds(condition: str, attempt: Attempt) -> bool:
    """Whether the condition lets the attempt through."""
    parser = _Parser(condition, attempt)
    result = parser.disjunction()
    if parser.tokens:
        raise ValueError(f"left over in the condition: {parser.tokens}")
    return result


class _Parser:
    """Recursive descent that evaluates as it goes; every operand is read, whatever the result so far."""

    def __init__(self, text: str, attempt: Attempt) -> None:
        self.attempt = attempt
        self.tokens: list[str] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found:
                raise ValueError(f"not understood in the condition: {text[at:]!r}")
            self.tokens.append(f"'{found['text']}" if found["text"] is not None else found[0].strip())
            at = found.end()

    def disjunction(self) -> bool:
        result = self._conjunction()
        while self._skip("OR", "||"):
            result = self._conjunction() or result
        return result

    def _conjunction(self) -> bool:
        result = self._negation()
        while self._skip("AND", "&&"):
            result = self._negation() and result
        return result

    def _negation(self) -> bool:
        return not self._negation() if self._skip("NOT", "!") else self._primary()

    def _primary(self) -> bool:
        first = self.tokens.pop(0)
        if first == "(":
            result = self.disjunction()
            self._expect(")")
            return result
        if first in {"ActionMatches", "SubOperationMatches"}:
            (wanted,) = self._set()
            return _matches(self.attempt, first, wanted)
        value, operator = self._attribute(first), self.tokens.pop(0)
        wanted_values = self._set() if self.tokens[0] == "{" else [self.tokens.pop(0)[1:]]
        return value is not None and any(_compare(operator, value, wanted) for wanted in wanted_values)

    def _attribute(self, token: str) -> str | None:
        name = token.partition("[")[2].rstrip("]").partition("<")[0].rpartition(":")[2]
        return self.attempt.attributes.get(name)

    def _set(self) -> list[str]:
        self._expect("{")
        found = [self.tokens.pop(0)[1:]]
        while self._skip(","):
            found.append(self.tokens.pop(0)[1:])
        self._expect("}")
        return found

    def _skip(self, *tokens: str) -> bool:
        if self.tokens and self.tokens[0] in tokens:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._skip(token):
            raise ValueError(f"the condition lacks {token!r} before {self.tokens}")


def _matches(attempt: Attempt, what: str, wanted: str) -> bool:
    return matches(attempt.action if what == "ActionMatches" else attempt.suboperation, wanted)


def _compare(operator: str, value: str, wanted: str) -> bool:
    name = operator.rpartition(":")[2]
    if name.endswith("IgnoreCase"):
        name, value, wanted = name.removesuffix("IgnoreCase"), value.lower(), wanted.lower()
    negated = name.replace("StringNot", "String")
    return _COMPARISONS[negated](value, wanted) is (negated == name)


def _like(pattern: str) -> str:
    signs = {"*": ".*", "?": "."}
    return "".join(signs.get(char, re.escape(char)) for char in pattern)
