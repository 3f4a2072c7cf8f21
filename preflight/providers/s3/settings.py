"""S3 as the operator sees it: settings are read, checked for being what they claim to be, and never changed."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from preflight.model import TEST_NAME, Ask, Effect, Reach, Read, Reply, S3Storage, Setting, WhoAmI
from preflight.providers.s3 import gate
from preflight.providers.s3.client import Access, Exchange, open_client
from preflight.providers.s3.facts import FACTS
from preflight.providers.s3.holdings import Holdings, none_held
from preflight.providers.s3.replies import granted, not_offered, refused

STAGE = "get_bucket_policy"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one setting of a bucket is read.

    The operation, the root element that a true answer has (none for JSON), and the code that says "never set".
    """

    operation: str
    root: str | None
    unset: str = ""


_READINGS = {
    Setting.POLICY: Reading("GetBucketPolicy", None, "NoSuchBucketPolicy"),
    Setting.ENCRYPTION: Reading(
        "GetBucketEncryption",
        "ServerSideEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    ),
    Setting.OWNERSHIP: Reading("GetBucketOwnershipControls", "OwnershipControls", "OwnershipControlsNotFoundError"),
    Setting.RETENTION: Reading(
        "GetObjectLockConfiguration", "ObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"
    ),
    Setting.PUBLIC_ACCESS: Reading(
        "GetPublicAccessBlock", "PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration"
    ),
    Setting.LOCATION: Reading("GetBucketLocation", "LocationConstraint"),
    Setting.VERSIONING: Reading("GetBucketVersioning", "VersioningConfiguration"),
    Setting.PAYER: Reading("GetBucketRequestPayment", "RequestPaymentConfiguration"),
    Setting.LIFECYCLE: Reading(
        "GetBucketLifecycleConfiguration", "LifecycleConfiguration", "NoSuchLifecycleConfiguration"
    ),
}
_OPERATIONS = frozenset(reading.operation for reading in _READINGS.values())
_ELSEWHERE = {
    "sts": frozenset({"GetCallerIdentity"}),
    "kms": frozenset({"DescribeKey", "GetKeyPolicy"}),
    "iam": frozenset(
        {
            "GetUser",
            "ListUserPolicies",
            "GetUserPolicy",
            "ListAttachedUserPolicies",
            "ListGroupsForUser",
            "ListGroupPolicies",
            "GetGroupPolicy",
            "ListAttachedGroupPolicies",
            "GetPolicy",
            "GetPolicyVersion",
        }
    ),
}


class InspectorStore:
    """Reads the bucket's settings with the operator's own identity."""

    def __init__(self, storage: S3Storage, reach: Reach) -> None:
        self._storage = storage
        self._reach = reach
        self._clients: dict[str, tuple[Any, Exchange]] = {}

    def ask(self, ask: Ask) -> Reply:
        match ask:
            case Read(setting=Setting.IDENTITY):
                return self._identity()
            case Read(setting=Setting.KEY_POLICY):
                return self._key_policy()
            case Read(setting=Setting.ACCOUNT):
                return self._account()
            case Read(setting=setting) if setting in _READINGS:
                return self._read(setting)
            case _:
                return not_offered(str(ask))

    def _read(self, setting: Setting, **more: str) -> Reply:
        reading, storage = _READINGS[setting], self._storage

        def send() -> Reply:
            began = time.monotonic()
            client, exchange = self._open("s3")
            asked = {"Bucket": storage.bucket, **more}
            said = client._make_api_call(reading.operation, asked)  # noqa: SLF001 - by name, as its own methods do
            if not _is_what_it_claims(reading, exchange.body):
                return not_offered(reading.operation)
            return granted(exchange, began, Effect.NONE, **FACTS[setting](said, storage))

        reply = self._guarded("s3", reading.operation, send)
        if reply.refusal and reading.unset and reply.code == reading.unset:
            facts = {**reply.facts, **FACTS[setting]({}, storage), "unset": True}
            return replace(reply, refusal=None, code=None, message=None, facts=facts)
        return reply

    def _key_policy(self) -> Reply:
        """The policy of the key that the bucket encrypts with by default."""
        encryption = self._read(Setting.ENCRYPTION)
        if not encryption.ok:
            return encryption
        key = encryption.facts.get("key")
        if not key or (self._storage.endpoint_url and "kms" not in self._reach.endpoints):
            return not_offered("a key policy")

        def send() -> Reply:
            began = time.monotonic()
            client, exchange = self._open("kms", _region_of(str(key)))
            described = client.describe_key(KeyId=key)
            policy = client.get_key_policy(KeyId=described["KeyMetadata"]["Arn"], PolicyName="default")
            facts = FACTS[Setting.KEY_POLICY]({**described, **policy}, self._storage)
            return granted(exchange, began, Effect.NONE, **facts)

        return self._guarded("kms", "GetKeyPolicy", send)

    def _account(self) -> Reply:
        """Whether the bucket is the operator's own account's: S3 compares that for whoever asks it to."""
        if self._storage.endpoint_url:
            return not_offered("the account of a bucket")

        def send() -> Reply:
            client, _ = self._open("sts")
            account = client.get_caller_identity()["Account"]
            reply = self._read(Setting.LOCATION, ExpectedBucketOwner=account)
            return replace(reply, facts={"account": account}) if reply.ok else reply

        return self._guarded("sts", "GetCallerIdentity", send)

    def _identity(self) -> Reply:
        """Who the configured key belongs to, as that key is told, and what they hold, as the operator may read it."""
        storage, reach = self._storage, self._reach
        away = bool(storage.endpoint_url) and not {"sts", "iam"} <= reach.endpoints.keys()
        if storage.keyless or not storage.api_key or not storage.secret or away:
            return not_offered("the identity of the writer")
        from preflight.providers.s3.store import WriterStore

        who = WriterStore(storage, reach).ask(WhoAmI())
        if not who.ok:
            return who
        principal = str(who.facts["principal"])
        if ":user/" not in principal:
            facts = none_held(principal) if principal.endswith(":root") else None
            return replace(who, facts={**who.facts, **facts}) if facts else not_offered("a session's policies")

        def send() -> Reply:
            began = time.monotonic()
            client, exchange = self._open("iam")
            facts = Holdings(client, principal).read()
            return granted(exchange, began, Effect.NONE, **facts)

        reply = self._guarded("iam", "GetUser", send)
        told = {name: who.facts[name] for name in ("principal", "account")}  # whoever it is, also where nothing is read
        return replace(reply, facts={**reply.facts, **told})

    def _guarded(self, service: str, operation: str, send: Callable[[], Reply]) -> Reply:
        """What `send` gives, or the refusal that it met, under the name of the operation that was refused."""
        began = time.monotonic()
        try:
            return send()
        except ClientError as error:
            return refused(self._exchange(service), began, error.operation_name, STAGE, error)
        except (BotoCoreError, ValueError, KeyError) as error:
            return refused(self._exchange(service), began, operation, STAGE, error)

    def _exchange(self, service: str) -> Exchange:
        return self._clients[service][1] if service in self._clients else Exchange()

    def _open(self, service: str, region: str = "") -> tuple[Any, Exchange]:
        if service not in self._clients:
            storage, reach = self._storage, self._reach
            own = storage.endpoint_url if service == "s3" else ""
            self._clients[service] = open_client(
                Access(
                    service=service,
                    region=region or storage.region,
                    endpoint=own or reach.endpoints.get(service),
                    timeout=reach.timeout,
                    gate=self._gate if service == "s3" else _only(service),
                    profile=reach.aws_profile,
                )
            )
        return self._clients[service]

    def _gate(self, operation: str, method: str, url: str) -> None:
        if operation not in _OPERATIONS:
            raise gate.Forbidden(f"{operation}: the inspector only reads settings")
        storage = self._storage
        endpoint = storage.endpoint_url or self._reach.endpoints.get("s3", "")
        prefix = storage.path + TEST_NAME
        gate.check(operation, method, url, bucket=storage.bucket, prefix=prefix, endpoint=endpoint)


def _only(service: str) -> Callable[[str, str, str], None]:
    """The gate of a service beside S3: nothing leaves but the reads that are listed here."""

    def check(operation: str, method: str, url: str) -> None:
        if operation not in _ELSEWHERE[service]:
            raise gate.Forbidden(f"{operation}: {method} {url}")

    return check


def _region_of(key: str) -> str:
    return key.split(":")[3] if key.count(":") >= 5 else ""


def _is_what_it_claims(reading: Reading, body: bytes) -> bool:
    """Compatibles answer a setting that they do not know with a listing of the bucket."""
    try:
        if reading.root is None:
            return isinstance(json.loads(body), dict)
        return ET.fromstring(body).tag.rpartition("}")[2] == reading.root  # noqa: S314 - 256 KB at most, no DTD
    except (ValueError, ET.ParseError):
        return False
