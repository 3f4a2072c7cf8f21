"""What nobody needs to write recordings: rights that give keys away, or change the account, the container or blobs.

Source: Azure RBAC documentation, "Azure permissions for Storage"; what reads, lists and deletes blobs is asked apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from preflight.iam.azure.weighing import Request
from preflight.iam.decision import Decision
from preflight.providers.abs.actions import LIST_KEYS

_ACCOUNT = "Microsoft.Storage/storageAccounts"
_CONTAINERS = f"{_ACCOUNT}/blobServices/containers"
_BLOBS = f"{_CONTAINERS}/blobs"

OF_KEYS = (
    LIST_KEYS,
    f"{_ACCOUNT}/regenerateKey/action",
    f"{_ACCOUNT}/listAccountSas/action",
    f"{_ACCOUNT}/listServiceSas/action",
)
"""Each gives what opens the account to anybody who has it, while the account takes keys."""

OF_ACCOUNT = (
    f"{_ACCOUNT}/write",
    f"{_ACCOUNT}/delete",
    f"{_ACCOUNT}/blobServices/write",
    f"{_ACCOUNT}/managementPolicies/write",
)

OF_CONTAINER = (
    f"{_CONTAINERS}/write",
    f"{_CONTAINERS}/delete",
    f"{_CONTAINERS}/clearLegalHold/action",
    f"{_CONTAINERS}/immutabilityPolicies/write",
    f"{_CONTAINERS}/immutabilityPolicies/delete",
    "Microsoft.Authorization/roleAssignments/write",
)

OF_BLOBS = (
    f"{_BLOBS}/tags/write",
    f"{_BLOBS}/deleteBlobVersion/action",
    f"{_BLOBS}/permanentDelete/action",
    f"{_BLOBS}/manageOwnership/action",
    f"{_BLOBS}/modifyPermissions/action",
    f"{_BLOBS}/immutableStorage/runAsSuperUser/action",
)


def by_key(request: Request) -> Request:
    """The same writer's request for the account's keys, by which everything can be read, listed and deleted."""
    return _of_account(request, LIST_KEYS)


def requests(writing: Request, *, keyed: bool) -> Iterator[Request]:
    """The writer's requests for each of these rights. `keyed`: the account takes keys."""
    for action in (*(OF_KEYS if keyed else ()), *OF_ACCOUNT):
        yield _of_account(writing, action)
    for action in OF_CONTAINER:
        yield replace(writing, actions=(action,), control=True)
    for action in OF_BLOBS:
        yield replace(writing, actions=(action,))


def held(decisions: Mapping[str, Decision]) -> dict[str, list[str]]:
    """Facts: the rights that are held `beyond` writing, and those that may be (`beyond_open`)."""
    granted = [action for action, decision in decisions.items() if decision.allowed is not None]
    left_open = [action for action, one in decisions.items() if one.undecided is not None and action not in granted]
    return {"beyond": granted, "beyond_open": left_open}


def _of_account(request: Request, action: str) -> Request:
    return replace(request, actions=(action,), target=request.target.home, control=True)
