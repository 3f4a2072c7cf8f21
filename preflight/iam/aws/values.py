"""What is known of a request's condition keys: their values, their absence, or how far they are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.iam.globs import ANYTHING, Glob


@dataclass(frozen=True, slots=True)
class Absent:
    """The key is surely not in the request."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The key's value is not known beyond `shape`; unless `present`, the key may also be absent."""

    shape: Glob = ANYTHING
    present: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """The key has one of these values, which one is not known."""

    choices: tuple[str, ...]


ABSENT = Absent()
UNKNOWN = Unknown()
SOME = Unknown(present=True)

Value = str | tuple[str, ...] | Absent | Unknown | OneOf  # a tuple: a key of several values


class Context:
    """The condition keys of a request, by name without regard to case (a tag's name keeps its case).

    `keys` may end in `/*` to speak for a whole family (`aws:RequestTag/*`). Keys that are not listed have the
    value `rest`: unknown, unless the caller says that the list is whole.
    """

    __slots__ = ("_rest", "_values")

    def __init__(self, keys: Mapping[str, Value], rest: Value = UNKNOWN) -> None:
        self._values = {canonical(key): value for key, value in keys.items()}
        self._rest = rest

    def __getitem__(self, key: str) -> Value:
        return self.look(canonical(key))

    def look(self, key: str) -> Value:
        """As `[]`, for a key that is already in canonical spelling."""
        value = self._values.get(key)
        if value is None and "/" in key:
            value = self._values.get(key.partition("/")[0] + "/*")
        return self._rest if value is None else value

    def over(self, keys: Mapping[str, Value]) -> Context:
        """These keys, and `keys` where this context does not list them."""
        context = Context(keys, self._rest)
        context._values.update(self._values)
        return context

    def with_(self, keys: Mapping[str, Value]) -> Context:
        """The same with some keys replaced."""
        return Context(keys, self._rest).over(self._values)


def canonical(key: str) -> str:
    name, slash, tail = key.partition("/")
    return name.lower() + slash + tail
