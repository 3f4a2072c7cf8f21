"""Worlds of Azure to open in a test, and the real SDK's clients to speak to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobServiceClient

from preflight.sandbox import Sandbox
from tests.sandbox.conftest import Open

OpenAzure = Callable[..., Sandbox]
Login = Callable[..., ClientSecretCredential]
Service = Callable[..., BlobServiceClient]


@pytest.fixture
def open_azure(open_box: Open, monkeypatch: pytest.MonkeyPatch) -> OpenAzure:
    """Open a scenario of Azure with its world changed; its authority is trusted."""

    def opened(changes: Any = None, name: str = "abs/healthy", **fields: Any) -> Sandbox:
        box = open_box(changes, name, **fields)
        if box.authority:
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(box.authority))
        return box

    return opened


@pytest.fixture
def login() -> Iterator[Login]:
    """Log in at a box's token endpoint, as its writer unless told otherwise."""
    with ExitStack() as stack:

        def made(box: Sandbox, name: str = "stream-writer", **given: str) -> ClientSecretCredential:
            application = box.world.document["applications"][name]
            found = ClientSecretCredential(
                given.get("tenant", box.world.document["tenant"]),
                given.get("client", application["client_id"]),
                given.get("secret", application["secret"]),
                authority=box.endpoints["entra"],
                disable_instance_discovery=True,
                retry_total=0,
            )
            stack.callback(found.close)
            return found

        yield made


@pytest.fixture
def service(login: Login) -> Iterator[Service]:
    """Make a blob client for a box; it tries once."""
    with ExitStack() as stack:

        def made(box: Sandbox, credential: Any = None, account: str = "contosorecordings") -> BlobServiceClient:
            found = BlobServiceClient(
                f"{box.endpoints['abs']}/{account}",
                credential=credential or login(box),
                retry_total=0,
                connection_timeout=5,
                read_timeout=5,
            )
            stack.callback(found.close)
            return found

        yield made
