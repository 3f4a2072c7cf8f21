"""The whole job against Ceph's gateway: a healthy storage is ready; break one thing, and get the one right cause."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from preflight.model import Status, Verdict
from preflight.run import Plan
from tests.check.conftest import Customer, Examine, findings, outcome
from tests.servers.radosgw import Radosgw


def test_a_healthy_storage_is_ready(customer: Customer, examine: Examine) -> None:
    """A write-only credential that can write, singly and in parts, is all that Stream needs."""
    report = examine(customer.storage())

    assert (report.verdict, report.exit_code, findings(report)) == (Verdict.READY, 0, [])


def test_what_is_left_behind_is_what_is_in_the_bucket(customer: Customer, examine: Examine) -> None:
    """A write-only credential cannot clean up: the report names exactly what stayed, and how to delete it."""
    report = examine(customer.storage())
    left = {residue.address.removeprefix(f"s3://{customer.bucket}/") for residue in report.storages[0].residue}

    assert left == customer.keys() != set()
    assert all(customer.bucket in residue.delete for residue in report.storages[0].residue)


@pytest.mark.parametrize(
    ("changes", "expected", "exit_code"),
    [
        ({"s3_secret": "w" * 40}, ("accept-credential", "secret-wrong"), 1),
        ({"s3_api_key": "AKNOBODYNOBODYNOBODY"}, ("accept-credential", "credential-unknown"), 1),
        ({"bucket": "no-such-bucket-anywhere"}, ("find-bucket", "bucket-missing"), 1),
        ({"path": "elsewhere/"}, ("write-object", "access-denied"), 1),
        ({"s3_custom_endpoint_url": "http://127.0.0.1:9"}, ("reach-endpoint", "connection-failed"), 3),
        ({"s3_region": "us_east_1"}, ("match-region", "region-wrong"), 1),
        ({"bucket": "Recordings/prefix"}, ("shape-bucket", "bucket-name-invalid"), 1),
        ({"s3_secret": ""}, ("complete-fields", "credential-missing"), 1),
    ],
)
def test_one_broken_thing_gives_the_one_right_cause(
    customer: Customer, examine: Examine, changes: dict[str, Any], expected: tuple[str, str], exit_code: int
) -> None:
    """Secret, key, bucket, prefix, endpoint, region, name, field: each its own check and cause, nothing besides."""
    report = examine(customer.storage(**changes))

    assert (findings(report), report.exit_code) == ([expected], exit_code)
    assert customer.keys() == set()


def test_a_host_that_does_not_resolve_is_named(customer: Customer, examine: Examine) -> None:
    """A custom endpoint whose host has no address says so, rather than a general connection failure."""
    report = examine(customer.storage(s3_custom_endpoint_url="https://storage.invalid"))
    causes = {candidate.cause for candidate in outcome(report, "reach-endpoint").candidates}

    assert report.verdict is not Verdict.READY
    assert causes & {"dns-failed", "endpoint-wrong"}
    assert outcome(report, "reach-endpoint").candidates[0].cause in {"dns-failed", "endpoint-wrong"}


def test_a_reader_is_warned_of(radosgw: Radosgw, customer: Customer, examine: Examine) -> None:
    """The bucket's owner can write, and far more than that: ready, with warnings for each right too many."""
    owner = radosgw.admin
    report = examine(customer.storage(s3_api_key=owner.access_key, s3_secret=owner.secret))
    warned = {
        o.check for o in report.storages[0].outcomes if o.status is Status.FAIL and o.check.startswith("withhold-")
    }

    assert report.verdict is Verdict.READY
    assert warned == {"withhold-read", "withhold-list", "withhold-delete"}


def test_a_writer_that_may_delete_leaves_nothing(radosgw: Radosgw, customer: Customer, examine: Examine) -> None:
    """Where the test object can be deleted, it is, and the report says that nothing is left."""
    owner = radosgw.admin
    report = examine(customer.storage(s3_api_key=owner.access_key, s3_secret=owner.secret))

    assert (report.storages[0].residue, customer.keys()) == ((), set())


