"""Starts the command line."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run `preflight` and leave with its exit code."""
    # A run is short and frees everything by ending; collecting while hundreds of modules load costs a tenth of it.
    gc.disable()
    from preflight.cli import run

    code = run(sys.argv[1:])
    # An interpreter that ends looks through all it holds for cycles, three times: another tenth, for nothing.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
