"""Amazon S3 and what stands around it: who calls (STS), what they hold (IAM), which keys there are (KMS)."""

from __future__ import annotations

from collections.abc import Mapping

from preflight.sandbox.s3.door import Door
from preflight.sandbox.s3.iam import iam
from preflight.sandbox.s3.kms import kms
from preflight.sandbox.s3.state import State
from preflight.sandbox.s3.sts import sts
from preflight.sandbox.world import Service, World


def furnish(world: World) -> Mapping[str, Service]:
    """The services of this world. `preflight.sandbox.s3.state` says what its document may hold."""
    state = State.read(world.document)
    world.stored = state.stored
    door = Door(world, state)
    services = {"s3": Service(door.handle, door.refuse)}
    if state.aws:
        services |= {"sts": sts(world, state), "iam": iam(world, state), "kms": kms(world, state)}
    return services
