"""The conditions of IAM bindings that the scenarios use: a small part of CEL, everything else is an error.

An error grants nothing, as with Google.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<word>[A-Za-z_][\w.]*)|(?P<sign>&&|\|\||[=!<>]=|[!<>().,]))"""
)
_COMPARISONS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_METHODS = {"startsWith": str.startswith, "endsWith": str.endswith}


class ConditionError(Exception):
    """The condition does not parse, or speaks of what is not known here."""


def holds(expression: str, known: Mapping[str, Any]) -> bool:
    """Whether a condition holds. `known`: `resource.name`, `resource.type`, `resource.service`, `request.time`."""
    try:
        reader = _Reader(_tokens(expression), known)
        value = reader.either()
    except (ConditionError, TypeError, ValueError, IndexError):
        return False
    return value is True and not reader.rest


def _tokens(expression: str) -> list[str]:
    tokens, at = [], 0
    while at < len(expression.rstrip()):
        match = _TOKEN.match(expression, at)
        if not match:
            raise ConditionError(expression[at:])
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


@dataclass(slots=True)
class _Reader:
    rest: list[str]
    known: Mapping[str, Any]

    def either(self) -> bool:
        value = self.both()
        while self._take("||"):
            value = self.both() or value
        return value

    def both(self) -> bool:
        value = self.single()
        while self._take("&&"):
            value = self.single() and value
        return value

    def single(self) -> bool:
        if self._take("!"):
            return not self.single()
        if self._take("("):
            value = self.either()
            self._demand(")")
            return value
        return self.claim()

    def claim(self) -> bool:
        word = self.rest.pop(0)
        name, _, method = word.rpartition(".")
        if method in _METHODS and self._take("("):
            text = self._value(self.rest.pop(0))
            self._demand(")")
            return bool(_METHODS[method](self._value(name), text))
        left, sign = self._value(word), self.rest.pop(0)
        if sign not in _COMPARISONS:
            raise ConditionError(sign)
        return bool(_COMPARISONS[sign](left, self._value(self.rest.pop(0))))

    def _value(self, word: str) -> Any:  # noqa: ANN401 - text or time
        if word[0] in "\"'":
            return word[1:-1]
        if word == "timestamp" and self._take("("):
            moment = datetime.fromisoformat(self._value(self.rest.pop(0)))
            self._demand(")")
            return moment
        if word not in self.known:
            raise ConditionError(word)
        return self.known[word]

    def _take(self, sign: str) -> bool:
        if self.rest and self.rest[0] == sign:
            self.rest.pop(0)
            return True
        return False

    def _demand(self, sign: str) -> None:
        if not self._take(sign):
            raise ConditionError(sign)
