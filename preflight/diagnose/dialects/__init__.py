"""One file per dialect: the words in which a provider, a library or the network refuses. Opened by looking inside.

A dialect module has `FAMILIES` (whose answers it reads; empty: everybody's), `RANK` (which dialect wins where several
read something; lower first) and `RULES`, a table. It may have `READERS`, functions that read the parts of a sentence,
and `FALLBACKS`, the same for what counts only where no code or sentence is known.
A dialect of a rank from `VAGUE` on guesses, and is asked only where the others read nothing.
"""

import functools
import importlib
import itertools
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Index, Rule

Reader = Callable[[Reading], Finding | None]
Placed = tuple[int, frozenset[str], Reader]  # with its place among the rules, and whose answers it reads

VAGUE = 90


@dataclass(frozen=True, slots=True)
class Drawer:
    """Some dialects: the index over their tables, and their readers."""

    index: Index
    readers: tuple[Placed, ...]
    fallbacks: tuple[Placed, ...]


@functools.cache
def drawers() -> tuple[Drawer, ...]:
    """Those that read and those that guess; modules are imported only when the first error is read."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    modules = sorted((importlib.import_module(f"{__name__}.{name}") for name in names), key=lambda module: module.RANK)
    return tuple(_filled(tier) for _, tier in itertools.groupby(modules, key=lambda module: module.RANK >= VAGUE))


def _filled(modules: Iterable[Any]) -> Drawer:
    rules: list[tuple[frozenset[str], Rule]] = []
    readers: list[Placed] = []
    fallbacks: list[Placed] = []
    for module in modules:
        readers += [(len(rules), module.FAMILIES, reader) for reader in getattr(module, "READERS", ())]
        fallbacks += [(len(rules), module.FAMILIES, reader) for reader in getattr(module, "FALLBACKS", ())]
        rules += [(module.FAMILIES, rule) for rule in module.RULES]
    return Drawer(Index(rules), tuple(readers), tuple(fallbacks))
