"""Role definitions: the built-in ones that matter to blobs, with their real ids (built-in roles page, 2026-07)."""

from __future__ import annotations

from dataclasses import dataclass

_STORAGE = "Microsoft.Storage/storageAccounts"
CONTAINERS = f"{_STORAGE}/blobServices/containers"
BLOBS = f"{CONTAINERS}/blobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    name: str
    id: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    built_in: bool = False


def _built_in(name: str, number: str, *actions: str, data: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Role:
    return Role(name=name, id=number, actions=actions, not_actions=no, data_actions=data, built_in=True)


_CONTRIBUTES = (f"{CONTAINERS}/delete", f"{CONTAINERS}/read", f"{CONTAINERS}/write")
_DELEGATES = f"{_STORAGE}/blobServices/generateUserDelegationKey/action"
_ADMINISTERS = (
    "Microsoft.Authorization/*/Delete",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/elevateAccess/Action",
)

BUILT_IN = {
    role.name: role
    for role in (
        _built_in("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "*"),
        _built_in("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", "*", no=_ADMINISTERS),
        _built_in("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", "*/read"),
        _built_in(
            "Storage Account Contributor",
            "17d1049b-9a84-46fb-8f53-869881c3d3ab",
            f"{_STORAGE}/*",
            "Microsoft.Authorization/*/read",
        ),
        _built_in(
            "Storage Blob Data Contributor",
            "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
            *_CONTRIBUTES,
            _DELEGATES,
            data=tuple(f"{BLOBS}/{verb}" for verb in ("delete", "read", "write", "move/action", "add/action")),
        ),
        _built_in(
            "Storage Blob Data Owner",
            "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
            f"{CONTAINERS}/*",
            _DELEGATES,
            data=(f"{BLOBS}/*",),
        ),
        _built_in(
            "Storage Blob Data Reader",
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            f"{CONTAINERS}/read",
            _DELEGATES,
            data=(f"{BLOBS}/read",),
        ),
    )
}
