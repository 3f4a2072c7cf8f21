"""A bounded share of the fuzzed runs whose full numbers `python -m tests.faults.fuzz 10000` prints."""

from __future__ import annotations

from preflight.model import Verdict
from tests.faults.fuzz import fuzz


def test_no_fuzzed_line_makes_it_lie_leak_or_litter() -> None:
    """Nothing overwritten, leaked, unaccounted for or wrongly green, while every verdict is still reached."""
    counts, verdicts = fuzz(250, seed=2026)
    assert not any(counts.values()), counts
    assert set(verdicts) == set(Verdict)
