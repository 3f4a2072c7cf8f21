"""Google Cloud Storage and its token endpoint: keys verified, bindings decided, refusals in Google's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from preflight.sandbox.gcs.api import Api
from preflight.sandbox.gcs.keys import key_file
from preflight.sandbox.gcs.state import Account, State
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
        if account.operator:
            world.files["GOOGLE_APPLICATION_CREDENTIALS"] = partial(_operators, world, account)
    world.stored = state.stored
    tokens = Tokens(world, state)
    api = Api(world, state, tokens)
    return {
        "gcs": Service(api.handle, api.refuse),
        "google-token": Service(tokens.handle, tokens.refuse),
    }


def _operators(world: World, account: Account) -> str:
    """The library that finds the operator's credentials takes the token endpoint from their file, and only there."""
    return key_file(replace(account, file={**account.file, "token_uri": f"{world.endpoints['google-token']}/token"}))
