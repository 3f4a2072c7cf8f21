"""S3 as the operator who tidies up: test objects and unfinished uploads of ours are deleted, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from preflight.model import TEST_NAME, Ask, Delete, Effect, Reach, Reply, S3Storage
from preflight.providers.s3 import gate
from preflight.providers.s3.client import Access, Exchange, open_client
from preflight.providers.s3.replies import granted, refused

MOST = 20  # uploads to one name of ours; more than one is already rare


class CleanerStore:
    """Deletes with the operator's own identity (profile or default chain)."""

    def __init__(self, storage: S3Storage, reach: Reach) -> None:
        self._storage = storage
        self._reach = reach
        self._client: Any = None
        self._exchange = Exchange()

    def ask(self, ask: Ask) -> Reply:
        """Delete the object and abort every upload to its name. Raises ValueError for any other ask."""
        if not isinstance(ask, Delete):
            raise ValueError(f"a cleaner deletes only: {ask}")  # noqa: TRY004 - the value decides
        began = time.monotonic()
        self._exchange.forget()
        operation = "DeleteObject"
        try:
            said = self._send(operation, Key=ask.key)
            remains = "an older version" if said.get("VersionId") or said.get("DeleteMarker") else ""
            operation = "ListMultipartUploads"
            uploads = list(self._uploads(ask.key))
            operation = "AbortMultipartUpload"
            for upload in uploads:
                self._send(operation, Key=ask.key, UploadId=upload)
        except (BotoCoreError, ClientError, ValueError) as error:
            reply = refused(self._exchange, began, operation, "cleanup", error)
            if operation == "DeleteObject" or not _is_denied(reply):
                return reply
            unseen = "perhaps an unfinished upload: listing or aborting uploads was refused"
            remains = "; ".join(part for part in (remains, unseen) if part)
        return granted(self._exchange, began, Effect.NONE, **({"remains": remains} if remains else {}))

    def _uploads(self, key: str) -> Iterator[str]:
        """The uploads to exactly this name."""
        said = self._send("ListMultipartUploads", Prefix=key, MaxUploads=MOST)
        for upload in said.get("Uploads") or ():
            if upload.get("Key") == key:
                yield str(upload["UploadId"])

    def _send(self, operation: str, **parameters: object) -> dict[str, Any]:
        said: dict[str, Any] = self._open()._make_api_call(  # noqa: SLF001 - by name, as its own methods do
            operation, {"Bucket": self._storage.bucket, **parameters}
        )
        return said

    def _open(self) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        if self._client is None:
            storage = self._storage
            self._client, self._exchange = open_client(
                Access(
                    service="s3",
                    region=storage.region,
                    endpoint=storage.endpoint_url or self._reach.endpoints.get("s3"),
                    timeout=self._reach.timeout,
                    gate=self._gate,
                    profile=self._reach.aws_profile,
                )
            )
        return self._client

    def _gate(self, operation: str, method: str, url: str) -> None:
        storage = self._storage
        endpoint = storage.endpoint_url or self._reach.endpoints.get("s3", "")
        prefix = storage.path + TEST_NAME
        gate.check_cleaning(operation, method, url, bucket=storage.bucket, prefix=prefix, endpoint=endpoint)


def _is_denied(reply: Reply) -> bool:
    return reply.status in {403, 405, 501}
