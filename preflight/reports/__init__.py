"""The drawer of readers: one file per format, each a pure function from a report to text."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from preflight.model import Report, Severity, StorageReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How text should look: with colour or not, and how much of it. Formats for machines ignore it.

    `show` is the least severity of a failure that is told in full.
    """

    colour: bool = False
    verbosity: int = 0
    show: Severity = Severity.NOTE


Reader = Callable[[Report, Look], str]


class Stream(Protocol):
    """A format that need not wait for the last storage: each one's part, in any order, and then the end."""

    def storage(self, report: StorageReport) -> str: ...

    def end(self, report: Report) -> str: ...


def formats() -> tuple[str, ...]:
    """Every format's name: its file's name."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def reader(name: str) -> Reader:
    """The reader of a format. Raises `LookupError` for a format that there is not."""
    if name not in formats():
        raise LookupError(name)
    found: Reader = importlib.import_module(f"{__name__}.{name}").read
    return found


def stream(name: str) -> Stream | None:
    """The same format piece by piece, where its file has `storage` and `end` beside `read`."""
    module = importlib.import_module(f"{__name__}.{name}")
    return cast("Stream", module) if hasattr(module, "end") else None


def look(verbosity: int = 0, *, to_terminal: bool = True, show: Severity = Severity.NOTE) -> Look:
    """Colour on a terminal only, and never where `NO_COLOR` is set."""
    colour = to_terminal and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Look(colour=colour, verbosity=verbosity, show=show)
