"""What there is in Azure: tenants, applications, roles and who holds them, accounts, containers and blobs.

The `[world]` table of a scenario:

    tenant = "…"                    # of everything that does not name another
    subscription = "…"
    [world.applications.NAME]       # fields of Application
    [world.tenants."…"]             # further tenants that exist
    [world.accounts.NAME]           # fields of Account
    [world.accounts.NAME.containers.NAME]   # fields of Container
    [world.roles."Role name"]       # fields of Role, beside the built-in ones
    [world.assignments.NAME]        # role, principal (an application's name), scope, condition
    [world.denials.NAME]            # fields of Denial

A scope is written as `account`, `account/container`, or whole, beginning with a slash.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from preflight.sandbox.abs.roles import BUILT_IN, Role

GROUP = "rg-video"


@dataclass(slots=True, kw_only=True)
class Application:
    """An application with one secret, and its service principal in one tenant."""

    name: str
    tenant: str
    client_id: str
    object_id: str
    secret: str
    expired: bool = False  # the secret
    disabled: bool = False  # the application
    principal: bool = True  # whether it has a service principal in the tenant
    blocked: bool = False  # by Conditional Access


@dataclass(slots=True, kw_only=True)
class Blob:
    data: bytes
    etag: str
    modified: datetime
    content_type: str = "application/octet-stream"
    leased: bool = False


@dataclass(slots=True, kw_only=True)
class Container:
    """`state` is present, deleting or disabled; `acl` maps folders (hierarchical accounts) to who may do what there."""

    name: str
    state: str = "present"
    immutable_days: int = 0
    legal_hold: bool = False
    public: bool = False
    acl: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # folder -> application -> letters of "rwx"
    blobs: dict[str, Blob] = field(default_factory=dict)
    staged: dict[str, dict[str, bytes]] = field(default_factory=dict)  # blob -> block id -> data


@dataclass(slots=True, kw_only=True)
class Account:
    """A storage account, with the settings that change an answer."""

    name: str
    tenant: str
    subscription: str
    location: str = "westeurope"
    kind: str = "StorageV2"
    sku: str = "Standard_LRS"
    hierarchical: bool = False
    shared_key: bool = True
    key: str = ""
    https_only: bool = True
    tls: str = "TLS1_2"
    firewall: bool = False
    addresses: tuple[str, ...] = ()  # that the firewall lets through
    public_network: bool = True
    anonymous: bool = False  # whether containers may be public
    disabled: bool = False
    vault_key: str = ""  # customer-managed
    vault_key_found: bool = True
    versioning: bool = False
    soft_delete_days: int = 0
    containers: dict[str, Container] = field(default_factory=dict)

    @property
    def id(self) -> str:
        group = f"/subscriptions/{self.subscription}/resourceGroups/{GROUP}"
        return f"{group}/providers/Microsoft.Storage/storageAccounts/{self.name}"

    @property
    def block_blobs(self) -> bool:
        premium = self.sku.startswith("Premium")
        return self.kind in {"StorageV2", "BlobStorage", "Storage", "BlockBlobStorage"} and not (
            premium and self.kind == "StorageV2"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    name: str
    principal: str  # an object id
    role: Role
    scope: str
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A deny assignment, as deployment stacks make them."""

    name: str
    principal: str
    scope: str
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class State:
    tenant: str
    subscription: str
    tenants: frozenset[str]
    applications: dict[str, Application]
    accounts: dict[str, Account]
    assignments: list[Assignment]
    denials: list[Denial]
    signing_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> State:
        """The state that a world describes; KeyError and TypeError name what does not fit."""
        tenant, subscription = document["tenant"], document["subscription"]
        applications = {
            name: Application(name=name, **{"tenant": tenant, **given})
            for name, given in document.get("applications", {}).items()
        }
        accounts = {
            name: _account(name, {"tenant": tenant, "subscription": subscription, **given})
            for name, given in document.get("accounts", {}).items()
        }
        own = {name: Role(name=name, id=_guid(name), **_lists(r)) for name, r in document.get("roles", {}).items()}
        roles = BUILT_IN | own

        def place(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
            who = applications[given["principal"]].object_id
            scope = _scope(given["scope"], accounts)
            return {**_lists(given), "name": _guid(f"{name} {scope}"), "principal": who, "scope": scope}

        return cls(
            tenant=tenant,
            subscription=subscription,
            tenants=frozenset({tenant, *document.get("tenants", {})}),
            applications=applications,
            accounts=accounts,
            assignments=[
                Assignment(**{**place(name, given), "role": roles[given["role"]]})
                for name, given in document.get("assignments", {}).items()
            ],
            denials=[Denial(**place(name, given)) for name, given in document.get("denials", {}).items()],
        )

    def roles(self) -> dict[str, Role]:
        """Every role that is known or assigned, by its id."""
        return {role.id: role for role in (*BUILT_IN.values(), *(one.role for one in self.assignments))}

    def stored(self) -> dict[str, Blob]:
        """Every blob as it is now, by `container/name`."""
        containers = [container for account in self.accounts.values() for container in account.containers.values()]
        return {f"{one.name}/{name}": blob for one in containers for name, blob in one.blobs.items()}


def _account(name: str, given: Mapping[str, Any]) -> Account:
    containers = {
        inner: Container(name=inner, **{**fields, "blobs": _blobs(fields.get("blobs", {}))})
        for inner, fields in given.get("containers", {}).items()
    }
    return Account(name=name, **{**_lists(given), "containers": containers})


def _blobs(given: Mapping[str, Any]) -> dict[str, Blob]:
    return {
        name: Blob(
            data=b"a recording",
            etag='"0x8D0000000000000"',
            modified=datetime.fromisoformat("2026-01-01T00:00Z"),
            **fields,
        )
        for name, fields in given.items()
    }


def _scope(text: str, accounts: Mapping[str, Account]) -> str:
    if text.startswith("/"):
        return text
    account, _, container = text.partition("/")
    inner = f"/blobServices/default/containers/{container}" if container else ""
    return accounts[account].id + inner


def _lists(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _guid(text: str) -> str:
    return str(uuid5(NAMESPACE_DNS, text))
