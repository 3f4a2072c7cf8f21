"""moto as a fixture: AWS's IAM and STS, and every setting of a bucket with AWS's own codes.

No oracle for bucket policies, conditions, digests or missing buckets: it decides by identity policy alone.
"""

import json
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.servers.aws_client import REGION, Document, Service, aws_client
from tests.servers.machine import free_port
from tests.servers.names import unique
from tests.servers.process import Process

ACCOUNT = "123456789012"

EVERYTHING: Document = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}

FREE_CALLS = 1_000_000
"""More calls than anybody makes before authorization is switched on."""


@dataclass(frozen=True, slots=True)
class MotoUser:
    """An IAM user of moto's one account."""

    server: "Moto" = field(repr=False)
    name: str
    access_key: str
    secret: str

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{ACCOUNT}:user/{self.name}"

    def client(self, service: Service = "s3") -> Any:
        return self.server.client(self.access_key, self.secret, service)


@dataclass(frozen=True, slots=True)
class Moto:
    """One endpoint for all services; signatures and identity policies are enforced."""

    endpoint: str
    account: str = ACCOUNT
    region: str = REGION

    def client(self, access_key: str, secret: str, service: Service = "s3") -> Any:
        return aws_client(service, self.endpoint, access_key, secret)

    def create_user(self, *, policy: Document | None = None) -> MotoUser:
        """Add a user who may do what `policy` allows: by default, only ask who it is."""
        self._enforce_after(FREE_CALLS)
        iam, name = self.client("setup", "setup", "iam"), unique("user")
        iam.create_user(UserName=name)
        if policy is not None:
            iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self._enforce_after(0)
        return MotoUser(self, name, key["AccessKeyId"], key["SecretAccessKey"])

    def create_bucket(self, owner: MotoUser, **settings: Any) -> str:
        name = unique("bucket")
        owner.client().create_bucket(Bucket=name, **settings)
        return name

    def _enforce_after(self, calls: int) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            f"{self.endpoint}/moto-api/reset-auth",
            data=str(calls).encode(),
            headers={"Content-Type": "text/plain"},  # a form is answered with 500
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - likewise


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = Process(command, tmp_path_factory.mktemp("moto") / "log").wait_for(port)
    yield Moto(f"http://127.0.0.1:{port}")
    process.stop()


@pytest.fixture(scope="session")
def moto_admin(moto: Moto) -> MotoUser:
    """A user who may do everything, to prepare buckets and settings with."""
    return moto.create_user(policy=EVERYTHING)
