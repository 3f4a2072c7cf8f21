"""Azure Resource Manager: reads of subscriptions, storage accounts, containers and of what decides about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from preflight.sandbox.abs import resources, tokens
from preflight.sandbox.abs.attempt import Attempt
from preflight.sandbox.abs.decide import allowed
from preflight.sandbox.abs.state import Account, Application, State
from preflight.sandbox.abs.wire import RefusedError, answer, arm_refusal
from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.world import World

AUDIENCE = "https://management.azure.com"
_RESOURCES = re.compile(r"/subscriptions/([^/]+)/resources")
_AUTHORIZATION = re.compile(r"(.*)/providers/Microsoft\.Authorization/(\w+)(?:/([^/]+))?", re.IGNORECASE)
_ACCOUNT = re.compile(r"(.*/providers/Microsoft\.Storage/storageAccounts/([^/]+))(/.*)?", re.IGNORECASE)
_CONTAINER = re.compile(r"/blobServices/default/containers/([^/]+)", re.IGNORECASE)
_NAMED = re.compile(r"name eq '([^']*)'")
_ASSIGNED = re.compile(r"assignedTo\('([^']*)'\)")


class Arm:
    """Decides as the real one: every read is an action that some role of the caller must give."""

    def __init__(self, world: World, state: State) -> None:
        self._world = world
        self._state = state

    def handle(self, request: Request) -> Response:
        try:
            return answer(200, self._serve(request))
        except RefusedError as error:
            return arm_refusal(error)

    def refuse(self, _: Request, fault: Fault) -> Response:
        return arm_refusal(RefusedError(fault.status, fault.code, fault.message, headers=fault.headers))

    def _authenticate(self, request: Request) -> Application:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        claims = tokens.read(self._state.signing_key, token)
        if claims is None or claims["aud"] != AUDIENCE or claims["exp"] < self._world.now().timestamp():
            code = "InvalidAuthenticationToken" if token else "AuthenticationFailed"
            uri = f"https://login.microsoftonline.com/{self._state.tenant}"
            challenge = {"WWW-Authenticate": f'Bearer authorization_uri="{uri}", error="invalid_token"'}
            raise RefusedError(
                401, code, "The access token is missing, expired or not for this service.", headers=challenge
            )
        return next(one for one in self._state.applications.values() if one.object_id == claims["oid"])

    def _serve(self, request: Request) -> dict[str, Any]:
        caller = self._authenticate(request)
        if "api-version" not in request.query:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise RefusedError(400, "MissingApiVersionParameter", message)
        if request.method != "GET":
            raise RefusedError(405, "MethodNotAllowed", "The sandbox's Resource Manager only reads.")
        return self._read(request, caller)

    def _read(self, request: Request, caller: Application) -> dict[str, Any]:
        path = request.path.rstrip("/")
        if path == "/subscriptions":
            return self._subscriptions(caller)
        if found := _RESOURCES.fullmatch(path):
            return self._resources(found[1], request.query.get("$filter", ""), caller)
        if found := _AUTHORIZATION.fullmatch(path):
            return self._authorization(found[1], found[2], found[3], request.query.get("$filter", ""), caller)
        if found := _ACCOUNT.fullmatch(path):
            return self._storage(found[1], found[2], found[3] or "", caller)
        raise _missing(path)

    def _subscriptions(self, caller: Application) -> dict[str, Any]:
        """Those in which the caller holds anything at all."""
        held = [one.scope.lower() for one in self._state.assignments if one.principal == caller.object_id]
        known = dict.fromkeys(account.subscription for account in self._state.accounts.values())
        seen = [one for one in known if any(scope.startswith(f"/subscriptions/{one}".lower()) for scope in held)]
        return {"value": [{"id": f"/subscriptions/{one}", "subscriptionId": one, "state": "Enabled"} for one in seen]}

    def _resources(self, subscription: str, wanted: str, caller: Application) -> dict[str, Any]:
        """What the caller may read, and nothing about the rest."""
        name = _NAMED.search(wanted)
        action = "Microsoft.Storage/storageAccounts/read"
        found = [
            resources.brief(account)
            for account in self._state.accounts.values()
            if account.subscription == subscription
            and (not name or name[1] == account.name)
            and self._may(caller, action, account.id)
        ]
        return {"value": found}

    def _storage(self, scope: str, name: str, rest: str, caller: Application) -> dict[str, Any]:
        account = self._state.accounts.get(name)
        if account is None or account.id.lower() != scope.lower():
            raise _missing(scope)
        kind = "Microsoft.Storage/storageAccounts"
        if not rest:
            self._require(caller, f"{kind}/read", account.id)
            return resources.account(account)
        if rest.lower() == "/blobservices/default":
            self._require(caller, f"{kind}/blobServices/read", f"{account.id}{rest}")
            return resources.service(account)
        if found := _CONTAINER.fullmatch(rest):
            self._require(caller, f"{kind}/blobServices/containers/read", f"{account.id}{rest}")
            return self._container(account, found[1])
        raise _missing(f"{scope}{rest}")

    def _container(self, account: Account, name: str) -> dict[str, Any]:
        container = account.containers.get(name)
        if container is None:
            raise RefusedError(404, "ContainerNotFound", "The specified container does not exist.")
        return resources.container(account, container)

    def _authorization(
        self, scope: str, kind: str, name: str | None, wanted: str, caller: Application
    ) -> dict[str, Any]:
        self._require(caller, f"Microsoft.Authorization/{kind}/read", scope or "/")
        if kind == "roleDefinitions" and name:
            role = self._state.roles().get(name)
            if role is None:
                message = f"The specified role definition with ID '{name}' does not exist."
                raise RefusedError(404, "RoleDefinitionDoesNotExist", message)
            return resources.role(role, self._state.subscription)
        lists: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "roleAssignments": lambda: [
                resources.assignment(one, self._state.subscription) for one in self._state.assignments
            ],
            "denyAssignments": lambda: [resources.denial(one) for one in self._state.denials],
        }
        if kind not in lists:
            raise _missing(f"{scope}/providers/Microsoft.Authorization/{kind}")
        who = _ASSIGNED.search(wanted)
        return {"value": [one for one in lists[kind]() if resources.concerns(one, scope, who[1] if who else None)]}

    def _may(self, caller: Application, action: str, scope: str) -> bool:
        now = self._world.now()
        return allowed(
            self._state, Attempt(principal=caller.object_id, action=action, scope=scope, now=now, data=False)
        )

    def _require(self, caller: Application, action: str, scope: str) -> None:
        # Built-in role definitions can be read by whoever may read anything below a subscription.
        everybodys = action.endswith("roleDefinitions/read")
        if everybodys or self._may(caller, action, scope):
            return
        message = (
            f"The client '{caller.client_id}' with object id '{caller.object_id}' does not have authorization to "
            f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, "
            "please refresh your credentials."
        )
        raise RefusedError(403, "AuthorizationFailed", message)


def _missing(path: str) -> RefusedError:
    name = path.partition("/providers/")[2] or path
    return RefusedError(404, "ResourceNotFound", f"The Resource '{name}' was not found.")
