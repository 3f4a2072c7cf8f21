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
import ssl
import tempfile
from contextlib import ExitStack
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
        self._stack = ExitStack()

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
        server = Server(cloud.furnish(self.world), self.world, self._tls())
        self._stack.callback(server.stop)
        scheme = "http" if self.scenario.transport is Transport.HTTP else "https"
        for name, port in server.ports.items():
            own = f"{scheme}://127.0.0.1:{port.server_port}"
            self.endpoints[name] = self.scenario.addresses.get(name, own)
            self.environ[f"SANDBOX_{name.upper().replace('-', '_')}"] = self.endpoints[name]
        server.start()
        for name, text in self.world.files.items():
            file = self._folder() / name.lower()
            file.write_text(text(), encoding="utf-8")
            self.environ[name] = str(file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        if error is None and self.world.crashes:
            raise ExceptionGroup("the sandbox crashed while serving", self.world.crashes)

    def _tls(self) -> ssl.SSLContext | None:
        if self.scenario.transport not in {Transport.HTTPS, Transport.STRANGER}:
            return None
        from preflight.sandbox.authority import issue  # cryptography is heavy, and TLS is rare here

        context, authority = issue(self._folder())
        self.authority = authority if self.scenario.transport is Transport.HTTPS else None
        return context

    def _folder(self) -> Path:
        """A folder that goes when the sandbox is left."""
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="preflight-sandbox-")))
