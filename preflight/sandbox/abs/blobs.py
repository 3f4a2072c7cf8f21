"""The blob service: which account and container, from where, by whom, whether they may; then the operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from preflight.iam.azure.actions import BLOBS
from preflight.sandbox.abs import operations
from preflight.sandbox.abs.acl import lets
from preflight.sandbox.abs.attempt import Attempt
from preflight.sandbox.abs.authenticate import authenticate
from preflight.sandbox.abs.decide import allowed
from preflight.sandbox.abs.operations import Target
from preflight.sandbox.abs.roles import CONTAINERS
from preflight.sandbox.abs.state import Account, Container, State
from preflight.sandbox.abs.wire import RefusedError, blob_headers, blob_refusal
from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.world import World

# Method, `restype` and `comp`: the operation, the actions of which one is enough, and the sub-operation.
_Row = tuple[Callable[[Target], Response], tuple[str, ...], str]
_WRITE = (f"{BLOBS}/write",)
_OF_BLOBS: Mapping[tuple[str, str], _Row] = {
    ("PUT", ""): (operations.put_blob, (f"{BLOBS}/write", f"{BLOBS}/add/action"), ""),
    ("PUT", "block"): (operations.put_block, _WRITE, ""),
    ("PUT", "blocklist"): (operations.put_block_list, _WRITE, ""),
    ("GET", ""): (operations.get_blob, (f"{BLOBS}/read",), ""),
    ("HEAD", ""): (operations.get_blob, (f"{BLOBS}/read",), ""),
    ("DELETE", ""): (operations.delete_blob, (f"{BLOBS}/delete",), ""),
}
_OF_CONTAINERS: Mapping[tuple[str, str], _Row] = {
    ("GET", "list"): (operations.list_blobs, (f"{BLOBS}/read",), "Blob.List"),
    ("GET", ""): (operations.get_container, (f"{CONTAINERS}/read",), ""),
    ("HEAD", ""): (operations.get_container, (f"{CONTAINERS}/read",), ""),
}


class Blobs:
    """Path style: `/account/container/blob`, as SDKs speak to loopback."""

    def __init__(self, world: World, state: State) -> None:
        self._world = world
        self._state = state

    def handle(self, request: Request) -> Response:
        try:
            served = self._serve(request)
        except RefusedError as error:
            return blob_refusal(request, error)
        return Response(served.status, {**blob_headers(), **served.headers}, served.body)

    def refuse(self, request: Request, fault: Fault) -> Response:
        return blob_refusal(request, RefusedError(fault.status, fault.code, fault.message, headers=fault.headers))

    def _serve(self, request: Request) -> Response:
        _, name, *rest = request.path.split("/", 3)
        account = self._account(name, request)
        caller = authenticate(request, account, self._state, self._world.now())
        container, blob = (*rest, "", "")[:2]
        act, actions, suboperation = _row(request, blob)
        self._authorize(account, container, blob, caller, actions, suboperation)
        if account.vault_key and not account.vault_key_found:
            message = "The key vault key is not found to unwrap the encryption key."
            raise RefusedError(403, "KeyVaultEncryptionKeyNotFound", message)
        found = _container(account, container)
        return act(Target(request=request, account=account, container=found, blob=blob, now=self._world.now()))

    def _account(self, name: str, request: Request) -> Account:
        """The account, if it lets anybody in that comes from there, in this way."""
        account = self._state.accounts.get(name)
        if account is None:
            raise RefusedError(404, "ResourceNotFound", "The specified resource does not exist.", front=True)
        if account.https_only and not request.secure:
            raise RefusedError(400, "AccountRequiresHttps", "The account being accessed does not support http.")
        if account.disabled:
            raise RefusedError(403, "AccountIsDisabled", "The specified account is disabled.", front=True)
        if not account.public_network or (account.firewall and request.source not in account.addresses):
            raise RefusedError(403, "AuthorizationFailure", "This request is not authorized to perform this operation.")
        return account

    def _authorize(
        self,
        account: Account,
        container: str,
        blob: str,
        caller: str | None,
        actions: tuple[str, ...],
        suboperation: str,
    ) -> None:
        if caller is None:
            return
        existing = account.containers.get(container)
        exists = existing is not None and blob in existing.blobs

        def may(action: str) -> bool:
            return allowed(
                self._state,
                Attempt(
                    principal=caller,
                    action=action,
                    scope=f"{account.id}/blobServices/default/containers/{container}",
                    now=self._world.now(),
                    data=action.startswith(f"{BLOBS}/"),
                    suboperation=suboperation,
                    container=container,
                    blob=blob,
                ),
            ) or lets(self._state, account, existing, blob, caller, action)

        held = [action for action in actions if may(action)]
        if not held:
            message = "This request is not authorized to perform this operation using this permission."
            raise RefusedError(403, "AuthorizationPermissionMismatch", message)
        if exists and held == [f"{BLOBS}/add/action"]:
            message = "This request is not authorized to perform blob overwrites."
            raise RefusedError(403, "UnauthorizedBlobOverwrite", message)


def _row(request: Request, blob: str) -> _Row:
    query = request.query
    table = _OF_BLOBS if blob else _OF_CONTAINERS if query.get("restype") == "container" else {}
    row = table.get((request.method, query.get("comp", "")))
    if row is None:
        message = "The resource doesn't support specified Http Verb."
        raise RefusedError(405, "UnsupportedHttpVerb", message)
    return row


_GONE = {
    "deleting": (409, "ContainerBeingDeleted", "The specified container is being deleted. Try operation later."),
    "disabled": (409, "ContainerDisabled", "The specified container has been disabled by the administrator."),
}


def _container(account: Account, name: str) -> Container:
    found = account.containers.get(name)
    if found is None:
        raise RefusedError(404, "ContainerNotFound", "The specified container does not exist.")
    if found.state in _GONE:
        raise RefusedError(*_GONE[found.state])
    return found
