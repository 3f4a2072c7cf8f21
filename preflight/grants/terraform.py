"""Terraform's language, as far as a grant needs it: a resource whose arguments are JSON values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def block(kind: str, name: str, arguments: Mapping[str, str]) -> str:
    """A resource; arguments are expressions, such as those of `text` and `encoded`."""
    width = max(map(len, arguments))
    lines = [f"  {key.ljust(width)} = {value}" for key, value in arguments.items()]
    return "\n".join([f'resource "{kind}" "{name}" {{', *lines, "}", ""])


def label(name: str) -> str:
    """A storage's name as a name in Terraform."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return plain if _WORD.fullmatch(plain) else f"_{plain}"


def labels(names: Iterable[str]) -> tuple[str, ...]:
    """The same for many, no two alike: Terraform refuses a second resource of one address."""
    found: list[str] = []
    for name in map(label, names):
        numbered = (f"{name}_{number}" if number > 1 else name for number in count(1))
        found.append(next(one for one in numbered if one not in found))
    return tuple(found)


def text(value: str) -> str:
    """A string literal: in JSON's escapes, with the marks of templates taken literally."""
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def encoded(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A JSON value as an expression that is a text in JSON, as arguments for policies want it."""
    return f"jsonencode({_value(value, 1)})"


def _value(value: Any, depth: int) -> str:  # noqa: ANN401 - any JSON value
    indent, close = "  " * (depth + 1), "  " * depth
    match value:
        case Mapping():
            items = [f"{indent}{_key(key)} = {_value(item, depth + 1)}" for key, item in value.items()]
            return "\n".join(["{", *items, f"{close}}}"]) if items else "{}"
        case list() | tuple():
            listed = [f"{indent}{_value(item, depth + 1)}," for item in value]
            return "\n".join(["[", *listed, f"{close}]"]) if listed else "[]"
        case str():
            return text(value)
        case _:
            return json.dumps(value)


def _key(key: str) -> str:
    return key if _WORD.fullmatch(key) else text(key)
