"""The store that grants everything, and remembers what it would have taken."""

from __future__ import annotations

from preflight.model import Ask, Effect, Permission, Provider, Put, PutParts, Reply, Storage


class YesStore:
    """`needed` are the permissions of all asks so far, in their order."""

    def __init__(self, provider: Provider, storage: Storage) -> None:
        self._provider = provider
        self._storage = storage
        self.needed: dict[Permission, None] = {}

    def ask(self, ask: Ask) -> Reply:
        self.needed |= dict.fromkeys(self._provider.needs(ask, self._storage))
        return Reply(effect=Effect.CERTAIN if isinstance(ask, Put | PutParts) else Effect.NONE)
