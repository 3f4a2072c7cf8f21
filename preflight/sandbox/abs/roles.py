"""Role definitions: Azure's own, from the data that policies are judged with, and those of a scenario."""

from __future__ import annotations

from dataclasses import dataclass

from preflight.iam.azure.actions import BLOBS
from preflight.iam.azure.roles import built_in

CONTAINERS = BLOBS.removesuffix("/blobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    name: str
    id: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    built_in: bool = False


def _built_in() -> dict[str, Role]:
    found = {}
    for known in built_in().values():
        for one in known.permissions:
            found[known.role] = Role(
                name=known.role,
                id=known.id,
                actions=one.actions,
                not_actions=one.not_actions,
                data_actions=one.data,
                not_data_actions=one.not_data,
                built_in=True,
            )
    return found


BUILT_IN = _built_in()
