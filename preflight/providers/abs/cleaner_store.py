"""The blob endpoint as the operator who tidies up: test blobs of ours are deleted, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential

from preflight.model import TEST_NAME, AbsStorage, Ask, Delete, Reply
from preflight.providers import Reach
from preflight.providers.abs.blobs import BlobWriter
from preflight.providers.abs.entra import SCOPE, Token, authority
from preflight.providers.abs.replies import Step, unknown

_STEP = Step("token", "Get token")


class Operator:
    """The operator's own login; `BlobWriter` takes it for a credential."""

    query: frozenset[str] = frozenset()

    def __init__(self, reach: Reach) -> None:
        self.sdk: Any = None
        self._reach = reach

    def present(self) -> Reply:
        seconds = self._reach.timeout
        options: dict[str, Any] = {}
        if "entra" in self._reach.endpoints:
            options = {"authority": authority(self._reach), "disable_instance_discovery": True}
        try:
            found = DefaultAzureCredential(
                retry_total=0,
                connection_timeout=seconds,
                read_timeout=seconds,
                process_timeout=max(1, int(seconds)),
                **options,
            )
            self.sdk = Token(found.get_token(SCOPE))
        except (AzureError, OSError, ValueError) as error:
            said = str(error).partition("\nTo mitigate")[0][:2000]
            return unknown(_STEP, "NoLogin", f"no Azure login of the operator works: {said}")
        return Reply()


class Cleaner:
    """Deletes as the operator. Azure drops uncommitted blocks by itself."""

    def __init__(self, storage: AbsStorage, reach: Reach) -> None:
        self._own = storage.path + TEST_NAME
        self._blobs = BlobWriter(storage, reach, Operator(reach))

    def ask(self, ask: Ask) -> Reply:
        """Raises ValueError for anything but the deletion of a name of ours."""
        if not isinstance(ask, Delete) or not ask.key.startswith(self._own):
            raise ValueError(f"a cleaner deletes names of ours only: {ask}")
        reply = self._blobs.ask(ask)
        kept = reply.ok and reply.facts.get("version_remains")
        return replace(reply, facts={**reply.facts, "remains": "a version or a soft-deleted blob"}) if kept else reply
