"""The least actions that each ask needs, in the words of Azure RBAC.

Source: Storage REST reference, "Authorize with Microsoft Entra ID", table of permissions. A blob of a new name needs
`add/action` or `write`; blocks need `write` always.
"""

from __future__ import annotations

from preflight.model import AbsStorage, Ask, Delete, Get, List, Permission, Put, PutParts, Read, Setting, WhoAmI

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
ADD = f"{_CONTAINERS}/blobs/add/action"
WRITE = f"{_CONTAINERS}/blobs/write"
READ = f"{_CONTAINERS}/blobs/read"
DELETE = f"{_CONTAINERS}/blobs/delete"

LIST = "Blob.List"
"""The suboperation of reading by which conditions tell a listing from a read."""

LIST_KEYS = "Microsoft.Storage/storageAccounts/listKeys/action"
"""The control action that gives the account's keys."""

_OF_ACCOUNT = "Microsoft.Storage/storageAccounts/read"
_ROLES = tuple(
    f"Microsoft.Authorization/{kind}/read" for kind in ("roleAssignments", "roleDefinitions", "denyAssignments")
)

SETTINGS = {
    Setting.POLICY: _ROLES,
    Setting.ENCRYPTION: (_OF_ACCOUNT,),
    Setting.RETENTION: (_OF_ACCOUNT, f"{_CONTAINERS}/read"),
    Setting.PUBLIC_ACCESS: (_OF_ACCOUNT, f"{_CONTAINERS}/read"),
    Setting.LOCATION: (_OF_ACCOUNT,),
    Setting.VERSIONING: ("Microsoft.Storage/storageAccounts/blobServices/read",),
    Setting.NETWORK: (_OF_ACCOUNT,),
    Setting.ACCOUNT: (_OF_ACCOUNT,),
}
"""The settings that Azure offers, each with the control actions that reading it takes."""


def permissions(ask: Ask, storage: AbsStorage) -> tuple[Permission, ...]:
    match ask:
        case Put():
            actions: tuple[str, ...] = (ADD,)
        case PutParts():
            actions = (WRITE,)
        case Get() | List():
            actions = (READ,)
        case Delete():
            actions = (DELETE,)
        case Read():
            actions = SETTINGS.get(ask.setting, ())
        case WhoAmI():
            actions = ()
    return tuple(Permission(action, container(storage)) for action in actions)


def container(storage: AbsStorage) -> str:
    """The container as the end of its resource id; subscription and group are not in the configuration."""
    account = f"Microsoft.Storage/storageAccounts/{storage.account_name}"
    return f"{account}/blobServices/default/containers/{storage.bucket}"
