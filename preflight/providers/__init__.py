"""The drawer of providers: one folder per `storage_type`, opened by its name.

A provider's package offers the functions of `Provider`. Only its own modules import its SDK, inside the first
ask, so that a run imports nothing of a cloud that it does not talk to.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from preflight.model import Ask, Permission, Storage, Store, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a provider is reached: seconds per ask, endpoint overrides by name, and whose eyes the inspector has.

    `endpoints` maps the names of the `--endpoint` option (`sts`, `gcs`, `entra`...) to URLs; never from a file.
    """

    timeout: float = 10.0
    endpoints: Mapping[str, str] = field(default_factory=dict)
    inspect: bool = False
    aws_profile: str | None = None


class Provider(Protocol):
    """What the package `preflight.providers.<storage_type>` offers as plain functions."""

    def writer(self, storage: Storage, reach: Reach) -> Store | str:
        """The store as the identity that will write, or one sentence why nobody here can try."""

    def inspector(self, storage: Storage, reach: Reach) -> Store | str:
        """The store as the operator, who only reads settings, or one sentence why there is none."""

    def identify(self, storage: Storage) -> Writer:
        """Who will write, as far as the configuration alone tells; never a secret."""

    def needs(self, ask: Ask, storage: Storage) -> tuple[Permission, ...]:
        """The least permissions that the ask needs. `Put` and `PutParts` are judged as Stream sends them."""

    def parts_key(self, storage: Storage, key: str) -> str:
        """The name that `PutParts(key)` writes to: another one where overwriting would need more rights."""

    def address(self, storage: Storage, key: str) -> str:
        """The object as people write it: `s3://bucket/key`."""

    def delete_command(self, storage: Storage, key: str) -> str:
        """The shell command that deletes the object with the operator's own rights; quoted."""


def provider(storage_type: str) -> Provider:
    """The provider of a storage type. `LookupError` for one that does not exist here."""
    if storage_type not in names():
        raise LookupError(storage_type)
    return cast("Provider", importlib.import_module(f"{__name__}.{storage_type}"))


def names() -> tuple[str, ...]:
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.ispkg))
