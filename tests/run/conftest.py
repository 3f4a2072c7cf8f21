"""All three clouds at once, and one file that names a storage of each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
import yaml

from preflight.cli.demo import at_home
from preflight.config import Configuration, load
from preflight.model import Report
from preflight.providers import Reach, names
from preflight.run import Plan, check
from preflight.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Clouds:
    """Open sandboxes by cloud, and one configuration for all of them."""

    boxes: dict[str, Sandbox]
    text: str
    environ: dict[str, str]
    reach: Reach

    @property
    def configuration(self) -> Configuration:
        return load(["-"], stdin=io.StringIO(self.text), environ=self.environ)

    def examine(self, plan: Plan | None = None) -> Report:
        return check(self.configuration, replace(plan or Plan(), reach=self.reach))


OpenClouds = Callable[..., Clouds]


@pytest.fixture
def open_clouds() -> Iterator[OpenClouds]:
    """Open one scenario of each provider in the drawer: healthy ones, but for those that are named."""
    with ExitStack() as stack:

        def opened(*scenarios: str, timeout: float = 10) -> Clouds:
            chosen = {name: f"{name}/healthy" for name in reversed(names())}
            chosen |= {name.partition("/")[0]: name for name in scenarios}
            boxes = {cloud: stack.enter_context(Sandbox(name)) for cloud, name in chosen.items()}
            stack.enter_context(at_home(list(boxes.values())))
            storages = [one for box in boxes.values() for one in yaml.safe_load(box.configuration)["storages"]]
            environ = {name: value for box in boxes.values() for name, value in box.environ.items()}
            endpoints = {name: url for box in boxes.values() for name, url in box.endpoints.items()}
            text = yaml.safe_dump({"storages": storages}, sort_keys=False)
            return Clouds(boxes, text, environ, Reach(timeout=timeout, endpoints=endpoints))

        yield opened
