"""rclone's S3 server as a fixture: a plain store that checks signatures and ignores preconditions."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.aws_client import REGION, aws_client
from tests.servers.machine import free_port, require_script
from tests.servers.names import unique
from tests.servers.process import Process


@dataclass(frozen=True, slots=True)
class Rclone:
    """A running server with one key pair that may do everything; buckets are sub-folders of `folder`."""

    folder: Path
    endpoint: str
    access_key: str = "RCLONERCLONERCLONE00"
    secret: str = "rclone-secret"
    region: str = REGION

    def client(self) -> Any:
        return aws_client("s3", self.endpoint, self.access_key, self.secret)

    def create_bucket(self) -> str:
        name = unique("bucket")
        self.client().create_bucket(Bucket=name)  # a new folder is not seen for minutes
        return name


@pytest.fixture(scope="session")
def rclone_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rclone]:
    folder, port = tmp_path_factory.mktemp("rclone"), free_port()
    server = Rclone(folder / "buckets", f"http://127.0.0.1:{port}")
    server.folder.mkdir()
    keys = f"{server.access_key},{server.secret}"
    rclone = [require_script("rclone"), "--config", str(folder / "rclone.conf")]
    command = [*rclone, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", keys, str(server.folder)]
    process = Process(command, folder / "log").wait_for(port)
    yield server
    process.stop()
