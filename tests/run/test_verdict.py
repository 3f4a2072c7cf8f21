"""The verdict and the exit code: constructed from what passed, and no crash or interruption hides anything."""

from __future__ import annotations

import io
import signal
import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight import verdict
from preflight.checks import drawer
from preflight.config import load
from preflight.model import Outcome, Severity, Status, Verdict, Waiver
from preflight.run import Plan, check
from preflight.session import Session
from tests.providers.contract.stores import Memory, memory_session

WAIVER = Waiver(check="x", reason="known", expires="2999-01-01")
outcomes = st.lists(
    st.builds(
        Outcome,
        check=st.sampled_from(sorted(drawer())),
        title=st.just("a claim"),
        status=st.sampled_from(Status),
        severity=st.sampled_from(Severity),
        essential=st.booleans(),
        waived=st.none() | st.just(WAIVER),
    ),
    max_size=8,
)


@given(found=outcomes, fail_on=st.sampled_from([Severity.ERROR, Severity.WARNING]))
def test_ready_means_that_all_that_is_essential_passed(found: list[Outcome], fail_on: Severity) -> None:
    """No green by omission, by waiver or by default: and nothing that counts failed."""
    if verdict.of(found, fail_on) is Verdict.READY:
        essential = [outcome for outcome in found if outcome.essential]
        assert essential
        assert all(outcome.status is Status.PASS for outcome in essential)
        assert not [o for o in found if o.status is Status.FAIL and not o.waived and _counts(o, fail_on)]


@given(found=outcomes, fail_on=st.sampled_from([Severity.ERROR, Severity.WARNING]))
def test_not_ready_means_that_something_failed(found: list[Outcome], fail_on: Severity) -> None:
    """A red verdict has a failed outcome that counts; what is open, skipped or waived makes none."""
    failed = [o for o in found if o.status is Status.FAIL and not o.waived and _counts(o, fail_on)]

    assert (verdict.of(found, fail_on) is Verdict.NOT_READY) is bool(failed)


@given(found=outcomes)
def test_asking_for_less_never_turns_green(found: list[Outcome]) -> None:
    """Taking an outcome away from a verdict that is not ready by its essentials does not make it ready."""
    if verdict.of(found) is Verdict.UNDETERMINED:
        fewer = [replace(o, status=Status.SKIP) for o in found]
        assert verdict.of(fewer) is not Verdict.READY


@given(
    verdicts=st.lists(st.sampled_from(Verdict), max_size=5),
    found=outcomes,
    fail_on=st.sampled_from([Severity.ERROR, Severity.WARNING]),
)
def test_what_is_wrong_with_the_file_counts_for_the_run(
    verdicts: list[Verdict], found: list[Outcome], fail_on: Severity
) -> None:
    """However good its storages are, a file with a failure that counts makes no run that is ready."""
    failed = [o for o in found if o.status is Status.FAIL and not o.waived and _counts(o, fail_on)]
    together = verdict.together(verdicts, found, fail_on)

    assert together is (Verdict.NOT_READY if failed else verdict.together(verdicts, [], fail_on))


@given(verdicts=st.lists(st.sampled_from(Verdict), max_size=5))
def test_a_run_is_as_good_as_its_worst_storage(verdicts: list[Verdict]) -> None:
    """One bad storage makes the run bad; a run of none proves nothing."""
    found = verdict.together(verdicts, [], Severity.ERROR)
    if Verdict.NOT_READY in verdicts:
        assert found is Verdict.NOT_READY
    elif not verdicts or Verdict.UNDETERMINED in verdicts:
        assert found is Verdict.UNDETERMINED
    else:
        assert found is Verdict.READY


def _counts(outcome: Outcome, fail_on: Severity) -> bool:
    return outcome.severity is Severity.ERROR or (outcome.severity is Severity.WARNING and fail_on is Severity.WARNING)


def _memory(*_: object) -> Session:
    return memory_session(Memory())


STORAGES = '{"storages": [{"name": "a", "storage_type": "s3"}, {"name": "b", "storage_type": "s3"}]}'


@pytest.mark.parametrize("name", ["identify-writer", "find-bucket", "write-object", "withhold-list"])
def test_a_crash_in_one_check_hides_no_other(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own bug is told as ours with exit 4; every other check still has its outcome, none is green by it."""

    def crash(*_: object) -> Outcome:
        raise ZeroDivisionError("our bug")

    found = drawer()
    monkeypatch.setitem(found, name, replace(found[name], examine=crash))
    report = check(load(["-"], stdin=io.StringIO(STORAGES)), Plan(opener=_memory))

    assert report.exit_code == 4
    assert len(report.storages) == 2
    for storage in report.storages:
        assert [one.check for one in storage.outcomes] == [c.name for c in found.values() if not c.file_wide]
        crashed = [one for one in storage.outcomes if one.crashed]
        assert [one.check for one in crashed] == [name]
        assert "our bug" in crashed[0].message


def test_an_interrupted_run_reports_what_it_left() -> None:
    """Interrupted after the first write: exit 130, what was not reached is told as such, and the residue is there."""
    done, once = threading.Event(), threading.Lock()

    def interrupt(text: str) -> None:
        if "in parts" in text and once.acquire(blocking=False):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            done.wait(10)

    configuration = load(["-"], stdin=io.StringIO(STORAGES.replace(', {"name": "b", "storage_type": "s3"}', "")))
    report = check(configuration, Plan(opener=_memory), interrupt)
    done.set()

    (storage,) = report.storages
    status = {outcome.check: outcome for outcome in storage.outcomes}
    assert report.exit_code == 130
    assert status["write-object"].status is Status.PASS
    assert "interrupted" in status["write-multipart"].reason
    assert len(storage.residue) == 1
    assert report.verdict is Verdict.UNDETERMINED
