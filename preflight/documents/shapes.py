"""The shape that an answer of a cloud has to have before it is read; a fault is named by its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preflight.documents import UnrecognisedError
from preflight.iam.jsons import escaped, kind_of

Shape = type | tuple[type, ...] | Mapping[str, "Shape"] | list["Shape"]
"""`str`, `bool` or `int`; an object with the members that are read, each of them optional; a list of one shape."""

_WORDS = {str: "a text", bool: "true or false", int: "a number"}


def shaped(value: Any, shape: Shape, expected: str, pointer: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """The value without null, which is what nobody has set. Raises `UnrecognisedError` where it has another shape."""
    match shape:
        case Mapping() if isinstance(value, Mapping):
            return {
                name: shaped(inner, shape[name], expected, f"{pointer}/{escaped(name)}") if name in shape else inner
                for name, inner in value.items()
                if inner is not None
            }
        case [one] if isinstance(value, list):
            return [shaped(inner, one, expected, f"{pointer}/{index}") for index, inner in enumerate(value)]
        case type() | tuple() if isinstance(value, shape) and isinstance(value, bool) is (shape is bool):
            return value
        case _:
            raise UnrecognisedError(f"{pointer or '/'}: must be {_of(shape)}, is {kind_of(value)}; expected {expected}")


def _of(shape: Shape) -> str:
    match shape:
        case Mapping():
            return "an object"
        case list():
            return "a list"
        case tuple():
            return " or ".join(_WORDS[one] for one in shape)
        case type():
            return _WORDS[shape]
