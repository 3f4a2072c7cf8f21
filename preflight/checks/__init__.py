"""The drawer of checks: one file per check, its name is the file's, its page the file's docstring.

A check is a claim about a storage ("can create objects under the prefix"). Its file says what is claimed, in
which stage it is judged, what must hold before, and how it is examined; nobody keeps a list of checks.
"""

from __future__ import annotations

import enum
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace

from preflight.model import Cause, Outcome, Severity, Storage
from preflight.session import Session


class Stage(enum.IntEnum):
    """When a claim is judged. A later stage may ask what an earlier one made possible."""

    CONFIG = 1  # the file alone
    SETTINGS = 2  # what the inspector may read, before anything is written
    WRITE = 3  # as the writer
    WITHHOLD = 4  # what the writer should not be able to do
    CLEAN = 5


Examine = Callable[["Check", Session], Outcome]
Applies = Callable[[Storage], str]


def always(_: Storage) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One claim. `title` reads after a tick or a cross and may use `{path}`, `{bucket}` and the storage's words.

    `waits_for` names the checks that must pass first; `causes` are the faults that this check, and no other,
    reports; `applies` gives the reason why the claim makes no sense for a storage, or nothing.
    `essential`: without a pass here no storage is ready. `file_wide`: about the file, not one storage.
    """

    title: str
    severity: Severity
    stage: Stage
    examine: Examine
    waits_for: tuple[str, ...] = ()
    causes: frozenset[Cause] = frozenset()
    essential: bool = False
    file_wide: bool = False
    applies: Applies = always
    name: str = ""
    page: str = ""

    def titled(self, storage: Storage) -> str:
        words = {**storage.words, "where": storage.path or f"the {storage.words['bucket']}"}
        return self.title.format_map(words)


@functools.cache
def drawer() -> dict[str, Check]:
    """Every check by name, in the order in which they run: by stage, then depth of waiting, then name."""
    found = [_open(module.name) for module in pkgutil.iter_modules(__path__)]
    by_name = {check.name: check for check in found}
    ordered = sorted(found, key=lambda c: (c.stage, _depth(c, by_name), c.name))
    return {check.name: check for check in ordered}


@functools.cache
def owner_of(cause: Cause) -> Check | None:
    """The check that reports a cause."""
    return next((check for check in drawer().values() if cause in check.causes), None)


@functools.cache
def before(name: str) -> frozenset[str]:
    """Every check that must hold before this one, near or far."""
    waits = drawer()[name].waits_for
    return frozenset(waits).union(*(before(other) for other in waits))


def _open(module_name: str) -> Check:
    module = importlib.import_module(f"{__name__}.{module_name}")
    check: Check = module.CHECK
    return replace(check, name=module_name.replace("_", "-"), page=inspect.cleandoc(module.__doc__ or ""))


def _depth(check: Check, by_name: dict[str, Check]) -> int:
    return 1 + max((_depth(by_name[name], by_name) for name in check.waits_for), default=-1)
