"""Real servers as targets of faults: a storage on each, its own requests, and what its owner sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from preflight.model import AbsStorage, GcsStorage, Reach, S3Storage, Secret, Storage
from preflight.sandbox import Sandbox
from tests.faults.proxy import FaultProxy
from tests.servers.azurite import Azurite
from tests.servers.gcs import GcsEmulator
from tests.servers.radosgw import Radosgw
from tests.servers.rclone import Rclone

PRECIOUS = "a-recording-that-was-there-before.mp4"


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a run: what the proxy strikes to hit it."""

    name: str
    method: str = ""
    target: str = ""


EVERY = Step("every request")
S3_STEPS = (
    Step("create", "PUT", "preflight-test"),
    Step("open upload", "POST", "?uploads"),
    Step("part", "PUT", "partNumber="),
    Step("complete", "POST", "uploadId="),
)
AZURE_STEPS = (
    Step("create", "PUT", "preflight-test"),
    Step("part", "PUT", "blockid="),
    Step("complete", "PUT", "comp=blocklist"),
)
GCS_STEPS = (
    Step("create", "POST", "uploadType=multipart"),
    Step("open upload", "POST", "uploadType=resumable"),
    Step("complete", "PUT", "upload_id="),
)


@dataclass(frozen=True, slots=True)
class Target:
    """`storage` gives one below a path of its own; `seen` everything below that path, by its address."""

    name: str
    proxy: FaultProxy
    steps: tuple[Step, ...]
    storage: Callable[[str], Storage]
    seen: Callable[[str], set[str]]
    precious: Callable[[], bytes]
    secrets: tuple[str, ...]
    endpoints: Mapping[str, str]
    lists_uploads: bool = True

    def reach(self, timeout: float) -> Reach:
        return Reach(timeout=timeout, endpoints=self.endpoints)


def _s3(name: str, server: Radosgw | Rclone, proxy: FaultProxy, access: tuple[str, str]) -> Target:
    key, secret = access
    client, bucket = server.client(*access) if isinstance(server, Radosgw) else server.client(), server.create_bucket()
    client.put_object(Bucket=bucket, Key=PRECIOUS, Body=b"precious")

    def storage(path: str) -> Storage:
        return S3Storage(
            name=name,
            storage_type="s3",
            bucket=bucket,
            path=path,
            region=server.region,
            api_key=Secret(key, source="test"),
            secret=Secret(secret, source="test"),
            endpoint_url=proxy.endpoint,
        )

    def seen(path: str) -> set[str]:
        found = client.list_objects_v2(Bucket=bucket, Prefix=path).get("Contents", [])
        names = {f"s3://{bucket}/{one['Key']}" for one in found}
        if isinstance(server, Radosgw):  # rclone cannot list uploads; it keeps them in memory
            uploads = client.list_multipart_uploads(Bucket=bucket, Prefix=path).get("Uploads", [])
            names |= {f"s3://{bucket}/{one['Key']}?uploadId={one['UploadId']}" for one in uploads}
        return names

    def precious() -> bytes:
        body: bytes = client.get_object(Bucket=bucket, Key=PRECIOUS)["Body"].read()
        return body

    # the same code asks both: the second server is there for what it ignores
    steps = S3_STEPS if isinstance(server, Radosgw) else (S3_STEPS[0], S3_STEPS[-1])
    return Target(name, proxy, steps, storage, seen, precious, (secret,), {}, isinstance(server, Radosgw))


@pytest.fixture
def on_radosgw(radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy]) -> Target:
    return _s3("radosgw", radosgw, fault_proxy(radosgw), (radosgw.admin.access_key, radosgw.admin.secret))


@pytest.fixture
def on_rclone(rclone_s3: Rclone, fault_proxy: Callable[..., FaultProxy]) -> Target:
    return _s3("rclone", rclone_s3, fault_proxy(rclone_s3), (rclone_s3.access_key, rclone_s3.secret))


@pytest.fixture
def on_azurite(azurite: Azurite, fault_proxy: Callable[..., FaultProxy]) -> Iterator[Target]:
    proxy, container = fault_proxy(azurite), azurite.create_container()
    with azurite.service() as service:
        client = service.get_container_client(container)
        client.upload_blob(PRECIOUS, b"precious")

        def storage(path: str) -> Storage:
            return AbsStorage(
                name="azurite",
                storage_type="abs",
                bucket=container,
                path=path,
                account_name=azurite.account,
                account_key=Secret(azurite.key, source="test"),
            )

        def seen(path: str) -> set[str]:
            address = f"https://{azurite.account}.blob.core.windows.net/{container}"
            return {f"{address}/{blob.name}" for blob in client.list_blobs(name_starts_with=path)}

        def precious() -> bytes:
            return bytes(client.download_blob(PRECIOUS).readall())

        here = urlsplit(proxy.endpoint)
        endpoints = {"abs": f"{here.scheme}://{here.netloc}"}
        yield Target("azurite", proxy, AZURE_STEPS, storage, seen, precious, (azurite.key,), endpoints)


@pytest.fixture
def on_gcs_emulator(gcs_emulator: GcsEmulator, fault_proxy: Callable[..., FaultProxy]) -> Iterator[Target]:
    """The emulator takes any token; a sandbox, which is not disturbed, gives one out."""
    proxy, bucket = fault_proxy(gcs_emulator), gcs_emulator.create_bucket()
    client = gcs_emulator.client().bucket(bucket)
    client.blob(PRECIOUS).upload_from_string(b"precious")
    with Sandbox("gcs/healthy") as box:
        key = box.environ["GCS_KEY"]

        def storage(path: str) -> Storage:
            return GcsStorage(
                name="gcs",
                storage_type="gcs",
                bucket=bucket,
                path=path,
                credentials=Secret(key, source="test"),
                client_email="stream-writer@my-project.iam.gserviceaccount.com",
                project_id="my-project",
            )

        def seen(path: str) -> set[str]:
            return {f"gs://{bucket}/{blob.name}" for blob in client.list_blobs(prefix=path)}

        def precious() -> bytes:
            return bytes(client.blob(PRECIOUS).download_as_bytes())

        endpoints = {"gcs": proxy.endpoint, "google-token": box.endpoints["google-token"]}
        yield Target("gcs-emulator", proxy, GCS_STEPS, storage, seen, precious, (_private(key),), endpoints)


def _private(key: str) -> str:
    """A line of the private key, as a leak would show it."""
    import json

    return str(json.loads(key)["private_key"]).splitlines()[1]
