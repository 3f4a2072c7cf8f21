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
    attached = ["arn:aws:iam::111122223333:policy/recordings"]
    groups = ["writers"]
    boundary = '''{…}'''
    session_policy = '''{…}'''
    token = "…"                         # temporary credentials
    expired = true
    disabled = true
    [world.groups.writers]
    policies = ['''{…}''']              # and `attached`
    [world.policies]
    "arn:aws:iam::111122223333:policy/recordings" = '''{…}'''
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

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preflight.iam.aws.document import Document, Kind
from preflight.iam.aws.document import read as read_document
from preflight.sandbox.s3.buckets import Bucket, Settings, Version
from preflight.sandbox.s3.identities import Account, Caller, Group, Key, Managed


@dataclass(slots=True, kw_only=True)
class State:
    """All of AWS, as far as one scenario needs it."""

    accounts: Mapping[str, Account]
    callers: Mapping[str, Caller]  # by access key
    policies: Mapping[str, Managed]  # by ARN
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

        def tables(name: str) -> Any:  # noqa: ANN401 - the document's own values
            return document.get(name, {}).items()

        home = document.get("account", "111122223333")
        managed = {arn: Managed(arn=arn, document=_document(text, Kind.IDENTITY)) for arn, text in tables("policies")}
        groups = {name: Group(name=name, **_holder(table, managed)) for name, table in tables("groups")}
        callers = [_caller(home, name, _holder(table, managed), groups) for name, table in tables("users")]
        return cls(
            accounts={number: Account(number=number, **_documents(table)) for number, table in tables("accounts")},
            callers={caller.access_key: caller for caller in callers},
            policies=managed,
            keys={arn: Key(arn=arn, **_documents(table, Kind.KEY)) for arn, table in tables("keys")},
            buckets={name: _bucket(home, name, table) for name, table in tables("buckets")},
            source=document.get("source", "198.51.100.7"),
            secure=document.get("secure", True),
            aws=document.get("brand", "aws") == "aws",
            unsupported=frozenset(document.get("unsupported", ())),
            ignored=frozenset(document.get("ignored", ())),
        )

    def account(self, number: str) -> Account:
        return self.accounts.get(number, Account(number=number))

    def stored(self) -> dict[str, Version]:
        """The latest version of every object, by `bucket/name`."""
        found = ((bucket, key, bucket.latest(key)) for bucket in self.buckets.values() for key in bucket.objects)
        return {f"{bucket.name}/{key}": version for bucket, key, version in found if version}

    def acquainted(self, one: str, other: str) -> bool:
        """Whether two accounts are the same or of one organization: only then a refusal gives its reason."""
        organization = self.account(one).organization
        return bool(one) and (one == other or (bool(organization) and organization == self.account(other).organization))


def _caller(home: str, name: str, table: Mapping[str, Any], groups: Mapping[str, Group]) -> Caller:
    member = tuple(groups[group] for group in table.get("groups", ()))
    return Caller(**{"arn": f"arn:aws:iam::{home}:user/{name}", **table, "groups": member})


def _holder(table: Mapping[str, Any], managed: Mapping[str, Managed]) -> dict[str, Any]:
    """The table of a user or group with its policies read, and the attached ones found."""
    return {**_documents(table), "attached": tuple(managed[arn] for arn in table.get("attached", ()))}


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
