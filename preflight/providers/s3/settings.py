"""S3 as the operator sees it: settings are read, checked for being what they claim to be, and never changed."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from preflight.model import TEST_NAME, Ask, Effect, Reach, Read, Reply, S3Storage, Setting
from preflight.providers.s3 import gate
from preflight.providers.s3.client import Access, Exchange, open_client
from preflight.providers.s3.replies import granted, not_offered, refused

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one setting is read.

    The operation, the root element that a true answer has (none for JSON), the code that says "never set", and
    the facts of either.
    """

    operation: str
    root: str | None
    unset: str
    facts: Callable[[Mapping[str, Any]], Facts]


def _encryption(said: Mapping[str, Any]) -> Facts:
    rules = said.get("ServerSideEncryptionConfiguration", {}).get("Rules") or [{}]
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    key = default.get("KMSMasterKeyID")
    algorithm = default.get("SSEAlgorithm")
    customer_key = bool(key) and not str(key).endswith("alias/aws/s3")
    return {"algorithm": algorithm, "key": key, "customer_key": customer_key}


def _retention(said: Mapping[str, Any]) -> Facts:
    lock = said.get("ObjectLockConfiguration", {})
    default = lock.get("Rule", {}).get("DefaultRetention", {})
    days = default.get("Days") or (default.get("Years") or 0) * 365 or None
    return {"locked": lock.get("ObjectLockEnabled") == "Enabled", "mode": default.get("Mode"), "days": days}


def _ownership(said: Mapping[str, Any]) -> Facts:
    rules = said.get("OwnershipControls", {}).get("Rules") or [{}]
    # a bucket without the setting is older than it: the writer owns what it writes
    return {"ownership": rules[0].get("ObjectOwnership", "ObjectWriter")}


def _lifecycle(said: Mapping[str, Any]) -> Facts:
    enabled = [rule for rule in said.get("Rules", []) if rule.get("Status") == "Enabled"]
    days = [rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation") for rule in enabled]
    return {"aborts_uploads_after_days": min((day for day in days if day), default=None)}


def _location(said: Mapping[str, Any]) -> Facts:
    # the two oldest regions answer in words of their own
    constraint = said.get("LocationConstraint") or "us-east-1"
    return {"region": "eu-west-1" if constraint == "EU" else constraint}


def _policy(said: Mapping[str, Any]) -> Facts:
    text = said.get("Policy")
    return {"document": json.loads(text) if text else None}


_READINGS = {
    Setting.POLICY: Reading("GetBucketPolicy", None, "NoSuchBucketPolicy", _policy),
    Setting.ENCRYPTION: Reading(
        "GetBucketEncryption",
        "ServerSideEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
        _encryption,
    ),
    Setting.OWNERSHIP: Reading(
        "GetBucketOwnershipControls", "OwnershipControls", "OwnershipControlsNotFoundError", _ownership
    ),
    Setting.RETENTION: Reading(
        "GetObjectLockConfiguration",
        "ObjectLockConfiguration",
        "ObjectLockConfigurationNotFoundError",
        _retention,
    ),
    Setting.PUBLIC_ACCESS: Reading(
        "GetPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        lambda said: {"blocks": dict(said.get("PublicAccessBlockConfiguration", {}))},
    ),
    Setting.LOCATION: Reading(
        "GetBucketLocation",
        "LocationConstraint",
        "",
        _location,
    ),
    Setting.VERSIONING: Reading(
        "GetBucketVersioning",
        "VersioningConfiguration",
        "",
        lambda said: {"enabled": said.get("Status") == "Enabled"},
    ),
    Setting.PAYER: Reading(
        "GetBucketRequestPayment",
        "RequestPaymentConfiguration",
        "",
        lambda said: {"requester_pays": said.get("Payer") == "Requester"},
    ),
    Setting.LIFECYCLE: Reading(
        "GetBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        "NoSuchLifecycleConfiguration",
        _lifecycle,
    ),
}


_OPERATIONS = frozenset(reading.operation for reading in _READINGS.values())


class InspectorStore:
    """Reads the bucket's settings with the operator's own identity."""

    def __init__(self, storage: S3Storage, reach: Reach) -> None:
        self._storage = storage
        self._reach = reach
        self._client: Any = None
        self._exchange = Exchange()

    def ask(self, ask: Ask) -> Reply:
        if not isinstance(ask, Read) or ask.setting not in _READINGS:
            return not_offered(str(ask))
        return self._read(_READINGS[ask.setting])

    def _read(self, reading: Reading) -> Reply:
        began = time.monotonic()
        try:
            said = self._open()._make_api_call(reading.operation, {"Bucket": self._storage.bucket})  # noqa: SLF001
        except ClientError as error:
            if reading.unset and error.response.get("Error", {}).get("Code") == reading.unset:
                return granted(self._exchange, began, Effect.NONE, **reading.facts({}), unset=True)
            return refused(self._exchange, began, reading.operation, "get_bucket_policy", error)
        except (BotoCoreError, ValueError) as error:
            return refused(self._exchange, began, reading.operation, "get_bucket_policy", error)
        if not _is_what_it_claims(reading, self._exchange.body):
            return not_offered(reading.operation)
        return granted(self._exchange, began, Effect.NONE, **reading.facts(said))

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
        if operation not in _OPERATIONS:
            raise gate.Forbidden(f"{operation}: the inspector only reads settings")
        gate.check(operation, method, url, bucket=self._storage.bucket, prefix=self._storage.path + TEST_NAME)


def _is_what_it_claims(reading: Reading, body: bytes) -> bool:
    """Compatibles answer a setting that they do not know with a listing of the bucket."""
    try:
        if reading.root is None:
            return isinstance(json.loads(body), dict)
        return ET.fromstring(body).tag.rpartition("}")[2] == reading.root  # noqa: S314 - 256 KB at most, no DTD
    except (ValueError, ET.ParseError):
        return False
