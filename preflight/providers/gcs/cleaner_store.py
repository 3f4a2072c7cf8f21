"""The store as the operator who tidies up: test objects of ours are deleted, and nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass

from preflight.model import TEST_NAME, Ask, Delete, GcsStorage, Refusal, Reply
from preflight.providers import Reach
from preflight.providers.gcs import objects, replies
from preflight.providers.gcs.inspector_store import open_wire


@dataclass(slots=True)
class CleanerStore:
    """Deletes with the operator's application default credentials. Google drops unfinished uploads by itself."""

    storage: GcsStorage
    reach: Reach

    def ask(self, ask: Ask) -> Reply:
        """Raises ValueError for anything but the deletion of a name of ours."""
        own = self.storage.path + TEST_NAME
        if not isinstance(ask, Delete) or not ask.key.startswith(own):
            raise ValueError(f"a cleaner deletes names of ours only: {ask}")
        wire = open_wire(self.storage, self.reach)
        if isinstance(wire, Refusal):
            return replies.of_refusal(wire)
        return objects.delete(wire, ask.key, None, time.monotonic() + self.reach.timeout)
