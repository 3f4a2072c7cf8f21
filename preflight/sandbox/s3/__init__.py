"""Amazon S3 and what stands around it: STS, and the keys and identities that it decides by."""

from __future__ import annotations

from collections.abc import Mapping

from preflight.sandbox.s3.door import Door
from preflight.sandbox.s3.state import State
from preflight.sandbox.s3.sts import sts
from preflight.sandbox.world import Service, World


def furnish(world: World) -> Mapping[str, Service]:
    """The services of this world. `preflight.sandbox.s3.state` says what its document may hold."""
    state = State.read(world.document)
    door = Door(world, state)
    services = {"s3": Service(door.handle, door.refuse)}
    return services | {"sts": sts(world, state)} if state.aws else services
