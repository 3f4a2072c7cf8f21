"""Nothing leaves towards S3 but what is on the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model import Delete, Get, List, Put, PutParts, Reach, S3Storage, Secret
from preflight.providers import s3
from preflight.providers.s3 import gate
from preflight.providers.s3.gate import Forbidden
from preflight.providers.s3.store import WriterStore

BUCKET, PREFIX = "my-bucket", "recordings/preflight-test-"

STORAGE = S3Storage(
    name="s",
    storage_type="s3",
    bucket=BUCKET,
    path="recordings/",
    region="eu-central-1",
    endpoint_url="http://127.0.0.1:9",
    api_key=Secret("AKIAIOSFODNN7EXAMPLE", source="test"),
    secret=Secret("s" * 40, source="test"),
)

# method, URL and the operation that sends such a request
HARMFUL = [
    ("PUT", "https://s3.example/my-bucket"),
    ("PUT", "https://s3.example/my-bucket/"),
    ("DELETE", "https://s3.example/my-bucket"),
    ("DELETE", "https://s3.example/my-bucket?encryption"),
    ("PUT", "https://s3.example/my-bucket?policy"),
    ("PUT", "https://my-bucket.s3.example/?policy"),
    ("DELETE", "https://my-bucket.s3.example/"),
    ("POST", "https://s3.example/my-bucket?delete"),
    ("GET", "https://s3.example/my-bucket?list-type=2"),
    ("GET", "https://s3.example/my-bucket?list-type=2&prefix=recordings/"),
    ("GET", "https://s3.example/my-bucket"),
    ("GET", "https://s3.example/"),
    ("PUT", "https://s3.example/my-bucket/recordings/their-file.mp4"),
    ("PUT", "https://s3.example/my-bucket/preflight-test-outside-the-path.txt"),
    ("DELETE", "https://s3.example/my-bucket/recordings/their-file.mp4"),
    ("PUT", "https://s3.example/other-bucket/recordings/preflight-test-a.txt"),
    ("PUT", "https://s3.example/my-bucket/recordings/preflight-test-a.txt/../../x"),
    ("PUT", "https://s3.example/my-bucket/recordings/preflight-test-a.txt?acl"),
]


@pytest.mark.parametrize(("method", "url"), HARMFUL)
def test_what_could_harm_never_passes(method: str, url: str) -> None:
    """Bucket-level writes, foreign names, foreign buckets and listings of the customer's data are stopped."""
    for operation in (*gate.OBJECT_OPERATIONS, gate.LISTING):
        with pytest.raises(Forbidden):
            gate.check(operation, method, url, bucket=BUCKET, prefix=PREFIX)


@pytest.mark.parametrize(
    ("operation", "method", "url"),
    [
        ("PutObject", "PUT", "https://s3.example/my-bucket/recordings/preflight-test-ab.txt"),
        ("UploadPart", "PUT", "https://my-bucket.s3.example/recordings/preflight-test-ab.txt?partNumber=1&uploadId=x"),
        ("CreateMultipartUpload", "POST", "https://s3.example/my-bucket/recordings/preflight-test-ab.txt?uploads"),
        ("DeleteObject", "DELETE", "https://s3.example/my-bucket/recordings/preflight-test-ab.txt"),
        ("ListObjectsV2", "GET", "https://s3.example/my-bucket?list-type=2&prefix=recordings%2Fpreflight-test-ab.txt"),
        ("GetBucketPolicy", "GET", "https://s3.example/my-bucket?policy"),
    ],
)
def test_what_the_examination_needs_passes(operation: str, method: str, url: str) -> None:
    """Our own names in both addressing styles, and reading a setting, are let through."""
    gate.check(operation, method, url, bucket=BUCKET, prefix=PREFIX)


BELOW = "https://x.example/storage/v1/s3"


@pytest.mark.parametrize("endpoint", [BELOW, f"{BELOW}/"])
def test_an_endpoint_may_have_a_path_of_its_own(endpoint: str) -> None:
    """Supabase and gateways serve S3 below a path: our own names pass there."""
    key = "recordings/preflight-test-ab.txt"
    gate.check("PutObject", "PUT", f"{BELOW}/{BUCKET}/{key}", bucket=BUCKET, prefix=PREFIX, endpoint=endpoint)
    gate.check("GetBucketPolicy", "GET", f"{BELOW}/{BUCKET}?policy", bucket=BUCKET, prefix=PREFIX, endpoint=endpoint)
    url = f"{BELOW}/{BUCKET}/{key}"
    gate.check_cleaning("DeleteObject", "DELETE", url, bucket=BUCKET, prefix=PREFIX, endpoint=endpoint)


