"""A store that loads Google's libraries when it is first asked, and says so where they are missing."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Literal

from preflight.model import Ask, GcsStorage, Refusal, Reply, Store
from preflight.providers import Reach


@dataclass(slots=True)
class Unopened:
    """`kind` is the class that answers."""

    kind: Literal["WriterStore", "InspectorStore", "CleanerStore"]
    storage: GcsStorage
    reach: Reach
    store: Store | None = None

    def ask(self, ask: Ask) -> Reply:
        try:
            self.store = self.store or self._open()
            return self.store.ask(ask)
        except ModuleNotFoundError as error:
            return _missing(ask, error)

    def _open(self) -> Store:
        opened = importlib.import_module(f"preflight.providers.gcs.{_MODULES[self.kind]}")
        store: Store = getattr(opened, self.kind)(self.storage, self.reach)
        return store


_MODULES = {"WriterStore": "writer_store", "InspectorStore": "inspector_store", "CleanerStore": "cleaner_store"}


def _missing(ask: Ask, error: ModuleNotFoundError) -> Reply:
    message = f"google-cloud-storage is not installed here ({error.name} is missing): pip install stream-preflight"
    refusal = Refusal(provider="gcs", stage="config", operation=str(ask), code="library-missing", message=message)
    return Reply(code=refusal.code, message=message, refusal=refusal)
