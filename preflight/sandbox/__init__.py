"""The three clouds on loopback: they speak the real protocols, really decide, and go wrong on demand.

with Sandbox("s3/healthy") as box:
    box.endpoints       # {"s3": "http://127.0.0.1:…", "sts": …}
    box.configuration   # the storage configuration, as text
    box.environ         # the variables that it names
    box.authority       # PEM file of the authority to trust, when the services speak TLS

How a cloud is furnished stands in `preflight.sandbox.world`, how a scenario is written in
`preflight.sandbox.scenario`.
"""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from preflight.sandbox.faults import Fault, Kind
from preflight.sandbox.scenario import Expect, Scenario, Transport, load, parse, scenarios
from preflight.sandbox.server import Server
from preflight.sandbox.world import Service, World

__all__ = [
    "Expect",
    "Fault",
    "Kind",
    "Sandbox",
    "Scenario",
    "Service",
    "Transport",
    "World",
    "load",
    "parse",
    "scenarios",
]


class Sandbox:
    """One scenario, running. A handler's own crash is answered as 500 and raised when the sandbox is left."""

    def __init__(self, scenario: Scenario | str) -> None:
        self.scenario = load(scenario) if isinstance(scenario, str) else scenario
        self.configuration = self.scenario.configuration
        self.world = World.of(self.scenario)
        self.authority: Path | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="preflight-sandbox-")
        self._server: Server | None = None

    @property
    def endpoints(self) -> dict[str, str]:
        return self.world.endpoints

    @property
    def environ(self) -> dict[str, str]:
        return self.world.environ

    def inject(self, fault: Fault) -> None:
        self.world.faults.add(fault)

    def __enter__(self) -> Self:
        cloud = importlib.import_module(f"preflight.sandbox.{self.scenario.cloud}")
        services = cloud.furnish(self.world)
        context, transport = None, self.scenario.transport
        if transport in {Transport.HTTPS, Transport.STRANGER}:
            from preflight.sandbox.authority import issue

            context, authority = issue(Path(self._folder.name))
            self.authority = authority if transport is Transport.HTTPS else None
        self._server = Server(services, self.world, context)
        scheme = "http" if transport is Transport.HTTP else "https"
        for name, port in self._server.ports.items():
            own = f"{scheme}://127.0.0.1:{port.server_port}"
            self.world.endpoints[name] = self.scenario.addresses.get(name, own)
            self.world.environ[f"SANDBOX_{name.upper().replace('-', '_')}"] = self.world.endpoints[name]
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.stop()
        self._folder.cleanup()
        if error is None and self.world.crashes:
            raise ExceptionGroup("the sandbox crashed while serving", self.world.crashes)
