"""What the SDK says where no answer came: the reason is kept, and the object's name takes no part in it."""

from __future__ import annotations

import pytest

from preflight.diagnose import diagnose
from preflight.model import Cause, Put, Reach, S3Storage, Secret
from preflight.providers.s3.store import WriterStore

NOBODY = "http://127.0.0.1:9"  # the port `discard`, where nobody listens


@pytest.mark.parametrize(
    "path", ["recordings/", "InvalidAccessKeyId/", "NoSuchBucket/", "ExpiredToken: /", "access denied/"]
)
def test_a_path_that_spells_an_error_decides_nothing(path: str) -> None:
    """A refused connection is one under every path: undetermined, and the host is still named."""
    storage = S3Storage(
        name="s",
        storage_type="s3",
        bucket="my-recordings",
        path=path,
        region="eu-central-1",
        endpoint_url=NOBODY,
        api_key=Secret("AKIAIOSFODNN7EXAMPLE", source="test"),
        secret=Secret("s" * 40, source="test"),
    )
    reply = WriterStore(storage, Reach(timeout=1)).ask(Put(f"{path}preflight-test-0.txt"))

    assert reply.refusal
    causes = [candidate.cause for candidate in diagnose(reply.refusal, storage).candidates]
    assert causes[0] is Cause.CONNECTION_FAILED
    assert not {Cause.CREDENTIAL_UNKNOWN, Cause.BUCKET_MISSING, Cause.CREDENTIAL_EXPIRED} & set(causes)
    assert NOBODY in (reply.message or "")
