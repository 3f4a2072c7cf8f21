"""Times whole commands by the operating system's own accounting, one after the other in turn."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Sequence

ROUNDS = 9


def cpu(command: Sequence[str]) -> float:
    """User and system seconds of one run, which must succeed."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def compare(name: str, ours: Sequence[str], bare: Sequence[str], rounds: int = ROUNDS) -> float:
    """Print and return the median ratio of CPU over pairs of runs; the first pair warms up and is not counted."""
    pairs = [(cpu(ours), cpu(bare)) for _ in range(rounds + 1)][1:]
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name}: {mine:.3f} s, bare script {theirs:.3f} s, ratio {ratio:.2f} (median of {rounds} pairs, CPU)")  # noqa: T201 - a benchmark prints
    return ratio
