"""The drawer of providers: one folder per `storage_type`, opened by its name.

A provider's package offers the functions of `model.Provider`. Only its own modules import its SDK, inside the first
ask, so that a run imports nothing of a cloud that it does not talk to.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING, cast

from preflight.model import Provider, Reach

if TYPE_CHECKING:
    from preflight.documents import Recogniser

__all__ = ["Provider", "Reach", "names", "provider", "recogniser"]


def provider(storage_type: str) -> Provider:
    """The provider of a storage type. `LookupError` for one that does not exist here."""
    if storage_type not in names():
        raise LookupError(storage_type)
    return cast("Provider", importlib.import_module(f"{__name__}.{storage_type}"))


def names() -> tuple[str, ...]:
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.ispkg))


def recogniser(storage_type: str) -> Recogniser | None:
    """What tells this provider's documents apart, where its documents can be evaluated."""
    name = f"{__name__}.{storage_type}.documents"
    if storage_type not in names() or importlib.util.find_spec(name) is None:
        return None
    return cast("Recogniser", importlib.import_module(name))
