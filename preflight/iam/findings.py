"""What is wrong with a document, with its place, and the small readings that every kind of document shares."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.iam.jsons import inside, kind_of
from preflight.model import Severity

DEEPEST = 40  # levels of nesting that are read; a policy needs seven


@dataclass(frozen=True, slots=True)
class Finding:
    """An error: the provider refuses to store this. A warning: it is doubtful. `pointer` is a JSON pointer."""

    pointer: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


@dataclass(slots=True)
class Findings:
    """Collects what is wrong while a document is read; each reading gives the value, or what does no harm."""

    found: list[Finding] = field(default_factory=list)

    def error(self, pointer: str, message: str) -> None:
        self.found.append(Finding(pointer, message))

    def warn(self, pointer: str, message: str) -> None:
        self.found.append(Finding(pointer, message, Severity.WARNING))

    def mapping(self, value: object, pointer: str, what: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.error(pointer, f"{what} is an object, this is {kind_of(value)}")
        return {}

    def items(self, value: object, pointer: str) -> Iterator[tuple[str, Any]]:
        """The items of a list that may be missing, each with its place."""
        if isinstance(value, list):
            yield from ((f"{pointer}/{index}", item) for index, item in enumerate(value))
        elif value is not None:
            self.error(pointer, f"must be a list, is {kind_of(value)}")

    def texts(self, value: object, pointer: str) -> tuple[str, ...]:
        return tuple(self.text(item, where) for where, item in self.items(value, pointer))

    def text(self, value: object, pointer: str) -> str:
        if isinstance(value, str):
            return value
        self.error(pointer, "missing" if value is None else f"must be a text, is {kind_of(value)}")
        return ""

    def optional(self, value: object, pointer: str) -> str:
        return "" if value is None else self.text(value, pointer)


def parse(source: object, findings: Findings) -> object:
    """The value of a document that is JSON text, or was parsed already. None where it is none, and that is found."""
    if isinstance(source, str | bytes):
        try:
            source = json.loads(source)
        except (ValueError, RecursionError) as error:
            why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            findings.error("", f"not JSON: {why}")
            return None
    if not shallow(source):
        findings.error("", f"nested more than {DEEPEST} levels deep")
        return None
    return source


def shallow(value: object) -> bool:
    """Whether a value is nested no deeper than what is read."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in inside(outer)]
        if not level:
            return True
    return False
