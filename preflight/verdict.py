"""The verdict: constructed from what passed, never from the absence of bad news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from preflight.model import Outcome, Severity, Status, StorageReport, Verdict

CRASHED = 4
INTERRUPTED = 130
_EXIT_CODES = {Verdict.READY: 0, Verdict.NOT_READY: 1, Verdict.UNDETERMINED: 3}
_ORDER = [Severity.NOTE, Severity.WARNING, Severity.ERROR]


def of(outcomes: Iterable[Outcome], fail_on: Severity = Severity.ERROR) -> Verdict:
    """The verdict on one storage: ready if every essential claim passed and nothing that counts failed.

    What is waived does not count against it, and stands for no pass either.
    """
    found = tuple(outcomes)
    if any(fails(outcome, fail_on) for outcome in found):
        return Verdict.NOT_READY
    essential = [outcome for outcome in found if outcome.essential]
    if essential and all(outcome.status is Status.PASS for outcome in essential):
        return Verdict.READY
    return Verdict.UNDETERMINED


def offline(outcomes: Iterable[Outcome], fail_on: Severity = Severity.ERROR) -> Verdict:
    """Offline, `ready` means that the configuration rules found nothing; the report says what was judged."""
    return Verdict.NOT_READY if any(fails(outcome, fail_on) for outcome in outcomes) else Verdict.READY


def together(verdicts: Sequence[Verdict], file_wide: Sequence[Outcome], fail_on: Severity) -> Verdict:
    """The verdict on a whole run: ready only if every storage is, and nothing is wrong with the file."""
    if Verdict.NOT_READY in verdicts or any(fails(outcome, fail_on) for outcome in file_wide):
        return Verdict.NOT_READY
    if verdicts and all(one is Verdict.READY for one in verdicts):
        return Verdict.READY
    return Verdict.UNDETERMINED


def fails(outcome: Outcome, fail_on: Severity) -> bool:
    """Whether an outcome counts against its storage."""
    counts = outcome.waived is None and _ORDER.index(outcome.severity) >= _ORDER.index(fail_on)
    return counts and outcome.status is Status.FAIL


def exit_code(verdict: Verdict, storages: Iterable[StorageReport]) -> int:
    """The exit code of a run, the same in every format."""
    if any(outcome.crashed for one in storages for outcome in one.outcomes):
        return CRASHED
    return _EXIT_CODES[verdict]
