"""Tells storages of one name apart: a name is unique in its file at best, and a run reads many files."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from preflight.model import Location


class Named(Protocol):
    """A storage, of this run or of an earlier report."""

    @property
    def name(self) -> str: ...
    @property
    def origin(self) -> Location | None: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Which storage it is, wherever in its file it moves. `turn` counts those of this name in this file, from 1.

    Without a file it is the only one of its name. As a text it is the name alone as long as that says enough.
    """

    name: str
    file: str = ""
    turn: int = 1

    def __str__(self) -> str:
        beside = [self.file] if self.file else []
        beside += [str(self.turn)] if self.turn > 1 else []
        return f"{self.name or '(no name)'} ({', '.join(beside)})" if beside else self.name


def identities(storages: Iterable[Named]) -> tuple[Identity, ...]:
    """One for each, no two alike, and the same ones whatever other files are read."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for storage in storages:
        place = (storage.name, os.path.normpath(storage.origin.file) if storage.origin else "")
        seen[place] += 1
        found.append(Identity(*place, turn=seen[place]))
    return tuple(found)


def apart(*many: Sequence[Named]) -> tuple[tuple[Identity, ...], ...]:
    """For each of several collections the identities in it, without the file where the name is unique in every one."""
    found = [identities(storages) for storages in many]
    counts = (Counter(one.name for one in each) for each in found)
    shared = {name for count in counts for name, times in count.items() if times > 1}
    return tuple(tuple(one if one.name in shared else replace(one, file="") for one in each) for each in found)
