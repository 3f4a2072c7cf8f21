"""preflight answers whether Stream can write recordings into a storage, before it is registered.

As a library: `check(load(["storages.yaml"]), Plan())` gives the report that the command prints.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Plan", "__version__", "check", "load"]

if TYPE_CHECKING:
    from preflight.config import load
    from preflight.run import Plan, check
else:

    def __getattr__(name: str) -> object:
        """The public names, each imported when it is first asked for: `preflight --version` needs none of them."""
        homes = {"Plan": "run", "check": "run", "load": "config"}
        if name not in homes:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{__name__}.{homes[name]}"), name)
