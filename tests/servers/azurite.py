"""Azurite as fixtures: Azure's blobs with keys, signatures (SAS) and, over https, the shape of tokens.

It has no roles: whoever shows a well-formed token may do everything.
"""

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas

from tests.servers.authority import Authority
from tests.servers.machine import free_port, missing, require_npm
from tests.servers.names import unique
from tests.servers.process import Process

VERSION = "3.37.0"

SWITCHES = [
    "--inMemoryPersistence",
    "--skipApiVersionCheck",  # today's SDK speaks a newer version than any released Azurite knows
    "--disableTelemetry",
    "--silent",
]


@dataclass(frozen=True, slots=True)
class Azurite:
    """A running server with one account; `endpoint` is the account's address, path style."""

    endpoint: str
    account: str
    key: str
    ca: Path | None = None

    def service(self, credential: Any = None) -> BlobServiceClient:
        """Return a client that tries once; the account's key unless told otherwise."""
        return BlobServiceClient(
            self.endpoint,
            credential=credential or {"account_name": self.account, "account_key": self.key},
            retry_total=0,
            connection_timeout=5,
            read_timeout=10,
            connection_verify=str(self.ca) if self.ca else True,
        )

    def create_container(self) -> str:
        name = unique("container")
        with self.service() as service:
            service.create_container(name)
        return name

    def sas(self, container: str, letters: str) -> str:
        """Sign away `letters` (`r`, `w`, `c`, `d`, `l`, ...) on one container for an hour."""
        return generate_container_sas(
            self.account,
            container,
            account_key=self.key,
            permission=ContainerSasPermissions.from_string(letters),
            expiry=datetime.now(UTC) + timedelta(hours=1),
        )


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """Azurite over http: account keys and SAS."""
    with start(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.fixture(scope="session")
def azurite_tls(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Azurite]:
    """Azurite over https with a private authority: tokens too."""
    with start(tmp_path_factory.mktemp("azurite-tls"), authority) as server:
        yield server


@contextmanager
def start(folder: Path, authority: Authority | None = None) -> Iterator[Azurite]:
    node = shutil.which("node") or missing("node is not installed, and Azurite needs it: apt-get install nodejs npm")
    binary = require_npm("azurite", VERSION) / ".bin" / "azurite-blob"
    port, account, key = free_port(), "preflighttests", base64.b64encode(b"azurite-account-key").decode()
    command = [node, str(binary), "--blobHost", "127.0.0.1", "--blobPort", str(port), *SWITCHES]
    if authority:
        command += ["--oauth", "basic", "--cert", str(authority.certificate), "--key", str(authority.key)]
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "AZURITE_ACCOUNTS": f"{account}:{key}"}
    process = Process(command, folder / "log", clean).wait_for(port)
    scheme, ca = ("https", authority.ca) if authority else ("http", None)
    yield Azurite(f"{scheme}://127.0.0.1:{port}/{account}", account, key, ca)
    process.stop()
