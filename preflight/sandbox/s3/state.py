"""The accounts, identities, keys and buckets of one world, read from the scenario's document.

What the document may hold, with AWS's defaults for what it leaves out:

    [world]
    account = "111122223333"            # owns everything that names no other account
    source = "198.51.100.7"             # where requests seem to come from
    secure = true                       # loopback stands for TLS; false: policies see plain HTTP
    brand = "aws"                       # or "compatible": no regions, no STS, no reasons, no AWS headers
    unsupported = ["if-none-match"]     # headers that are answered with 501
    ignored = ["if-none-match"]         # headers that are accepted and mean nothing
    [world.accounts.111122223333]
    organization = "o-example"
    service_control = ['''{…}''']       # policies are JSON text, as people have them
    resource_control = ['''{…}''']
    [world.users.stream-writer]         # or an `arn` of its own: a role's session, an account's root
    access_key = "AKIA…"
    secret = "…"
    policies = ['''{…}''']
    boundary = '''{…}'''
    session_policy = '''{…}'''
    token = "…"                         # temporary credentials
    expired = true
    disabled = true
    [world.buckets.my-recordings]
    region = "eu-central-1"
    policy = '''{…}'''
    [world.buckets.my-recordings.settings]   # see Settings
    [world.keys."arn:aws:kms:eu-central-1:111122223333:key/…"]
    policy = '''{…}'''
    state = "Enabled"                   # Disabled, PendingDeletion
    managed = false                     # the key that AWS manages: never usable from another account
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from preflight.iam.aws.document import Document, Kind
from preflight.iam.aws.document import read as read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    number: str
    organization: str = ""
    service_control: tuple[Document, ...] = ()
    resource_control: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who signed a request; without an ARN, nobody did."""

    arn: str = ""
    access_key: str = ""
    secret: str = ""
    policies: tuple[Document, ...] = ()
    boundary: Document | None = None
    session_policy: Document | None = None
    token: str = ""
    expired: bool = False
    disabled: bool = False

    @property
    def account(self) -> str:
        return self.arn.split(":")[4] if self.arn else ""

    @property
    def unique_id(self) -> str:
        """Looks like AWS's unique ids: four letters for the kind, then seventeen more."""
        kind = "AROA" if ":assumed-role/" in self.arn else "AIDA"
        return kind + "".join(c for c in self.arn.upper() if c.isalnum())[-17:].rjust(17, "A")


ANONYMOUS = Caller()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An encryption key."""

    arn: str
    policy: Document | None = None
    state: str = "Enabled"
    managed: bool = False

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a bucket is set to, with AWS's defaults. An empty mapping is a setting that nobody made."""

    ownership: str = "BucketOwnerEnforced"
    encryption: Mapping[str, str] = field(default_factory=lambda: {"algorithm": "AES256"})  # and `key`
    lock: Mapping[str, Any] = field(default_factory=dict)  # `mode` and `days` of the default retention
    versioning: str = ""
    payer: str = "BucketOwner"
    blocks: Mapping[str, bool] = field(
        default_factory=lambda: dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
    )
    abort_uploads_after_days: int = 0


@dataclass(slots=True, kw_only=True)
class Version:
    """One stored version of an object; a delete marker has no body."""

    id: str
    body: bytes | None
    etag: str
    modified: datetime
    headers: Mapping[str, str]
    locked_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Upload:
    key: str
    headers: Mapping[str, str]
    parts: dict[int, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Bucket:
    name: str
    account: str
    region: str
    policy: Document | None
    settings: Settings
    objects: dict[str, list[Version]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"

    def latest(self, key: str) -> Version | None:
        versions = self.objects.get(key)
        return versions[-1] if versions and versions[-1].body is not None else None

    def store(self, key: str, version: Version) -> Version:
        """Keep a version; in a bucket without versioning it takes the place of what was there."""
        if self.settings.versioning == "Enabled":
            version.id = secrets.token_urlsafe(24)
            self.objects.setdefault(key, []).append(version)
        else:
            self.objects[key] = [version]
        return version


@dataclass(slots=True, kw_only=True)
class State:
    """All of AWS, as far as one scenario needs it."""

    accounts: Mapping[str, Account]
    callers: Mapping[str, Caller]  # by access key
    keys: Mapping[str, Key]  # by ARN
    buckets: Mapping[str, Bucket]
    source: str
    secure: bool
    aws: bool
    unsupported: frozenset[str]
    ignored: frozenset[str]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> State:
        """The state that the document describes. Raises TypeError for a word that does not exist here."""
        home = document.get("account", "111122223333")
        callers = [_caller(home, name, table) for name, table in document.get("users", {}).items()]
        return cls(
            accounts={n: Account(number=n, **_documents(t)) for n, t in document.get("accounts", {}).items()},
            callers={caller.access_key: caller for caller in callers},
            keys={arn: Key(arn=arn, **_documents(table, Kind.KEY)) for arn, table in document.get("keys", {}).items()},
            buckets={name: _bucket(home, name, table) for name, table in document.get("buckets", {}).items()},
            source=document.get("source", "198.51.100.7"),
            secure=document.get("secure", True),
            aws=document.get("brand", "aws") == "aws",
            unsupported=frozenset(document.get("unsupported", ())),
            ignored=frozenset(document.get("ignored", ())),
        )

    def account(self, number: str) -> Account:
        return self.accounts.get(number, Account(number=number))

    def acquainted(self, one: str, other: str) -> bool:
        """Whether two accounts are the same or of one organization: only then a refusal gives its reason."""
        organization = self.account(one).organization
        return bool(one) and (one == other or (bool(organization) and organization == self.account(other).organization))


def _caller(home: str, name: str, table: Mapping[str, Any]) -> Caller:
    return Caller(**{"arn": f"arn:aws:iam::{home}:user/{name}", **_documents(table)})


def _bucket(home: str, name: str, table: Mapping[str, Any]) -> Bucket:
    rest = _documents({key: value for key, value in table.items() if key != "settings"})
    settings = Settings(**table.get("settings", {}))
    return Bucket(**{"name": name, "account": home, "policy": None, "settings": settings, **rest})


_KINDS = {
    "policies": Kind.IDENTITY,
    "boundary": Kind.BOUNDARY,
    "session_policy": Kind.SESSION,
    "service_control": Kind.SERVICE_CONTROL,
    "resource_control": Kind.RESOURCE_CONTROL,
}


def _documents(table: Mapping[str, Any], policy: Kind = Kind.RESOURCE) -> dict[str, Any]:
    """The table with its policies read; an empty text is no policy."""
    read = dict(table)
    for name, kind in {**_KINDS, "policy": policy}.items():
        value = table.get(name)
        if isinstance(value, str):
            read[name] = _document(value, kind) if value.strip() else None
        elif value is not None:
            read[name] = tuple(_document(text, kind) for text in value)
    return read


def _document(text: str, kind: Kind) -> Document:
    """AWS would not have stored a faulty policy. Raises ValueError for one."""
    document = read_document(text, kind)
    if not document.valid:
        raise ValueError(f"{document.label}: {'; '.join(map(str, document.findings))}")
    return document
