"""POSIX access control lists of hierarchical accounts: asked where no role allows."""

from __future__ import annotations

from preflight.iam.azure.actions import BLOBS
from preflight.sandbox.abs.state import Account, Container, State

_WRITES = {f"{BLOBS}/write", f"{BLOBS}/add/action", f"{BLOBS}/delete"}


def lets(state: State, account: Account, container: Container | None, blob: str, caller: str, action: str) -> bool:
    """Execute on every folder from the root down, and for a change of names write on the last one."""
    if not account.hierarchical or container is None or action not in _WRITES:
        return False
    name = next((one.name for one in state.applications.values() if one.object_id == caller), "")
    parents = blob.split("/")[:-1]
    folders = ["/".join(parents[:depth]) for depth in range(len(parents) + 1)]
    letters = [container.acl.get(folder, {}).get(name, "") for folder in folders]
    return all("x" in held for held in letters) and "w" in letters[-1]
