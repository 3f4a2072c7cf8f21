"""The actions on blobs that count here, and how patterns of actions match."""

from __future__ import annotations

import functools

from preflight.iam.globs import Glob, Wild

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
WRITE = f"{BLOBS}/write"
ADD = f"{BLOBS}/add/action"

OF_LISTS = tuple(f"{BLOBS}/{action}" for action in ("read", "write", "add/action", "delete", "move/action"))
"""What access control lists, of accounts with a hierarchical namespace, can let somebody do."""


def matches(action: str, pattern: str) -> bool:
    """`*` stands for anything, slashes too; there is no other wildcard, and case does not matter."""
    return _pattern(pattern.lower()).matches(action.lower())


@functools.lru_cache(maxsize=512)
def _pattern(text: str) -> Glob:
    first, *others = text.split("*")
    return Glob((first, *(token for part in others for token in (Wild.MANY, part))))
