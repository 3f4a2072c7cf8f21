"""Grants: the least documents that a storage needs, and the smallest change to the documents that it has.

What a grant looks like is each cloud's own: `preflight.grants.<storage_type>` says it, found by the storage's type.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from preflight import namesakes
from preflight.checks import drawer
from preflight.grants.kinds import Cloud, Extras, Grant, Mended, UngrantableError
from preflight.grants.terraform import labels
from preflight.grants.text import told, written
from preflight.grants.yes import YesStore
from preflight.model import Identity, Permission, Storage, Store
from preflight.providers import names, provider
from preflight.session import Session

__all__ = ["Extras", "Grant", "Mended", "UngrantableError", "apart", "least", "mend", "needed", "told", "written"]


def needed(storage: Storage) -> tuple[Permission, ...]:
    """What the essential checks need, by asking them all of a store that grants everything and remembers for what."""
    found = provider(storage.storage_type)
    yes = YesStore(found, storage)
    session = Session(storage=storage, provider=found, stores={Identity.WRITER: yes})
    session.absent = dict.fromkeys((Identity.INSPECTOR, Identity.DOCUMENTS), "only what is needed is asked here")
    for check in drawer().values():
        if check.essential and not check.applies(storage):
            check.examine(check, session)
    return tuple(yes.needed)


def apart(storages: Sequence[Storage]) -> Iterator[tuple[str, Storage]]:
    """Each storage's label, and the storage under a name that is in Terraform nobody else's either."""
    [which] = namesakes.apart(storages)
    names = labels(map(str, which))
    for storage, one, name in zip(storages, which, names, strict=True):
        yield str(one), replace(storage, name=name)


def least(storage: Storage, extras: Extras = Extras()) -> tuple[Grant, ...]:  # noqa: B008 - frozen
    """The least documents for a storage. Raises `UngrantableError` where no document could grant it."""
    return _cloud(storage).least(storage, needed(storage), extras)


def mend(storage: Storage, current: Store) -> Mended:
    """The smallest change to what `current` reads that makes the grant hold and changes no other decision."""
    return _cloud(storage).mend(storage, current)


def _cloud(storage: Storage) -> Cloud:
    name = f"{__name__}.{storage.storage_type}"
    if storage.storage_type not in names() or importlib.util.find_spec(name) is None:
        raise UngrantableError(f"grants for {storage.storage_type or 'this storage'} are not written here")
    return cast("Cloud", importlib.import_module(name))
