"""The world that a scenario describes, and the contract between a cloud and the sandbox.

A cloud is a folder `preflight/sandbox/<cloud>/` whose `__init__` offers one function:

    def furnish(world: World) -> Mapping[str, Service]

It builds its own mutable state from `world.document` (the scenario's `[world]` table, a copy of its own) and
returns one service for each endpoint it serves, named as on the command line: `s3`, `sts`, `iam`, `kms`;
`gcs`, `google-token`; `abs`, `entra`, `arm`; `stream`. Each service gets a port of its own. A service is
called for one request at a time, so its state needs no locks. What the configuration needs to know of what
was made up here (a generated private key) goes into `world.environ`, and the configuration says `${NAME}`.
What has to be a file of its own (credentials of the operator) goes into `world.files`, by the variable that names
the file. What it holds is shown by `world.stored`.

Endpoints are known once all services listen: read `world.endpoints` while handling a request, not before.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault, Faults
from preflight.sandbox.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Service:
    """`handle` decides and answers; `refuse` puts an injected fault into the service's own error shape."""

    handle: Callable[[Request], Response]
    refuse: Callable[[Request, Fault], Response]


@dataclass(slots=True)
class World:
    """The world of one running sandbox. `served` keeps every request with its service, for tests.

    `files` gives the text of each file, asked for once all services listen. `stored` gives what is stored now, by
    `bucket/name`; what was overwritten is another thing than before.
    """

    scenario: Scenario
    document: dict[str, Any]
    faults: Faults
    environ: dict[str, str]
    endpoints: dict[str, str] = field(default_factory=dict)
    served: list[tuple[str, Request]] = field(default_factory=list)
    files: dict[str, Callable[[], str]] = field(default_factory=dict)
    stored: Callable[[], Mapping[str, object]] = dict
    crashes: list[Exception] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, scenario: Scenario) -> World:
        document = copy.deepcopy(dict(scenario.world))
        return cls(scenario, document, Faults(scenario.faults), dict(scenario.environ))

    def now(self) -> datetime:
        """The clouds' clock, UTC: this machine's, set forward by the scenario's `clock` seconds."""
        return datetime.now(UTC) + timedelta(seconds=self.scenario.clock)
