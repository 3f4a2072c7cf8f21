"""One file with a storage of each type: one run, side by side, one report."""

from __future__ import annotations

from preflight.model import Status, Verdict
from preflight.providers import names
from preflight.run import Plan
from preflight.sandbox import Fault, Kind
from tests.run.conftest import OpenClouds


def test_one_file_with_all_three_is_one_report(open_clouds: OpenClouds) -> None:
    """Each storage is checked in its own cloud, and the one report holds all of them, in the order of the file."""
    clouds = open_clouds()
    report = clouds.examine()

    assert [one.storage.storage_type for one in report.storages] == list(reversed(names()))
    assert {one.verdict for one in report.storages} == {Verdict.READY}
    assert (report.verdict, report.exit_code) == (Verdict.READY, 0)
    assert all(box.world.stored() for box in clouds.boxes.values())


def test_the_same_checks_are_told_for_every_cloud(open_clouds: OpenClouds) -> None:
    """Same checks, same order: what does not apply to a cloud is skipped with its reason, never left out."""
    report = open_clouds().examine()
    told = [[outcome.check for outcome in one.outcomes] for one in report.storages]

    assert all(one == told[0] for one in told)
    skipped = [o for one in report.storages for o in one.outcomes if o.status is Status.SKIP]
    assert all(outcome.reason for outcome in skipped)


def test_one_bad_storage_does_not_hide_the_others(open_clouds: OpenClouds) -> None:
    """A wrong secret in one cloud is that storage's finding; the others are ready all the same."""
    report = open_clouds("s3/wrong-secret").examine()
    verdicts = {one.storage.storage_type: one.verdict for one in report.storages}

    assert verdicts.pop("s3") is Verdict.NOT_READY
    assert set(verdicts.values()) == {Verdict.READY}
    assert (report.verdict, report.exit_code) == (Verdict.NOT_READY, 1)


def test_no_cloud_waits_for_another(open_clouds: OpenClouds) -> None:
    """Side by side: while the first storage hangs until the end of the run, the others come to their verdict."""
    first = names()[-1]
    clouds = open_clouds(timeout=30)
    clouds.boxes[first].inject(Fault(kind=Kind.HANG, service=first, seconds=120))
    report = clouds.examine(Plan(deadline=8))
    verdicts = {one.storage.storage_type: one.verdict for one in report.storages}

    assert verdicts.pop(first) is Verdict.UNDETERMINED
    assert set(verdicts.values()) == {Verdict.READY}
    assert report.exit_code == 3


def test_residue_is_told_by_storage(open_clouds: OpenClouds) -> None:
    """What is left in each cloud stands with its own storage, each with the command of its own tool."""
    report = open_clouds().examine()
    tools = {one.storage.storage_type: {left.delete.split()[0] for left in one.residue} for one in report.storages}

    assert tools == {"abs": {"az"}, "gcs": {"gcloud"}, "s3": {"aws"}}


def test_only_and_skip_hold_for_all(open_clouds: OpenClouds) -> None:
    """`--only` asks what it names and what that waits for; `--skip` leaves out; both are told as reasons."""
    only = open_clouds().examine(Plan(only=frozenset({"write-object"})))
    for one in only.storages:
        status = {outcome.check: outcome for outcome in one.outcomes}
        assert status["write-object"].status is Status.PASS
        assert status["write-multipart"].reason == "not selected by --only"
        assert status["withhold-read"].status is Status.SKIP
    assert only.verdict is Verdict.UNDETERMINED


def test_skipping_an_essential_is_never_ready(open_clouds: OpenClouds) -> None:
    """What was left out was not proven."""
    report = open_clouds().examine(Plan(skip=frozenset({"write-multipart"})))

    assert {one.verdict for one in report.storages} == {Verdict.UNDETERMINED}
    assert report.exit_code == 3
