"""Rooms to examine the provider in: a scenario that runs, its storage, and the provider's own store on it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from preflight.model import GcsStorage, Reply, Secret, Store
from preflight.providers import Reach, gcs
from preflight.sandbox import Sandbox, load
from preflight.sandbox.exchange import Request
from preflight.sandbox.scenario import merge

KEY = "recordings/preflight-test-0123456789abcdef0123456789abcdef.txt"
PARTS = "recordings/preflight-test-0123456789abcdef0123456789abcdef-parts.txt"
OPERATOR = "operator@my-project.iam.gserviceaccount.com"
WITH_OPERATOR = {
    "accounts": {"operator": {"email": OPERATOR, "project": "my-project", "variable": "OPERATOR_KEY"}},
    "projects": {
        "my-project": {
            "policy": json.dumps(
                {"bindings": [{"role": "roles/storage.admin", "members": [f"serviceAccount:{OPERATOR}"]}]}
            )
        }
    },
}

ADMIN = {
    "buckets": {
        "my-recordings": {
            "policy": json.dumps(
                {
                    "bindings": [
                        {
                            "role": "roles/storage.objectAdmin",
                            "members": ["serviceAccount:stream-writer@my-project.iam.gserviceaccount.com"],
                        }
                    ]
                }
            )
        }
    }
}


@dataclass(frozen=True, slots=True)
class Room:
    box: Sandbox
    storage: GcsStorage
    store: Store
    reach: Reach

    @property
    def asked(self) -> list[Request]:
        """What the storage API was asked, tokens aside."""
        return [request for service, request in self.box.world.served if service == "gcs"]

    @property
    def lines(self) -> list[str]:
        return [f"{request.method} {request.raw_path}" for request in self.asked]


Open = Callable[..., Room]


@pytest.fixture
def open_room() -> Iterator[Open]:
    """Open a scenario with its world changed, and the writer's store on it."""
    with ExitStack() as stack:

        def opened(
            name: str = "gcs/healthy",
            changes: Mapping[str, Any] | None = None,
            *,
            timeout: float = 5,
            endpoints: Mapping[str, str] | None = None,
            credentials: str = "",
            **fields: Any,
        ) -> Room:
            scenario = load(name)
            world = merge(scenario.world, changes or {})
            box = stack.enter_context(Sandbox(replace(scenario, world=world, **fields)))
            text = credentials or box.environ["GCS_KEY"]
            storage = GcsStorage(
                name="my-gcs",
                storage_type="gcs",
                bucket="my-recordings",
                path="recordings/",
                credentials=Secret(text, source="$GCS_KEY"),
                client_email="stream-writer@my-project.iam.gserviceaccount.com",
                project_id="my-project",
            )
            reach = Reach(timeout=timeout, endpoints={**box.endpoints, **(endpoints or {})}, inspect=True)
            store = gcs.writer(storage, reach)
            assert not isinstance(store, str)
            return Room(box, storage, store, reach)

        yield opened


@pytest.fixture
def inspect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Room], Store]:
    """The inspector's store in a room whose world has an operator, found as application default credentials."""

    def opened(room: Room) -> Store:
        document = json.loads(room.box.environ["OPERATOR_KEY"])
        document["token_uri"] = f"{room.box.endpoints['google-token']}/token"
        file = tmp_path / "operator.json"
        file.write_text(json.dumps(document))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        store = gcs.inspector(room.storage, room.reach)
        assert not isinstance(store, str)
        return store

    return opened


def signal(reply: Reply) -> tuple[str | None, int | None, str | None]:
    """Stage, status and code of a refusal."""
    assert reply.refusal is not None, reply
    return reply.refusal.stage, reply.refusal.status, reply.refusal.code
