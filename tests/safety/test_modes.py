"""Writing nothing, sparing what could never be deleted, and waiting for what passes by itself."""

from __future__ import annotations

import io
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from preflight import run as runs
from preflight.config import Configuration, load
from preflight.model import Outcome, Put, Reach, Report, S3Storage, Secret, Status, Verdict
from preflight.sandbox import Fault, Kind, Sandbox
from tests.faults.command import run, s3_file
from tests.faults.fault import Reset
from tests.faults.proxy import FaultProxy
from tests.servers.moto import Moto, MotoUser
from tests.servers.radosgw import Radosgw, User
from tests.servers.rclone import Rclone


def storage_on(server: Radosgw | Rclone | Moto, endpoint: str, bucket: str, access: tuple[str, str]) -> S3Storage:
    return S3Storage(
        name="main",
        storage_type="s3",
        bucket=bucket,
        path="recordings/",
        region=server.region,
        api_key=Secret(access[0], source="test"),
        secret=Secret(access[1], source="test"),
        endpoint_url=endpoint,
    )


def dry(storage: S3Storage) -> Report:
    return runs.check(Configuration(storages=(storage,)), runs.Plan(reach=Reach(timeout=5), no_residue=True))


def outcome(report: Report, check: str) -> Outcome:
    return next(one for one in report.storages[0].outcomes if one.check == check)


def radosgw_access(user: User) -> tuple[str, str]:
    return user.access_key, user.secret


def test_without_residue_is_authorised_and_not_proven(radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy]) -> None:
    """Nothing was ever stored; the evidence is told as weaker, with its reason, and does not make a storage ready."""
    bucket, proxy = radosgw.create_bucket(), fault_proxy(radosgw)
    report = dry(storage_on(radosgw, proxy.endpoint, bucket, radosgw_access(radosgw.admin)))
    assert report.verdict is Verdict.UNDETERMINED
    for check in ("write-object", "write-multipart"):
        assert outcome(report, check).status is Status.UNKNOWN
        assert "weaker than a write" in outcome(report, check).message
    assert outcome(report, "accept-credential").status is Status.PASS
    assert outcome(report, "find-bucket").status is Status.PASS
    assert report.storages[0].residue == ()
    assert {request.method for request, status in proxy.committed if status < 300} <= {"GET"}
    assert not radosgw.admin.client().list_objects_v2(Bucket=bucket).get("Contents")


def test_without_residue_a_refusal_is_a_refusal(radosgw: Radosgw) -> None:
    """A denied write is found without writing."""
    stranger = radosgw.create_user()
    bucket = radosgw.create_bucket()
    report = dry(storage_on(radosgw, radosgw.endpoint, bucket, radosgw_access(stranger)))
    assert report.verdict is Verdict.NOT_READY
    assert outcome(report, "write-object").status is Status.FAIL


def test_without_residue_nothing_is_asked_about_an_object_that_is_not_there(
    radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy]
) -> None:
    """Deleting a name that is not there would leave a marker in a versioned bucket."""
    proxy = fault_proxy(radosgw)
    report = dry(storage_on(radosgw, proxy.endpoint, radosgw.create_bucket(), radosgw_access(radosgw.admin)))
    assert {request.method for request in proxy.seen} == {"PUT", "GET"}
    for check in ("withhold-read", "withhold-delete", "refuse-overwrite"):
        assert outcome(report, check).status is Status.SKIP
        assert "--no-residue" in outcome(report, check).reason


def test_a_server_that_stores_it_all_the_same_is_found_out(moto: Moto, moto_admin: MotoUser) -> None:
    """A server (moto) that looks at no digest: the object is reported, and that the mode is not available there."""
    bucket = moto.create_bucket(moto_admin)
    report = dry(storage_on(moto, moto.endpoint, bucket, (moto_admin.access_key, moto_admin.secret)))
    assert "--no-residue is not available here" in outcome(report, "write-object").message
    there = {
        f"s3://{bucket}/{o['Key']}" for o in moto_admin.client().list_objects_v2(Bucket=bucket).get("Contents", [])
    }
    assert there <= {residue.address for residue in report.storages[0].residue}


@pytest.mark.parametrize("committed", [False, True])
def test_without_residue_a_lost_answer_hides_nothing(
    radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy], *, committed: bool
) -> None:
    """After a lost answer the name stays in the report, for this server alone is known not to store it."""
    bucket, proxy = radosgw.create_bucket(), fault_proxy(radosgw)
    proxy.strike(Reset(committed=committed), method="PUT", times=1)
    report = dry(storage_on(radosgw, proxy.endpoint, bucket, radosgw_access(radosgw.admin)))
    assert report.verdict is Verdict.UNDETERMINED
    assert not any(residue.certain for residue in report.storages[0].residue)


def locked(radosgw: Radosgw) -> str:
    bucket = radosgw.create_bucket(object_lock=True)
    radosgw.admin.client().put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    )
    return bucket


@pytest.fixture
def locked_file(
    radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy], tmp_path: Path, environment: dict[str, str]
) -> tuple[Path, FaultProxy, dict[str, str]]:
    proxy, admin = fault_proxy(radosgw), radosgw.admin
    file = s3_file(tmp_path, proxy.endpoint, locked(radosgw), admin.access_key, admin.secret)
    return file, proxy, {**environment, "AWS_ACCESS_KEY_ID": admin.access_key, "AWS_SECRET_ACCESS_KEY": admin.secret}


