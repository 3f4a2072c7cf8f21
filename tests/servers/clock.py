"""Another time of day for one command, by libfaketime."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.servers.machine import require_apt

LIBRARIES = Path("/usr/lib")


@pytest.fixture(scope="session")
def skewed() -> Callable[[Sequence[str], int], list[str]]:
    """Return `skewed(command, minutes)`: the command that runs `command` with its clock that far ahead.

    Minutes may be negative. Works for CPython and curl, not for static Go programs.
    """
    library = require_apt(_library, "libfaketime")

    def skew(command: Sequence[str], minutes: int) -> list[str]:
        clock = [f"LD_PRELOAD={library}", f"FAKETIME={minutes:+d}m", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
        return ["env", *clock, *command]

    return skew


def _library() -> Path | None:
    return next(LIBRARIES.glob("*/faketime/libfaketime.so.1"), None)
