"""The resources in a Terraform plan or state, as `terraform show -json` prints it, for every cloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from preflight.documents import UnrecognisedError

Values = Mapping[str, Any]
Told = Sequence[tuple[str, Values]]  # the type and the values of each resource


def resources(plan: object) -> tuple[tuple[str, Values], ...]:
    """The type and the values of every managed resource, modules included. Raises `UnrecognisedError`.

    What is known only after apply stands in no values: unread is not empty.
    """
    told = plan.get("planned_values") or plan.get("values") if isinstance(plan, Mapping) else None
    if not isinstance(told, Mapping):
        raise UnrecognisedError("expected the output of terraform show -json, with planned_values or values")
    return tuple(_of(told.get("root_module") or {}))


def blocks(values: Values, name: str) -> list[Values]:
    """Nested blocks of a resource, which a plan writes as a list. Raises `UnrecognisedError`."""
    found = values.get(name) or []
    if not isinstance(found, list):
        raise UnrecognisedError(f"expected the output of terraform show -json, where {name} is a list")
    return [_table(one, f"each of {name}") for one in found]


def _of(module: object) -> Iterator[tuple[str, Values]]:
    table = _table(module, "root_module")
    for resource in blocks(table, "resources"):
        if resource.get("mode", "managed") == "managed":
            yield str(resource.get("type")), _table(resource.get("values") or {}, "values")
    for child in blocks(table, "child_modules"):
        yield from _of(child)


def _table(value: object, name: str) -> Values:
    if not isinstance(value, Mapping):
        raise UnrecognisedError(f"expected the output of terraform show -json, where {name} is an object")
    return value
