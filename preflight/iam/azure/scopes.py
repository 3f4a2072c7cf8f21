"""Whether what is assigned at a scope reaches a container; scopes nest by whole segments and ignore case."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from preflight.iam.regions import Truth

_ACCOUNT = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.storage/storageaccounts/(?P<account>[^/]+)"
    r"(/blobservices/default(/containers/(?P<container>[^/]+)(?P<deeper>/.*)?)?)?"
)
_WIDE = re.compile(r"/subscriptions/[^/]+(/resourcegroups/[^/]+)?")
_GROUP = "/providers/microsoft.management/managementgroups/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A container, or the account alone. `scope` is its whole id, empty where subscription and group are not known.

    `listed`: what was listed was asked for at the container, so that management groups that appear are above it.
    """

    account: str
    container: str
    scope: str = ""
    listed: bool = False

    @property
    def home(self) -> Target:
        """The account, which the container is a part of."""
        services = self.scope.lower().find("/blobservices/")
        return replace(self, container="", scope=self.scope if services < 0 else self.scope[:services])

    def is_below(self, scope: str) -> Truth:
        """Whether the scope is the container, or anything above it."""
        above = scope.rstrip("/").lower()
        if not above:
            return True
        if above.startswith(_GROUP):
            return True if self.listed else None
        if self.scope:
            return f"{self.scope.rstrip('/').lower()}/".startswith(f"{above}/")
        if _WIDE.fullmatch(above):
            return True if self.listed else None
        found = _ACCOUNT.fullmatch(above)
        if not found or found["account"] != self.account.lower():
            return False
        return found["container"] in {None, self.container.lower()} and not found["deeper"]

    def is_at(self, scope: str) -> bool:
        """Whether the scope is the container itself."""
        found = _ACCOUNT.fullmatch(scope.rstrip("/").lower())
        if found is None:
            return False
        return (found["account"], found["container"]) == (self.account.lower(), self.container.lower())


def shown(scope: str) -> str:
    """A scope as people name it."""
    found = _ACCOUNT.fullmatch(scope.rstrip("/").lower())
    if found and found["container"]:
        return f"container {found['container']} of account {found['account']}"
    if found:
        return f"account {found['account']}"
    parts = scope.strip("/").split("/")
    if scope.lower().startswith(_GROUP):
        return f"management group {parts[-1]}"
    if len(parts) == 4 and parts[2].lower() == "resourcegroups":
        return f"resource group {parts[3]}"
    return f"subscription {parts[1]}" if len(parts) == 2 and parts[0].lower() == "subscriptions" else scope or "/"


def is_subscription(scope: str) -> bool:
    return bool(re.fullmatch(r"/subscriptions/[^/]+", scope.rstrip("/"), re.IGNORECASE))
