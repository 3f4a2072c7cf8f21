"""A room for each provider in the drawer: its cloud on loopback, furnished by its scenario `<type>/healthy`."""

from __future__ import annotations

import io
import typing
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest

from preflight import model
from preflight.cli.demo import at_home
from preflight.config import Configuration, load
from preflight.model import (
    TEST_NAME,
    Ask,
    Delete,
    Get,
    List,
    Provider,
    Put,
    PutParts,
    Read,
    Report,
    Setting,
    Storage,
    Store,
    WhoAmI,
)
from preflight.providers import Reach, names, provider
from preflight.run import Plan, check
from preflight.sandbox import Sandbox
from preflight.sandbox import load as load_scenario
from preflight.sandbox.exchange import Request

RUN = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Room:
    """One provider, its healthy storage and the cloud that it lives in."""

    box: Sandbox
    configuration: Configuration
    storage: Storage
    provider: Provider
    reach: Reach

    def writer(self) -> Store:
        """A new store as the identity that writes."""
        found = self.provider.writer(self.storage, self.reach)
        assert not isinstance(found, str), found
        return found

    def inspector(self) -> Store:
        found = self.provider.inspector(self.storage, replace(self.reach, inspect=True))
        assert not isinstance(found, str), found
        return found

    def key(self, run: str = RUN) -> str:
        return f"{self.storage.path}{TEST_NAME}{run}.txt"

    def own(self, key: str) -> set[str]:
        """The names that a run with this key may write to."""
        return {key, self.provider.parts_key(self.storage, key)}

    def stored(self) -> dict[str, object]:
        """What is in the storage now, by name."""
        bucket = f"{self.storage.bucket}/"
        found = self.box.world.stored().items()
        return {name.removeprefix(bucket): thing for name, thing in found if name.startswith(bucket)}

    def examine(self, plan: Plan | None = None) -> Report:
        """The whole check, as the command runs it."""
        return check(self.configuration, replace(plan or Plan(), reach=self.reach))

    @property
    def served(self) -> list[tuple[str, Request]]:
        return self.box.world.served


Open = Callable[..., Room]


@pytest.fixture(params=names())
def cloud(request: pytest.FixtureRequest) -> str:
    """Each provider in turn, found by looking into the drawer."""
    return str(request.param)


@pytest.fixture
def open_room(cloud: str) -> Iterator[Open]:
    """Open the healthy scenario of a provider: `open_room(timeout=0.5, closed=…)`."""
    with ExitStack() as stack:

        def opened(timeout: float = 10, **fields: object) -> Room:
            scenario = replace(load_scenario(f"{cloud}/healthy"), **fields)  # type: ignore[arg-type]  # as given
            box = stack.enter_context(Sandbox(scenario))
            stack.enter_context(at_home([box]))
            configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
            (storage,) = configuration.storages
            reach = Reach(timeout=timeout, endpoints=box.endpoints)
            return Room(box, configuration, storage, provider(cloud), reach)

        yield opened


@pytest.fixture
def room(open_room: Open) -> Room:
    return open_room()


def every_ask(key: str) -> tuple[Ask, ...]:
    """One of each kind, in the order in which a run asks; every verb of the closed union is among them."""
    asks: tuple[Ask, ...] = (
        WhoAmI(),
        Put(key),
        Put(key, again=True),
        PutParts(key),
        Put(key, dry=True),
        PutParts(key, dry=True),
        Get(key),
        List(key),
        *(Read(setting) for setting in Setting),
        Delete(key),
    )
    assert {type(ask) for ask in asks} == set(typing.get_args(model.Ask))
    return asks
