"""What this machine may do to a run: a closed output, a full disk, a home that cannot be written, a wrong clock."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults.command import PREFLIGHT, ROOT, Ended, ended, run, s3_file, start
from tests.faults.fault import Garble, Reset
from tests.faults.proxy import FaultProxy
from tests.servers.radosgw import Radosgw
from tests.servers.rclone import Rclone


@pytest.fixture
def file(tmp_path: Path, rclone_s3: Rclone) -> Path:
    return s3_file(tmp_path, rclone_s3.endpoint, rclone_s3.create_bucket(), rclone_s3.access_key, rclone_s3.secret)


def test_a_reader_that_leaves_does_not_change_the_verdict(file: Path, environment: dict[str, str]) -> None:
    """`preflight check | head`: no traceback, the exit code of the run, and the other outputs are still written."""
    other = file.with_name("report.json")
    process = start("check", str(file), "-o", "human", "-o", f"json={other}", env=environment)
    assert process.stdout
    process.stdout.close()
    process.stdout = None
    done = ended(process)
    assert done.code == json.loads(other.read_text())["exit_code"]
    assert "Traceback" not in done.err
    assert "BrokenPipe" not in done.err


@pytest.mark.parametrize("closed", ["file", "standard output"])
def test_a_full_disk_loses_no_report(file: Path, environment: dict[str, str], closed: str) -> None:
    """What cannot be written is said with its reason, exit code 2, and the report is told on standard error."""
    with Path("/dev/full").open("w") as full:
        where = ["-o", "json=/dev/full"] if closed == "file" else ["-o", "json"]
        options = {} if closed == "file" else {"stdout": full}
        done = run("check", str(file), *where, env=environment, **options)
    assert done.code == 2
    assert "cannot be written: No space left on device" in done.err
    assert "left behind" in done.err
    assert "Traceback" not in done.err


def test_a_home_that_cannot_be_written_stops_no_check(file: Path, environment: dict[str, str]) -> None:
    """The check goes on, and its report says that no journal was kept, and why."""
    done = run("check", str(file), "-o", "json", env={**environment, "XDG_STATE_HOME": "/proc/nothing"})
    assert done.code == 0
    assert any("no journal" in assumed for assumed in done.report["storages"][0]["assumptions"])


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_wrong_clock_is_this_machines_fault(
    radosgw: Radosgw,
    tmp_path: Path,
    environment: dict[str, str],
    skewed: Callable[[Sequence[str], int], list[str]],
    minutes: int,
) -> None:
    """Twenty minutes off: told as such, undetermined, and nothing is left."""
    admin = radosgw.admin
    file = s3_file(tmp_path, radosgw.endpoint, radosgw.create_bucket(), admin.access_key, admin.secret)
    command = skewed([*PREFLIGHT, "check", str(file), "-o", "json"], minutes)
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    done = Ended(found.returncode, found.stdout, found.stderr)
    assert (done.code, done.left) == (3, set())
    told = [c["cause"] for c in done.outcome("keep-clock")["candidates"]]
    assert told[:1] == ["clock-skew"], done.out


def test_a_name_that_does_not_resolve(tmp_path: Path, environment: dict[str, str]) -> None:
    """No look-up, no request, no residue, and no crash."""
    file = s3_file(tmp_path, "https://storage.invalid", "bucket", "AKIAXXXXXXXXXXXXXXXX", "s" * 40)
    done = run("check", str(file), "-o", "json", env=environment)
    assert done.code in {1, 3}
    assert done.left == set()
    causes = [c["cause"] for c in done.outcome("reach-endpoint")["candidates"]]
    assert "dns-failed" in causes


@pytest.mark.parametrize("fault", [Garble(), Reset(), Reset(committed=True)], ids=str)
def test_tls_that_breaks_in_the_middle(
    radosgw: Radosgw,
    fault_proxy: Callable[..., FaultProxy],
    tmp_path: Path,
    environment: dict[str, str],
    fault: Garble | Reset,
) -> None:
    """A cut inside TLS comes after the request: the object may exist, and is named until it is known not to."""
    proxy, bucket, admin = fault_proxy(radosgw, tls=True), radosgw.create_bucket(), radosgw.admin
    proxy.strike(fault)
    file = s3_file(tmp_path, proxy.endpoint, bucket, admin.access_key, admin.secret)
    done = run("check", str(file), "-o", "json", env={**environment, "AWS_CA_BUNDLE": str(radosgw.ca)})
    assert done.report["verdict"] == "undetermined"
    there = {f"s3://{bucket}/{o['Key']}" for o in admin.client().list_objects_v2(Bucket=bucket).get("Contents", [])}
    assert there <= done.left
    assert done.left
