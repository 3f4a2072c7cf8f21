"""No secret leaves: not in any format, at any verbosity, in a journal, in `ps`, in a crash, or by a server's echo."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from preflight import reports
from tests.faults.command import ended, run, s3_file, start
from tests.faults.fault import Answer, Hang, Reset, redirect
from tests.faults.proxy import FaultProxy
from tests.servers.machine import free_port
from tests.servers.radosgw import Radosgw, User

CANARY = "canaryCANARY0123456789canaryCANARY012345"


@pytest.fixture(scope="module")
def writer(radosgw: Radosgw) -> User:
    """A user whose secret is seen at once wherever it turns up."""
    user = User(radosgw, "canary", "AKIACANARYCANARY0001", CANARY)
    radosgw._add(user)
    return user


@pytest.fixture
def proxy(radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy]) -> FaultProxy:
    return fault_proxy(radosgw)


@pytest.fixture
def file(tmp_path: Path, radosgw: Radosgw, writer: User, proxy: FaultProxy) -> Path:
    bucket = radosgw.create_bucket(owner=writer)
    return s3_file(tmp_path, proxy.endpoint, bucket, writer.access_key, writer.secret)


def clean(text: str) -> bool:
    return CANARY not in text and "AKIACANARYCANARY0001" not in text


@pytest.mark.parametrize("verbosity", ["-q", "-v", "-vv", "-vvv"])
def test_no_verbosity_shows_a_secret(file: Path, environment: dict[str, str], verbosity: str) -> None:
    """What the SDK logs for debugging holds canonical requests and credentials; what we show of it does not."""
    more = [] if verbosity == "-q" else [verbosity]
    done = run("check", str(file), *more, env=environment)
    assert done.code == 0
    assert clean(done.out + done.err)
    assert ('"PUT /' in done.err) == (verbosity in {"-vv", "-vvv"})
    assert ("botocore" in done.err) == (verbosity == "-vvv")


@pytest.mark.parametrize("fault", [None, Reset(committed=True), Answer(status=403, body=CANARY.encode())], ids=str)
@pytest.mark.parametrize("form", reports.formats())
def test_no_format_shows_a_secret(
    file: Path, proxy: FaultProxy, environment: dict[str, str], form: str, fault: Answer | Reset | None
) -> None:
    """Every way to report, of a success, of a lost answer and of a server that repeats our secret."""
    if fault:
        proxy.strike(fault)
    done = run("check", str(file), "-o", form, "-v", env=environment)
    assert done.code in {0, 1, 3}
    assert clean(done.out + done.err)


ECHOES = {
    "error": Answer(
        status=403,
        body=f"<Error><Code>{CANARY}</Code><Message>{CANARY}</Message><Key>{CANARY}</Key></Error>".encode(),
        headers={"Content-Type": "application/xml", "x-amz-request-id": CANARY, "Server": CANARY},
    ),
    "headers of a success": Answer(
        status=200,
        headers={
            "ETag": f'"{CANARY}"',
            "Date": "Sun, 22 Nov 2026 16:00:00 GMT",
            "x-amz-bucket-region": CANARY,
            "x-amz-version-id": CANARY,
            "x-amz-request-id": CANARY,
            "x-amz-server-side-encryption-aws-kms-key-id": CANARY,
        },
    ),
    "upload": Answer(
        status=200,
        body=f"<InitiateMultipartUploadResult><UploadId>{CANARY}</UploadId></InitiateMultipartUploadResult>".encode(),
        headers={"Content-Type": "application/xml"},
    ),
    "redirect": redirect(f"http://127.0.0.1:9/{CANARY}"),
    "broken headers": Answer(status=403, headers={"X": f"{CANARY}\r\n{CANARY}"}),
    "terminal": Answer(
        status=403, body=b"<Error><Code>AccessDenied</Code><Message>\x1b]0;x\x07::error::x</Message></Error>"
    ),
}


@pytest.mark.parametrize("target", ["", "?uploads"])
@pytest.mark.parametrize("echo", ECHOES)
def test_a_server_that_repeats_our_secret_does_not_leak_it(
    file: Path, proxy: FaultProxy, environment: dict[str, str], echo: str, target: str
) -> None:
    """Wherever an answer holds it: code, message, headers, names that we must use again."""
    proxy.strike(ECHOES[echo], target=target)
    done = run("check", str(file), "-o", "json", "-o", "human=/dev/stderr", "-vv", env=environment)
    assert done.code in {0, 1, 3}
    assert clean(done.out + done.err)
    assert "\x1b]0" not in done.out + done.err
    for journal in Path(environment["HOME"]).rglob("*.jsonl"):
        assert clean(journal.read_text())


def test_neither_ps_nor_the_journal_of_a_killed_run_shows_a_secret(
    file: Path, proxy: FaultProxy, environment: dict[str, str]
) -> None:
    """The command line that others see, and the file that a kill leaves."""
    proxy.strike(Hang(committed=True))
    process = start("check", str(file), env=environment)
    while not proxy.committed:
        assert process.poll() is None
    seen = Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
    process.send_signal(signal.SIGKILL)
    ended(process)
    (journal,) = Path(environment["HOME"]).rglob("*.jsonl")
    assert clean(seen.decode() + journal.read_text())


def test_a_bug_of_ours_does_not_show_a_secret(file: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """A crash whose message holds the secret: exit code 4, one line, no traceback, and the way to the journal."""
    (tmp_path / "sitecustomize.py").write_text(
        "import preflight.run as run\n"
        "def bug(self):\n"
        "    raise ValueError(f'{self.session.storage.secret.reveal()} is odd')\n"
        "run._Examination.finish = bug\n"
    )
    root = str(Path(__file__).parents[2])
    done = run("check", str(file), env={**environment, "PYTHONPATH": f"{tmp_path}:{root}"})
    assert done.code == 4
    assert "is odd" in done.err
    assert clean(done.out + done.err)
    assert "Traceback" not in done.err


def test_a_redirect_is_not_followed_with_credentials(
    file: Path, radosgw: Radosgw, fault_proxy: Callable[..., FaultProxy], environment: dict[str, str], proxy: FaultProxy
) -> None:
    """Another host never sees a request of ours, signed or not."""
    elsewhere = fault_proxy(radosgw)
    proxy.strike(redirect(f"{elsewhere.endpoint}/other"))
    done = run("check", str(file), "-o", "json", env=environment)
    assert done.report["verdict"] == "undetermined"
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://169.254.169.254",
        "http://[fd00:ec2::254]",
        "http://metadata.google.internal",
        "http://2852039166",
        "file:///etc/passwd",
        "http://user:pass@127.0.0.1:9",
    ],
)
def test_a_configuration_cannot_send_us_anywhere(tmp_path: Path, environment: dict[str, str], endpoint: str) -> None:
    """Metadata services in any notation, files and addresses with a user are refused before anything is asked."""
    file = s3_file(tmp_path, endpoint, "bucket", "AKIACANARYCANARY0001", CANARY)
    done = run("check", str(file), "-o", "json", "-vv", env=environment)
    assert done.code == 1
    assert done.outcome("shape-endpoint")["status"] == "fail"
    assert "HTTP/1.1" not in done.err
    assert "Starting new" not in done.err
    assert clean(done.out + done.err)
    assert "user:pass" not in done.out + done.err


def test_an_address_of_the_command_line_is_not_repeated_with_its_password(
    file: Path, environment: dict[str, str]
) -> None:
    """A password in `--endpoint` is refused without being shown."""
    done = run("check", str(file), "--endpoint", f"sts=https://u:{CANARY}@h.example", env=environment)
    assert done.code == 2
    assert clean(done.out + done.err)


def test_nothing_listens_is_told_without_the_secret(tmp_path: Path, environment: dict[str, str]) -> None:
    """A connection error's whole chain of causes is shown, and holds no credential."""
    file = s3_file(tmp_path, f"http://127.0.0.1:{free_port()}", "bucket", "AKIACANARYCANARY0001", CANARY)
    done = run("check", str(file), "-o", "json", "-vvv", env=environment)
    assert done.code == 3
    assert clean(done.out + done.err)
    assert json.loads(done.out)["storages"][0]["residue"] == []
