"""What a grant is, what a change to one is, and what a cloud offers to write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from preflight.model import Permission, Storage, Store


class UngrantableError(Exception):
    """No document can grant this; its text says why, and what would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One document: a JSON value, the same as Terraform, and the commands that put it in place."""

    name: str  # such as `bucket-policy`
    document: Any
    terraform: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One document before (None: there is none) and after. `review`: a Deny is narrowed, which wants a second look."""

    title: str
    before: Any
    after: Any
    commands: tuple[str, ...]
    review: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What came of mending. `holds`: the grant holds with these changes; `open`: the documents do not tell."""

    changes: tuple[Change, ...] = ()
    holds: bool = False
    open: bool = False
    why: str = ""

    @property
    def exit_code(self) -> int:
        return 0 if self.holds else 3 if self.open else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a least grant carries on request: what a key of the customer's needs, and a condition on the path.

    `below_path`: for clouds whose grants name no objects, a condition on the names below the path.
    """

    kms_key: str | None = None
    below_path: bool = False


class Cloud(Protocol):
    """What `preflight.grants.<storage_type>` offers as plain functions."""

    def least(self, storage: Storage, permissions: tuple[Permission, ...], extras: Extras) -> tuple[Grant, ...]:
        """The documents that grant the permissions. Raises `UngrantableError`."""

    def mend(self, storage: Storage, current: Store) -> Mended:
        """See `preflight.grants.mend`."""
