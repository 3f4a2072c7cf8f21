"""However a run ends, what it may have left is named: in its report, or in its journal."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.command import Ended, ended, run, s3_file, start
from tests.faults.fault import Hang
from tests.faults.proxy import FaultProxy
from tests.servers.radosgw import Radosgw

# The requests of a check with a credential that may do everything: create, create again, open an upload, its part,
# its completion, list, read, delete.
STEPS = range(8)


@dataclass(frozen=True, slots=True)
class Scene:
    """A bucket behind a proxy, and a configuration for it."""

    server: Radosgw
    proxy: FaultProxy
    bucket: str
    file: Path
    environment: dict[str, str]

    def interrupted(self, number: signal.Signals, step: int, *, committed: bool) -> Ended:
        """A check that gets a signal while its request of this number hangs."""
        self.proxy.strike(Hang(committed=committed), skip=step)
        process = start("check", str(self.file), "-o", "json", env=self.environment)
        self.wait_for(process, step, committed=committed)
        process.send_signal(number)
        return ended(process)

    def wait_for(self, process: subprocess.Popen[str], step: int, *, committed: bool) -> None:
        """Until the request has reached the proxy and, if `committed`, was done by the server."""
        deadline = time.monotonic() + 30
        while len(self.proxy.seen) <= step or (committed and len(self.proxy.committed) <= step):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    @property
    def there(self) -> set[str]:
        """What exists, as the bucket's owner sees it."""
        client = self.server.admin.client()
        found = {
            f"s3://{self.bucket}/{o['Key']}" for o in client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        }
        uploads = client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])
        return found | {f"s3://{self.bucket}/{upload['Key']} (upload)" for upload in uploads}

    def clean(self) -> Ended:
        admin = self.server.admin
        operator = {"AWS_ACCESS_KEY_ID": admin.access_key, "AWS_SECRET_ACCESS_KEY": admin.secret}
        return run("clean", env={**self.environment, **operator})


@pytest.fixture
def scene(
    radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy], tmp_path: Path, environment: dict[str, str]
) -> Scene:
    bucket, proxy, admin = radosgw.create_bucket(), fault_proxy(radosgw), radosgw.admin
    file = s3_file(tmp_path, proxy.endpoint, bucket, admin.access_key, admin.secret)
    return Scene(radosgw, proxy, bucket, file, environment)


def named(there: set[str], left: set[str]) -> set[str]:
    """What exists and is not accounted for; an upload is, by the name that it is for."""
    names = {address.partition("?uploadId=")[0] for address in left}
    return {one for one in there if one.removesuffix(" (upload)") not in names}


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_interrupted_at_every_step_the_report_names_what_is_left(scene: Scene, step: int, *, committed: bool) -> None:
    """Ctrl-C: exit code 130, a whole report, everything that exists is in it, and nothing is sure that is not there."""
    done = scene.interrupted(signal.SIGINT, step, committed=committed)
    assert done.code == 130
    assert done.report["exit_code"] == 130
    assert done.report["verdict"] != "ready" or step > 4
    there = scene.there
    assert named(there, done.left) == set()
    sure = {r["address"] for s in done.report["storages"] for r in s["residue"] if r["certain"]}
    assert sure <= there
    assert "Traceback" not in done.err


def test_a_write_that_was_sent_is_not_said_to_be_unasked(scene: Scene) -> None:
    """Interrupted while the answer is awaited, the check is open: it was not judged, and that is all that is known."""
    done = scene.interrupted(signal.SIGINT, 0, committed=True)
    [storage] = done.report["storages"]
    [write] = [outcome for outcome in storage["outcomes"] if outcome["check"] == "write-object"]

    assert len(scene.there) == 1
    assert write["reason"] == "interrupted before it could be judged"


@pytest.mark.parametrize("step", [0, 2, 4])
def test_terminated_is_interrupted(scene: Scene, step: int) -> None:
    """A supervisor's SIGTERM ends as Ctrl-C does."""
    done = scene.interrupted(signal.SIGTERM, step, committed=True)
    assert done.code == 130
    assert named(scene.there, done.left) == set()
    assert done.report["journal"]
    assert Path(done.report["journal"]).exists()


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_every_step_the_journal_names_what_is_left(scene: Scene, step: int, *, committed: bool) -> None:
    """After kill -9, `clean` deletes all that exists with the operator's rights, and the journal goes with it."""
    scene.interrupted(signal.SIGKILL, step, committed=committed)
    scene.proxy.calm()
    before = scene.there
    done = scene.clean()
    assert (done.code, scene.there) == (0, set()), (before, done.out, done.err)
    assert not list(Path(scene.environment["HOME"]).rglob("*.jsonl"))


def test_an_interruption_while_the_report_is_written_loses_nothing(scene: Scene, tmp_path: Path) -> None:
    """A signal that comes too late for the run does not take the report: whoever reads slowly gets it whole."""
    fifo = tmp_path / "report"
    subprocess.run(["mkfifo", str(fifo)], check=True)
    process = start("check", str(scene.file), "-o", f"json={fifo}", env=scene.environment)
    with fifo.open() as reader:  # opened by the command only once the run is over
        process.send_signal(signal.SIGINT)
        text = reader.read()
    done = ended(process)
    assert done.code in {0, 130}  # the signal may come when all is said, and before the process has ended
    assert Ended(0, text, "").report["verdict"] == "ready"


def test_a_calm_run_leaves_no_journal(scene: Scene) -> None:
    """Everything was deleted again, so there is nothing to remember."""
    done = run("check", str(scene.file), "-o", "json", env=scene.environment)
    assert (done.code, done.left, done.report["journal"]) == (0, set(), "")
    assert not list(Path(scene.environment["HOME"]).rglob("*.jsonl"))


def test_the_human_report_says_where_it_is_written_down(scene: Scene) -> None:
    """Whoever interrupts is told what is left, how to delete it, and by which command all of it."""
    scene.proxy.strike(Hang(committed=True), skip=0)
    process = start("check", str(scene.file), env=scene.environment)
    scene.wait_for(process, 0, committed=True)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    (there,) = scene.there
    assert there in done.out
    assert "aws s3api delete-object" in done.out
    assert "preflight clean" in done.out
