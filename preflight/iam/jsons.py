"""JSON values in messages: what they are, how they look, and the JSON pointer to their parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping


def members(value: object) -> Iterator[tuple[object, object]]:
    """The parts of an object or a list, each with its name or index; of anything else none."""
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def inside(value: object) -> list[object]:
    return [inner for _, inner in members(value)]


def escaped(name: object) -> str:
    """A name as a step of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def shown(value: object) -> str:
    """The value itself, cut to 60 characters."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def kind_of(value: object) -> str:
    """What a value is, in the words of a message."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return f"a {type(value).__name__}"
