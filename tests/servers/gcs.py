"""The GCS emulator as a fixture: the wire shape only, for it ignores tokens, preconditions and retention."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage  # type: ignore[import-untyped]  # ships no types

from tests.servers.machine import free_port, require_script
from tests.servers.names import unique
from tests.servers.process import Process


@dataclass(frozen=True, slots=True)
class GcsEmulator:
    """A running emulator; everybody may do everything."""

    endpoint: str
    project: str = "preflight-tests"

    def client(self) -> storage.Client:
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth types it in part
        return storage.Client(self.project, nobody, client_options={"api_endpoint": self.endpoint})

    def create_bucket(self) -> str:
        name = unique("bucket")
        self.client().create_bucket(name)
        return name


@pytest.fixture(scope="session")
def gcs_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GcsEmulator]:
    port = free_port()
    command = [require_script("gcp-storage-emulator"), "start", "--host", "127.0.0.1", "--port", str(port)]
    process = Process([*command, "--in-memory"], tmp_path_factory.mktemp("gcs") / "log").wait_for(port)
    yield GcsEmulator(f"http://127.0.0.1:{port}")
    process.stop()
