"""Azure Blob Storage and what stands around it: Entra ID, which grants tokens, and Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Mapping

from preflight.sandbox.abs.arm import Arm
from preflight.sandbox.abs.blobs import Blobs
from preflight.sandbox.abs.entra import Entra
from preflight.sandbox.abs.state import State
from preflight.sandbox.world import Service, World


def furnish(world: World) -> Mapping[str, Service]:
    """The services of this world. `preflight.sandbox.abs.state` says what its document may hold."""
    state = State.read(world.document)
    world.stored = state.stored
    blobs, entra, arm = Blobs(world, state), Entra(world, state), Arm(world, state)
    return {
        "abs": Service(blobs.handle, blobs.refuse),
        "entra": Service(entra.handle, entra.refuse),
        "arm": Service(arm.handle, arm.refuse),
    }