def test_a_locked_bucket_is_spared(locked_file: tuple[Path, FaultProxy, dict[str, str]]) -> None:
    """Where a default retention would keep a test object, none is stored, and the verdict stays open."""
    file, proxy, environment = locked_file
    done = run("check", str(file), "--inspect", "-o", "json", env=environment)
    assert done.code == 3
    assert {request.method for request, status in proxy.committed if status < 300} == {"GET"}
    told = done.outcome("write-object")
    assert told["status"] == "unknown"
    assert "--allow-locked-residue" in told["message"]
    assert done.left == set()


def test_a_locked_bucket_is_written_on_demand(locked_file: tuple[Path, FaultProxy, dict[str, str]]) -> None:
    """With the option the write is tried."""
    file, proxy, environment = locked_file
    run("check", str(file), "--inspect", "--allow-locked-residue", "-o", "json", env=environment)
    assert any(request.method == "PUT" for request in proxy.seen)


def waiting(box: Sandbox, told: list[str], wait: float = 0.0) -> Report:
    configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
    reach = Reach(timeout=5, endpoints=box.endpoints)
    return runs.check(configuration, runs.Plan(reach=reach, notify=told.append, pause=0.01, wait=wait))


def test_what_passes_by_itself_is_waited_for() -> None:
    """A service that is unavailable for a while: the run says what it waits for, and ends ready."""
    told: list[str] = []
    with Sandbox("s3/healthy") as box:
        box.inject(Fault(kind=Kind.REFUSE, service="s3", request="PUT *", times=5, code="ServiceUnavailable"))
        report = waiting(box, told, wait=60)
    assert report.verdict is Verdict.READY
    assert told
    assert all("waiting for service-unavailable" in line for line in told)


DENIED = {  # as each cloud refuses a write whose grant has not arrived
    "s3": ("PUT *", "AccessDenied", "Access Denied"),
    "gcs": (
        "POST *upload*",
        "forbidden",
        "writer@p.iam.gserviceaccount.com does not have storage.objects.create access (or it may not exist).",
    ),
    "abs": (
        "PUT *",
        "AuthorizationPermissionMismatch",
        "This request is not authorized to perform this operation using this permission.",
    ),
}


@pytest.mark.parametrize("cloud", DENIED)
def test_a_grant_on_its_way_is_waited_for(cloud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A denial that ends within the wait was a fresh grant's, and the run ends ready, on every cloud."""
    told: list[str] = []
    request, code, message = DENIED[cloud]
    with Sandbox(f"{cloud}/healthy") as box:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(box.authority))  # Entra ID is asked by TLS only
        box.inject(Fault(kind=Kind.REFUSE, request=request, times=1, status=403, code=code, message=message))
        report = waiting(box, told, wait=60)
    assert report.verdict is Verdict.READY
    assert told


def test_without_wait_nothing_is_repeated() -> None:
    """The same fault ends a run at once."""
    told: list[str] = []
    with Sandbox("s3/healthy") as box:
        box.inject(Fault(kind=Kind.REFUSE, service="s3", request="PUT *", times=5, code="ServiceUnavailable"))
        report = waiting(box, told)
    assert (report.verdict, told) == (Verdict.UNDETERMINED, [])


def test_a_plain_refusal_is_not_waited_for() -> None:
    """What will not pass by itself ends a run at once, however long one would wait."""
    told: list[str] = []
    with Sandbox("s3/wrong-secret") as box:
        report = waiting(box, told, wait=3600)
    assert (report.verdict, told) == (Verdict.NOT_READY, [])


def test_waiting_ends_with_an_interruption() -> None:
    """Whoever interrupts does not wait for the end of the pause, and nothing more is asked."""
    with Sandbox("s3/healthy") as box:
        box.inject(Fault(kind=Kind.REFUSE, service="s3", request="PUT *", code="ServiceUnavailable"))
        asked: list[int] = []
        interrupted = threading.Event()

        def notify(_: str) -> None:
            asked.append(len(box.world.served))
            interrupted.set()

        class Interruptible:
            def __enter__(self) -> None:
                threading.Thread(target=_interrupt, args=(interrupted,)).start()

            def __exit__(self, *_: object) -> None: ...

        configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
        plan = runs.Plan(reach=Reach(timeout=5, endpoints=box.endpoints), wait=3600, pause=3600, notify=notify)
        report = runs.check(configuration, plan, interruptible=Interruptible())
    assert report.exit_code == 130
    assert len(box.world.served) == asked[0]


def _interrupt(when: threading.Event) -> None:
    when.wait(30)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


@pytest.mark.parametrize(("given", "code"), [("5m", 0), ("90", 0), ("1h", 0), ("soon", 2), ("-5", 2), ("1e9", 2)])
def test_a_duration_is_written_as_people_do(
    rclone_s3: Rclone, tmp_path: Path, environment: dict[str, str], given: str, code: int
) -> None:
    """Seconds, minutes or hours; anything else is refused with what is expected."""
    file = s3_file(tmp_path, rclone_s3.endpoint, rclone_s3.create_bucket(), rclone_s3.access_key, rclone_s3.secret)
    done = run("check", str(file), f"--wait={given}", "-o", "json", env=environment)
    assert done.code == code
    assert code == 0 or "is no duration" in done.err


def test_a_dry_write_is_another_ask() -> None:
    """The session never takes the answer to a dry request for that to a real one."""
    assert Put("k", dry=True) != Put("k")
