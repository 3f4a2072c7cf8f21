"""A command can be given another time of day."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence


def test_clock_is_moved_for_the_command_alone(
    skewed: Callable[[Sequence[str], int], list[str]], environment: dict[str, str]
) -> None:
    """The command believes that it is an hour ago; this process does not."""
    asked = [sys.executable, "-c", "import time; print(time.time())"]
    said = subprocess.run(skewed(asked, -60), env=environment, capture_output=True, text=True, check=True)
    assert -3700 < float(said.stdout) - time.time() < -3500
