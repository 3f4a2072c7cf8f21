"""Azure on loopback, opened from a scenario, with the storage and the reach that its configuration gives."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

from preflight import config
from preflight.model import AbsStorage, Put
from preflight.providers import Reach
from preflight.providers.abs.blobs import BlobWriter
from preflight.providers.abs.resources import Inspector
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge

KEY = "calls/preflight-test-0123456789abcdef.txt"


@dataclass(frozen=True, slots=True)
class Azure:
    """One open sandbox, and who speaks to it."""

    box: Sandbox
    storage: AbsStorage
    reach: Reach

    @property
    def writer(self) -> BlobWriter:
        return BlobWriter(self.storage, self.reach)

    @property
    def inspector(self) -> Inspector:
        return Inspector(self.storage, self.reach)

    @property
    def asked(self) -> list[str]:
        """What reached the blob service, as `METHOD target`."""
        return [str(request) for service, request in self.box.world.served if service == "abs"]


OpenAzure = Callable[..., Azure]


@pytest.fixture
def open_azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAzure]:
    """Open a scenario with its world changed and the operator logged in; its authority is trusted."""
    with ExitStack() as stack:

        def opened(
            name: str = "abs/healthy",
            changes: Mapping[str, Any] | None = None,
            timeout: float = 10,
            **fields: Any,
        ) -> Azure:
            scenario = load(name)
            changed = replace(scenario, world=merge(scenario.world, changes or {}), **fields)
            box = stack.enter_context(Sandbox(changed))
            if box.authority:
                monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(box.authority))
            for variable, value in box.environ.items():
                monkeypatch.setenv(variable, value)
            found = config.load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
            (storage,) = found.storages
            assert isinstance(storage, AbsStorage)
            return Azure(box, storage, Reach(timeout=timeout, endpoints=box.endpoints, inspect=True))

        yield opened


@pytest.fixture
def put() -> Put:
    return Put(KEY)
