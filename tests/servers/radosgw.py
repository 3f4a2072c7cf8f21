"""Ceph's S3 gateway as a fixture: the one server here that really enforces users and policies."""

import dataclasses
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.servers.authority import Authority
from tests.servers.aws_client import REGION, Document, Service, aws_client
from tests.servers.ceph import KMS_KEY, Ceph, ceph
from tests.servers.machine import require_apt
from tests.servers.names import unique

PACKAGES = ("radosgw", "ceph-mon", "ceph-osd", "ceph-common")


@dataclass(frozen=True, slots=True)
class User:
    """One S3 user with a key pair; policies call it by its `arn`."""

    server: "Radosgw" = field(repr=False)
    name: str
    access_key: str
    secret: str
    tenant: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.tenant}:user/{self.name}"

    def client(self, service: Service = "s3") -> Any:
        return self.server.client(self.access_key, self.secret, service)


@dataclass(frozen=True, slots=True)
class Radosgw:
    """A running gateway. `endpoint` is what its clients talk to; `ca` is what https needs."""

    cluster: Ceph = field(repr=False)
    endpoint: str
    tls_endpoint: str
    ca: Path
    region: str = REGION
    kms_key: str = KMS_KEY

    @property
    def admin(self) -> User:
        """The owner of every bucket that names no other; may write user policies and roles."""
        return User(self, "admin", "ADMINADMINADMINADMIN", "admin-secret")

    def client(self, access_key: str, secret: str, service: Service = "s3") -> Any:
        return aws_client(service, self.endpoint, access_key, secret, self.ca)

    def create_user(self, name: str = "", *, policy: Document | None = None, tenant: str = "", caps: str = "") -> User:
        """Add a user who may do nothing with other people's buckets, but for `policy` (identity policy).

        `caps` are radosgw's admin rights, such as `user-policy=*;roles=*`.
        """
        name = name or unique("user")
        user = User(self, name, f"AK{name.upper()}{tenant.upper()}", f"secret-of-{name}", tenant)
        self._add(user, caps)
        if policy is not None:
            self.set_user_policy(user, policy)
        return user

    def create_bucket(
        self,
        name: str = "",
        *,
        policy: Document | None = None,
        owner: User | None = None,
        object_lock: bool = False,
    ) -> str:
        """Add a bucket and return its name; choose it by `unique()` where `policy` has to spell it."""
        name = name or unique("bucket")
        owner = owner or self.admin
        owner.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=object_lock)
        if policy is not None:
            owner.client().put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
        return name

    def set_user_policy(self, user: User, policy: Document) -> None:
        """Replace the identity policy of `user`."""
        self.admin.client("iam").put_user_policy(
            UserName=user.name, PolicyName="policy", PolicyDocument=json.dumps(policy)
        )

    def _add(self, user: User, caps: str = "") -> None:
        optional = [f"--{k}={v}" for k, v in (("tenant", user.tenant), ("caps", caps)) if v]
        names = [f"--uid={user.name}", f"--display-name={user.name}"]
        keys = [f"--access-key={user.access_key}", f"--secret={user.secret}"]
        self.cluster.run("radosgw-admin", "user", "create", *names, *keys, *optional)


@contextmanager
def start(folder: Path, authority: Authority, *, sts: bool = False) -> Iterator[Radosgw]:
    require_apt(lambda: shutil.which("radosgw"), *PACKAGES)
    with ceph(folder, authority, sts=sts) as cluster:
        endpoint, tls = f"http://127.0.0.1:{cluster.port}", f"https://127.0.0.1:{cluster.tls_port}"
        server = Radosgw(cluster, endpoint, tls, authority.ca)
        server._add(server.admin, caps="user-policy=*;roles=*")
        yield server


@pytest.fixture(scope="session")
def radosgw(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Radosgw]:
    """The gateway over plain http."""
    with start(tmp_path_factory.mktemp("radosgw"), authority) as server:
        yield server


@pytest.fixture(scope="session")
def radosgw_tls(radosgw: Radosgw) -> Radosgw:
    """The same gateway, users and buckets, talked to over https with a private authority."""
    return dataclasses.replace(radosgw, endpoint=radosgw.tls_endpoint)


@pytest.fixture(scope="session")
def radosgw_sts(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Radosgw]:
    """Another gateway, which can assume roles, and so answers AccessDenied to every bad key."""
    with start(tmp_path_factory.mktemp("radosgw-sts"), authority, sts=True) as server:
        yield server
