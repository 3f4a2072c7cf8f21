"""The storage's settings, as the operator may read them: each a few resources of Azure Resource Manager, as facts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.model import AbsStorage, Ask, Read, Reply, Setting
from preflight.providers import Reach
from preflight.providers.abs import settings
from preflight.providers.abs.actions import SETTINGS
from preflight.providers.abs.arm import Arm, Json
from preflight.providers.abs.door import wire
from preflight.providers.abs.entra import ServicePrincipal
from preflight.providers.abs.replies import Step, not_offered, unknown

STORAGE_API = "2023-05-01"
ROLES_API = "2022-04-01"  # the first that shows conditions
SUBSCRIPTIONS_API = "2022-12-01"
RESOURCES_API = "2021-04-01"


class Inspector:
    """A `Store` that answers `Read` only."""

    def __init__(self, storage: AbsStorage, reach: Reach) -> None:
        self._storage = storage
        self._reach = reach
        self._arm = Arm(reach)
        self._account_id: str | Reply | None = None

    def ask(self, ask: Ask) -> Reply:
        started = time.monotonic()
        if not isinstance(ask, Read):
            return unknown(Step("arm", str(ask)), "not-offered", "the inspector only reads settings")
        found = self._read(ask.setting)
        reply = found if isinstance(found, Reply) else Reply(status=200, facts=found)
        return replace(reply, millis=round((time.monotonic() - started) * 1000))

    def _read(self, setting: Setting) -> dict[str, Any] | Reply:
        if setting is Setting.LIFECYCLE:
            return settings.LIFECYCLE
        if setting not in SETTINGS:
            return not_offered(setting, "Azure Blob Storage has no such setting")
        account = self._account()
        if isinstance(account, Reply):
            return account
        match setting:
            case Setting.POLICY:
                return self._policy(account["id"])
            case Setting.RETENTION:
                return self._of(self._container(account["id"]), lambda found: settings.retention(account, found))
            case Setting.PUBLIC_ACCESS:
                return self._of(self._container(account["id"]), lambda found: settings.public_access(account, found))
            case Setting.VERSIONING:
                return self._of(self._service(account["id"]), settings.versioning)
            case _:
                return settings.OF_ACCOUNT[setting](account)

    def _of(self, found: Json | Reply, reading: Callable[[Json], dict[str, Any]]) -> dict[str, Any] | Reply:
        return found if isinstance(found, Reply) else reading(found)

    def _account(self) -> Json | Reply:
        if self._account_id is None:
            self._account_id = self._find()
        if isinstance(self._account_id, Reply):
            return self._account_id
        return self._arm.get(Step("arm", "Get storage account"), self._account_id, api_version=STORAGE_API)

    def _find(self) -> str | Reply:
        """Search every subscription that the operator sees: the configuration names the account, not where it is."""
        name = self._storage.account_name
        step = Step("arm", "List resources")
        wanted = f"resourceType eq 'Microsoft.Storage/storageAccounts' and name eq '{name}'"
        subscriptions = self._arm.all(
            Step("arm", "List subscriptions"), "/subscriptions", api_version=SUBSCRIPTIONS_API
        )
        if isinstance(subscriptions, Reply):
            return subscriptions
        unread: Reply | None = None
        for subscription in subscriptions:
            path = f"/subscriptions/{subscription['subscriptionId']}/resources"
            found = self._arm.all(step, path, filter=wanted, api_version=RESOURCES_API)
            if isinstance(found, Reply):
                unread = found
            elif found:
                return str(found[0]["id"])
        count = len(subscriptions)
        nowhere = f"none of the {count} subscriptions that this login may read shows the storage account {name}"
        return unread or unknown(step, "AccountNotVisible", nowhere)

    def _container(self, account: str) -> Json | Reply:
        path = f"{account}/blobServices/default/containers/{self._storage.bucket}"
        return self._arm.get(Step("arm", "Get container"), path, api_version=STORAGE_API)

    def _service(self, account: str) -> Json | Reply:
        return self._arm.get(
            Step("arm", "Get blob service"), f"{account}/blobServices/default", api_version=STORAGE_API
        )

    def _policy(self, account: str) -> dict[str, Any] | Reply:
        """Everything that decides what the writer may do in this container, in Azure's own JSON."""
        principal = self._principal()
        if isinstance(principal, Reply):
            return principal
        scope = f"{account}/blobServices/default/containers/{self._storage.bucket}"
        # assignedTo follows groups; principalId would not.
        whose = {"filter": f"assignedTo('{principal}')", "api_version": ROLES_API}
        lists: dict[str, list[Json]] = {}
        for name, kind in (("assignments", "roleAssignments"), ("deny_assignments", "denyAssignments")):
            step = Step("arm", f"List {kind}")
            found = self._arm.all(step, f"{scope}/providers/Microsoft.Authorization/{kind}", **whose)
            if isinstance(found, Reply):
                return found
            lists[name] = found
        definitions: list[Json] = []
        for role in dict.fromkeys(str(one["properties"]["roleDefinitionId"]) for one in lists["assignments"]):
            definition = self._arm.get(Step("arm", "Get roleDefinition"), role, api_version=ROLES_API)
            if isinstance(definition, Reply):
                return definition
            definitions.append(definition)
        return {"document": {**lists, "definitions": definitions, "scope": scope, "principal": principal}}

    def _principal(self) -> str | Reply:
        """The writer's object id, from its own token: the operator may not be allowed to search the directory."""
        if not self._storage.client_secret:
            return not_offered(Setting.POLICY, "an account key is nobody that roles could be assigned to")
        told = ServicePrincipal(self._storage, self._reach, wire(self._reach.timeout)).present()
        if not told.ok:
            return told
        found = told.facts.get("principal")
        step = Step("token", "Get token")
        return str(found) if found else unknown(step, "NoObjectId", "the writer's token names no object id")
