"""Times whole commands by the operating system's own accounting, one after the other in turn."""

from __future__ import annotations

import compileall
import resource
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path

import preflight
from preflight.sandbox import Sandbox

ROUNDS = 9


def cpu(command: Sequence[str]) -> float:
    """User and system seconds of one run, which must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(name: str, ours: Sequence[str], bare: Sequence[str], rounds: int = ROUNDS) -> float:
    """Print and return the median ratio of CPU over pairs of runs; the first pair warms up and is not counted."""
    compileall.compile_dir(Path(preflight.__file__).parent, quiet=1)  # as an installation does, for the SDKs too
    pairs = [(cpu(ours), cpu(bare)) for _ in range(rounds + 1)][1:]
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name}: {mine:.3f} s, bare script {theirs:.3f} s, ratio {ratio:.2f} (median of {rounds} pairs, CPU)")  # noqa: T201 - a benchmark prints
    return ratio


def endpoints(box: Sandbox) -> list[str]:
    """The options that point the command at a sandbox."""
    return [word for name, url in box.endpoints.items() for word in ("--endpoint", f"{name}={url}")]
