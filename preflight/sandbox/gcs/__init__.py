"""Google Cloud Storage and its token endpoint: keys verified, bindings decided, refusals in Google's words."""

from __future__ import annotations

from collections.abc import Mapping

from preflight.sandbox.gcs.api import Api
from preflight.sandbox.gcs.keys import key_file
from preflight.sandbox.gcs.state import State
from preflight.sandbox.gcs.token import Tokens
from preflight.sandbox.world import Service, World


def furnish(world: World) -> Mapping[str, Service]:
    """The services of this world; `preflight.sandbox.gcs.state` says what its document may hold.

    The key file of every account that names a `variable` is left there, for the configuration to name it.
    """
    state = State.read(world.document)
    for account in state.accounts.values():
        if account.variable:
            world.environ[account.variable] = key_file(account)
    world.stored = state.stored
    tokens = Tokens(world, state)
    api = Api(world, state, tokens)
    return {
        "gcs": Service(api.handle, api.refuse),
        "google-token": Service(tokens.handle, tokens.refuse),
    }