def test_a_locked_bucket_is_written_to(radosgw: Radosgw, customer: Customer, examine: Examine) -> None:
    """Object lock alone does not keep Stream from creating objects."""
    owner = radosgw.admin
    bucket = radosgw.create_bucket(object_lock=True)
    report = examine(customer.storage(bucket=bucket, s3_api_key=owner.access_key, s3_secret=owner.secret))

    assert outcome(report, "write-object").status is Status.PASS


def test_the_warnings_fail_where_one_asks_for_it(radosgw: Radosgw, customer: Customer, examine: Examine) -> None:
    """`--fail-on warning` makes an over-grant a reason not to register."""
    from preflight.model import Severity

    owner = radosgw.admin
    plan = Plan(fail_on=Severity.WARNING)
    report = examine(customer.storage(s3_api_key=owner.access_key, s3_secret=owner.secret), plan=plan)

    assert (report.verdict, report.exit_code) == (Verdict.NOT_READY, 1)


def test_a_left_out_essential_is_never_ready(customer: Customer, examine: Examine) -> None:
    """Skipping the write in parts leaves the verdict open: green by omission does not exist."""
    report = examine(customer.storage(), plan=Plan(skip=frozenset({"write-multipart"})))

    assert (report.verdict, report.exit_code) == (Verdict.UNDETERMINED, 3)


def test_the_keyless_storage_is_undetermined(examine: Examine) -> None:
    """Without a key only Stream's account can try the write: said plainly, and never green."""
    report = examine(
        {"name": "k", "storage_type": "s3", "bucket": "b-ucket", "path": "r/", "aws_s3": {"s3_region": "eu-west-1"}}
    )

    assert (report.verdict, report.exit_code) == (Verdict.UNDETERMINED, 3)
    assert "Stream" in outcome(report, "write-object").message


def test_a_private_authority_is_trusted_through_the_environment(
    radosgw_tls: Radosgw, customer: Customer, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS with a private authority works when the operator says so, as for every AWS tool."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(radosgw_tls.ca))
    report = examine(customer.storage(s3_custom_endpoint_url=radosgw_tls.endpoint))

    assert (report.verdict, findings(report)) == (Verdict.READY, [])


def test_an_unknown_authority_is_a_tls_failure(radosgw_tls: Radosgw, customer: Customer, examine: Examine) -> None:
    """A certificate that nobody vouches for is told as such, and proves nothing about the storage."""
    report = examine(customer.storage(s3_custom_endpoint_url=radosgw_tls.endpoint))

    assert (findings(report), report.exit_code) == ([("reach-endpoint", "tls-failed")], 3)


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_wrong_clock_is_told_from_a_wrong_secret(
    customer: Customer, skewed: Any, minutes: int, environment: Any
) -> None:
    """Twenty minutes off, the storage stays undetermined: the clock is ours."""
    command = skewed([sys.executable, "-m", "preflight", "check", "-", "-o", "json"], minutes)
    done = subprocess.run(
        command, input=json.dumps(customer.storage()), capture_output=True, text=True, check=False, env=environment
    )
    outcomes = json.loads(done.stdout)["storages"][0]["outcomes"]
    found = [o for o in outcomes if o["status"] in {"fail", "unknown"} and o["severity"] == "error"]

    assert [(one["check"], one["candidates"][0]["cause"]) for one in found] == [("keep-clock", "clock-skew")]
    assert done.returncode == 3


@pytest.mark.parametrize("verbosity", ["", "-v", "-vv"])
@pytest.mark.parametrize("broken", ["", "s3_secret"])
def test_no_secret_is_printed(customer: Customer, environment: Any, verbosity: str, broken: str) -> None:
    """Neither a good nor a wrong secret shows up anywhere, however much one asks to see."""
    secret = "cAnArYcAnArYcAnArYcAnArYcAnArYcAnArY1234"
    payload = customer.storage(**({broken: secret} if broken else {}))
    command = [sys.executable, "-m", "preflight", "check", "-", *filter(None, [verbosity])]
    done = subprocess.run(
        command, input=json.dumps(payload), capture_output=True, text=True, check=False, env=environment
    )

    assert payload["aws_s3"]["s3_secret"] not in done.stdout + done.stderr
    assert payload["aws_s3"]["s3_api_key"] not in done.stdout + done.stderr