@pytest.mark.parametrize(
    "url",
    [
        f"https://x.example/{BUCKET}/recordings/preflight-test-ab.txt",
        f"https://x.example/storage/v1/s3x/{BUCKET}/recordings/preflight-test-ab.txt",
        f"{BELOW}/other-bucket/recordings/preflight-test-ab.txt",
        f"{BELOW}/{BUCKET}/recordings/their-file.mp4",
        f"{BELOW}/{BUCKET}",
        BELOW,
    ],
)
def test_below_an_endpoint_the_same_holds(url: str) -> None:
    """Outside its path, in another bucket, at bucket level or for another name nothing leaves."""
    with pytest.raises(Forbidden):
        gate.check("PutObject", "PUT", url, bucket=BUCKET, prefix=PREFIX, endpoint=BELOW)
    with pytest.raises(Forbidden):
        gate.check_cleaning("DeleteObject", "DELETE", url, bucket=BUCKET, prefix=PREFIX, endpoint=BELOW)


def test_a_store_writes_below_the_path_of_its_endpoint() -> None:
    """The request reaches the network: nobody listens there, and that is all that is wrong."""
    storage = replace(STORAGE, endpoint_url="http://127.0.0.1:9/storage/v1/s3")
    reply = WriterStore(storage, Reach(timeout=1)).ask(Put(f"{PREFIX}0.txt"))
    assert reply.code == "EndpointConnectionError"


@given(key=st.text(min_size=1), operation=st.sampled_from(sorted(gate.OBJECT_OPERATIONS)))
def test_no_key_outside_our_own_names_passes(key: str, operation: str) -> None:
    """Whatever a key looks like, it passes only if it begins as this run's names do."""
    from urllib.parse import quote

    url = f"https://s3.example/{BUCKET}/{quote(key)}"
    if key.startswith(PREFIX) and ".." not in key:
        gate.check(operation, "PUT", url, bucket=BUCKET, prefix=PREFIX)
    elif not key.strip("/"):
        pass  # the bucket itself: the list above has it
    else:
        with pytest.raises(Forbidden):
            gate.check(operation, "PUT", url, bucket=BUCKET, prefix=PREFIX)


def test_every_operation_of_the_sdk_that_is_not_ours_is_stopped() -> None:
    """Trying to send everything that the SDK knows of, only the examination's own operations leave."""
    client = WriterStore(STORAGE, Reach(timeout=1))._open()
    model = botocore.session.get_session().get_service_model("s3")
    left = {name for name in model.operation_names if _leaves(client, name)}

    assert left == {
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CreateMultipartUpload",
        "DeleteObject",
        "GetObject",
        "PutObject",
        "UploadPart",
        "GetBucketPolicy",
        "GetBucketEncryption",
        "GetBucketOwnershipControls",
        "GetObjectLockConfiguration",
        "GetPublicAccessBlock",
        "GetBucketLocation",
        "GetBucketVersioning",
        "GetBucketRequestPayment",
        "GetBucketLifecycle",
        "GetBucketLifecycleConfiguration",
    }


def _leaves(client: Any, operation: str) -> bool:
    """Whether a request of this operation, with our bucket and our own key, gets as far as the network."""
    from botocore.exceptions import BotoCoreError, ClientError

    known = client.meta.service_model.operation_model(operation).input_shape
    given_ = {"Bucket": BUCKET, "Key": f"{PREFIX}0.txt", "UploadId": "u", "PartNumber": 1, "Body": b""}
    given_ |= {"CopySource": "their-bucket/their-file", "ACL": "private", "Id": "x", "RenameSource": "a"}
    try:
        client._make_api_call(operation, {name: v for name, v in given_.items() if known and name in known.members})
    except Forbidden:
        return False
    except (BotoCoreError, ClientError):
        return True
    except Exception:  # noqa: BLE001 - the SDK could not even build the request
        return False
    return True


@pytest.mark.parametrize("ask", [Put("x"), PutParts("x"), Get("x"), Delete("x"), List("")])
def test_a_store_is_stopped_at_a_foreign_name(ask: Put | PutParts | Get | Delete | List) -> None:
    """Even if a check asked for a name that is not ours, the store's own gate holds."""
    with pytest.raises(Forbidden):
        WriterStore(STORAGE, Reach(timeout=1)).ask(ask)


def test_a_path_that_climbs_is_written_to_by_nobody() -> None:
    """Servers resolve `..` each in their own way: there is no writer, with the reason, rather than a stopped one."""
    storage = replace(STORAGE, path="calls/../")
    assert ".." in str(s3.writer(storage, Reach()))
    assert isinstance(s3.writer(STORAGE, Reach()), WriterStore)
