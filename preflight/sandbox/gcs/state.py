"""The accounts, projects, buckets and keys of one world, read from the scenario's document.

What the document may hold, with Google's defaults for what it leaves out:

    [world]
    source = "198.51.100.7"              # where requests seem to come from
    strict = false                       # testIamPermissions refuses names that its page does not list
    [world.accounts.stream-writer]
    email = "stream-writer@my-project.iam.gserviceaccount.com"
    project = "my-project"
    variable = "GCS_KEY"                 # the environment variable that gets the account's key file
    operator = false                     # whose key file the application default credentials are
    state = "enabled"                    # disabled, deleted: the token endpoint does not know it
    key = "known"                        # revoked: the account no longer has the key of the file
    groups = ["recorders@example.com"]
    [world.accounts.stream-writer.file]  # what differs in the key file
    token_uri = "https://…"
    [world.projects.my-project]
    number = 123456789012
    billing = "open"                     # closed
    api = true                           # whether the Cloud Storage JSON API is switched on
    policy = '''{"bindings": […]}'''     # policies are JSON text, as people have them
    deny = [{principals = ["…"], permissions = ["storage.googleapis.com/objects.create"]}]
    [world.buckets.my-recordings]
    project = "my-project"
    policy = '''{"bindings": […]}'''
    constraint = "constraints/…"         # an organization policy that every write violates
    perimeter = "…"                      # the identifier of the refusal by a service perimeter
    objects = ["recordings/old.mp4"]     # what is there already
    [world.buckets.my-recordings.resource]   # as `buckets.get` gives it: encryption, retentionPolicy, billing…
    [world.keys."projects/my-project/locations/eu/keyRings/r/cryptoKeys/k"]
    state = "ENABLED"                    # DISABLED, DESTROYED
    users = ["serviceAccount:…"]         # who may encrypt with it
    [world.roles]                        # beside Google's own
    "projects/my-project/roles/recorder" = ["storage.objects.create"]
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_LONG_AGO = datetime(2026, 1, 15, tzinfo=UTC)
_UNIFORM = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A service account; `file` is what its key file says differently."""

    email: str
    project: str
    variable: str = ""
    operator: bool = False
    state: str = "enabled"
    key: str = "known"
    groups: tuple[str, ...] = ()
    file: Mapping[str, Any] = field(default_factory=dict)

    @property
    def members(self) -> frozenset[str]:
        """How bindings may name it."""
        own = {f"serviceAccount:{self.email}", "allUsers", "allAuthenticatedUsers"}
        return frozenset(own | {f"group:{group}" for group in self.groups})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny:
    """One rule of a deny policy; its permissions are spelled `storage.googleapis.com/objects.create`."""

    principals: tuple[str, ...]
    permissions: tuple[str, ...]
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    name: str
    number: int = 123456789012
    billing: str = "open"
    api: bool = True
    policy: Mapping[str, Any] = field(default_factory=dict)
    deny: tuple[Deny, ...] = ()

    @property
    def storage_agent(self) -> str:
        """The account as which Cloud Storage itself uses encryption keys."""
        return f"serviceAccount:service-{self.number}@gs-project-accounts.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    name: str
    state: str = "ENABLED"
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One generation of an object."""

    name: str
    body: bytes
    generation: int
    created: datetime
    content_type: str = "application/octet-stream"
    kms_key: str = ""
    held: bool = False


@dataclass(slots=True, kw_only=True)
class Bucket:
    name: str
    project: Project
    policy: Mapping[str, Any] = field(default_factory=dict)
    constraint: str = ""
    perimeter: str = ""
    resource: Mapping[str, Any] = field(default_factory=dict)
    objects: dict[str, Stored] = field(default_factory=dict)
    noncurrent: list[Stored] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)

    def setting(self, *path: str) -> Any:  # noqa: ANN401 - any value of Google's resource
        """A value of the resource, or None."""
        value: Any = self.resource
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    @property
    def resource_name(self) -> str:
        return f"projects/_/buckets/{self.name}"


@dataclass(slots=True, kw_only=True)
class State:
    accounts: Mapping[str, Account]
    projects: Mapping[str, Project]
    buckets: Mapping[str, Bucket]
    keys: Mapping[str, Key]
    source: str = "198.51.100.7"
    strict: bool = False
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    generations: itertools.count[int] = field(default_factory=lambda: itertools.count(1790000000000001))

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> State:
        """The state at the start. TypeError names an unknown field, KeyError an unknown project."""
        projects = {name: _project(name, table) for name, table in document.get("projects", {}).items()}
        state = cls(
            accounts={table["email"]: _account(table) for table in document.get("accounts", {}).values()},
            projects=projects,
            buckets={name: _bucket(name, table, projects) for name, table in document.get("buckets", {}).items()},
            keys={name: _key(name, table) for name, table in document.get("keys", {}).items()},
            source=document.get("source", "198.51.100.7"),
            strict=document.get("strict", False),
            roles={name: frozenset(held) for name, held in document.get("roles", {}).items()},
        )
        for name, table in document.get("buckets", {}).items():
            for key in table.get("objects", ()):
                there = Stored(name=key, body=b"", generation=next(state.generations), created=_LONG_AGO)
                state.buckets[name].objects[key] = there
        return state

    def stored(self) -> dict[str, Stored]:
        """Every object as it is now, by `bucket/name`."""
        return {f"{bucket.name}/{key}": o for bucket in self.buckets.values() for key, o in bucket.objects.items()}


def _account(table: Mapping[str, Any]) -> Account:
    return Account(**{**table, "groups": tuple(table.get("groups", ()))})


def _project(name: str, table: Mapping[str, Any]) -> Project:
    deny = tuple(Deny(**{field: tuple(values) for field, values in rule.items()}) for rule in table.get("deny", ()))
    return Project(**{**table, "name": name, "policy": json.loads(table.get("policy", "{}")), "deny": deny})


def _bucket(name: str, table: Mapping[str, Any], projects: Mapping[str, Project]) -> Bucket:
    rest = {key: value for key, value in table.items() if key != "objects"}
    return Bucket(
        **{
            **rest,
            "name": name,
            "project": projects[table["project"]],
            "policy": json.loads(table.get("policy", "{}")),
            "resource": {**_UNIFORM, **table.get("resource", {})},
        }
    )


def _key(name: str, table: Mapping[str, Any]) -> Key:
    return Key(**{**table, "name": name, "users": tuple(table.get("users", ()))})
