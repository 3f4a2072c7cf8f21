"""Starts the command line."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run `preflight` and leave with its exit code."""
    # A run is short and frees everything by ending; collecting while hundreds of modules load costs a tenth of it.
    gc.disable()
    from preflight.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
