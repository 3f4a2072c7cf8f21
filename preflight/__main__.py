"""Starts the command line."""

from __future__ import annotations

import gc
import sys
import warnings


def main() -> None:
    """Run `preflight` and leave with its exit code."""
    # A run is short and frees everything by ending; collecting while hundreds of modules load costs a tenth of it.
    gc.disable()
    # What the SDKs warn of is for who programs with them. Said before any thread starts, for filters are shared: an SDK
    # that changes them for a moment while it is imported can take back what another has just added.
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    from preflight.cli import run

    code = run(sys.argv[1:])
    # An interpreter that ends looks through all it holds for cycles, three times: another tenth, for nothing.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
