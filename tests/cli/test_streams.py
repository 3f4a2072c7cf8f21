"""What is told, when, and what becomes of a command whose streams are closed, full or left by their reader."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from preflight.sandbox import Fault, Kind, Sandbox
from tests.cli.conftest import Done, Preflight


@dataclass(frozen=True)
class Two:
    """A file with two storages, the first of which never answers when `slow` has its fault."""

    file: Path
    slow: Sandbox
    environ: dict[str, str]

    def hang(self) -> None:
        self.slow.inject(Fault(kind=Kind.HANG, service="s3", seconds=120))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    file = tmp_path / "two.yaml"
    with Sandbox("s3/healthy") as slow, Sandbox("s3/healthy") as quick:
        entries = []
        for name, box in (("slow", slow), ("quick", quick)):
            endpoint = f"      s3_custom_endpoint_url: {box.endpoints['s3']}\n"
            head, _, entry = box.configuration.rstrip("\n").partition("  - name: my-s3\n")
            entries.append(f"  - name: {name}\n{entry}\n{endpoint}")
        file.write_text(head + "".join(entries), encoding="utf-8")
        yield Two(file, slow, {**slow.environ, **quick.environ})


def _events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_storage_is_told_while_another_is_still_asked(two: Two, environment: dict[str, str]) -> None:
    """Whoever reads has the quick storage while the slow one hangs; what comes later is told once, and the end last."""
    two.hang()
    with subprocess.Popen(
        [sys.executable, "-m", "preflight", "check", "-o", "jsonl", "--timeout", "60", str(two.file)],
        env={**environment, **two.environ, "NO_PROXY": "127.0.0.1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)  # had the line come with the end only, this would come too late
        rest = _events(process.stdout.read())

    assert process.returncode == 130
    assert (first["event"], first["storage"]["name"], first["storage"]["verdict"]) == ("storage", "quick", "ready")
    assert [e["storage"]["name"] for e in rest if e["event"] == "storage"] == ["slow"]
    assert rest[-1]["verdict"]["exit_code"] == 130


def test_the_events_of_a_run_are_its_report(two: Two, preflight: Preflight, tmp_path: Path) -> None:
    """On standard output and in a file alike: nothing is told twice, nothing is missing, whatever came first."""
    outputs = ("-o", "jsonl", "-o", f"jsonl={tmp_path / 'events'}", "-o", f"json={tmp_path / 'report'}")
    done = preflight("check", *outputs, str(two.file), env=two.environ)
    whole = json.loads((tmp_path / "report").read_text(encoding="utf-8"))

    assert done.stdout == (tmp_path / "events").read_text(encoding="utf-8")
    events = _events(done.stdout)
    for storage in whole["storages"]:
        about = [e for e in events if (e["storage"] or {}).get("name") == storage["name"]]
        assert [e["outcome"] for e in about if e["event"] == "outcome"] == storage.pop("outcomes")
        assert [e["residue"] for e in about if e["event"] == "residue"] == storage.pop("residue")
        assert [e["storage"] for e in about if e["event"] == "storage"] == [storage]
    assert events[-1]["event"] == "verdict"
    assert events[-1]["verdict"].items() <= whole.items()


def test_a_file_that_was_there_is_replaced(two: Two, preflight: Preflight, tmp_path: Path) -> None:
    """Only what this run writes is appended to."""
    (tmp_path / "events").write_text("of yesterday\n", encoding="utf-8")
    done = preflight("check", "-o", f"jsonl={tmp_path / 'events'}", str(two.file), env=two.environ)

    assert (done.returncode, done.stdout) == (0, "")
    assert _events((tmp_path / "events").read_text(encoding="utf-8"))[-1]["verdict"]["verdict"] == "ready"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="nothing here refuses to be written")
def test_a_place_that_fills_up_costs_the_others_nothing(two: Two, preflight: Preflight) -> None:
    """The run goes on to its end, the report is told on standard error, and exit code 2 says so."""
    done = preflight("check", "-o", "jsonl=/dev/full", "-o", "json", str(two.file), env=two.environ)

    assert done.returncode == 2
    assert json.loads(done.stdout)["verdict"] == "ready"
    assert "/dev/full: cannot be written" in done.stderr
    assert "quick" in done.stderr


Shell = Callable[..., Done]

COMMANDS = {
    "help": ["--help"],
    "version": ["--version"],
    "check": ["check", "f.yaml"],
    "lint": ["lint", "f.yaml"],
    "explain": ["explain", "region-wrong"],
    "explain-error": ["explain", "--error", "AccessDenied"],
    "explain-batch": ["explain", "--batch", "batch"],
    "list": ["list", "checks"],
    "schema": ["schema", "report"],
    "completion": ["completion", "bash"],
    "policy": ["policy", "show", "f.yaml"],
    "clean": ["clean"],
}
READERS = {
    "check": ["check", "-"],
    "lint": ["lint", "-"],
    "explain-error": ["explain", "--error", "-"],
    "explain-batch": ["explain", "--batch", "-"],
    "replay": ["replay", "-"],
    "compare": ["compare", "-", "-"],
    "runbook": ["runbook", "-"],
    "policy": ["policy", "show", "-"],
}


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Shell:
    """Run a command with the redirections of a shell, beside a storage without a key and a line to explain."""
    entry = "{name: a, storage_type: s3, bucket: my-recordings, path: x/, aws_s3: {s3_region: eu-central-1}}"
    (tmp_path / "f.yaml").write_text(f"storages: [{entry}]\n", encoding="utf-8")
    (tmp_path / "batch").write_text('"AccessDenied"\n', encoding="utf-8")

    def run(arguments: list[str], redirection: str, variables: Mapping[str, str] | None = None) -> Done:
        line = f"{shlex.join([sys.executable, '-m', 'preflight', *arguments])} {redirection}"
        return subprocess.run(
            ["/bin/sh", "-c", line],
            env={**environment, "NO_PROXY": "127.0.0.1", **(variables or {})},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("where", "reason"), [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")], ids=str
)
def test_an_output_that_cannot_be_written_is_one_sentence(shell: Shell, name: str, where: str, reason: str) -> None:
    """Every command says so on standard error, and that it could not tell is exit code 2, whatever it found."""
    done = shell(COMMANDS[name], where)

    assert done.returncode == 2
    assert done.stderr.endswith(f"Error: standard output: cannot be written: {reason}\n")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full", "<&-"])
def test_nobody_needs_standard_error_or_an_input_that_is_not_read(shell: Shell, name: str, where: str) -> None:
    """A command does and says the same without them."""
    expected, done = shell(COMMANDS[name], ""), shell(COMMANDS[name], where)

    assert done.returncode == expected.returncode != 4
    assert done.stdout.splitlines()[:3] == expected.stdout.splitlines()[:3] != []


@pytest.mark.parametrize("name", READERS)
def test_an_input_that_cannot_be_read_is_one_sentence(shell: Shell, name: str) -> None:
    """A closed standard input is no empty file."""
    done = shell(READERS[name], "<&-")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("Error: standard input: cannot be read: Bad file descriptor\n")


def test_with_nothing_to_speak_with_the_exit_code_speaks(shell: Shell) -> None:
    """All three streams closed: no crash, and no other file takes their numbers."""
    done = shell(COMMANDS["lint"], "<&- >&- 2>&-")

    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_what_was_written_into_a_bucket_is_told_even_then(two: Two, shell: Shell, where: str) -> None:
    """A test object that stays is told on standard error, where output is lost."""
    done = shell(["check", str(two.file)], where, two.environ)

    assert done.returncode == 2
    assert "left behind: s3://my-recordings/recordings/preflight-test-" in " ".join(done.stderr.split())


def test_a_reader_who_leaves_is_no_error_of_any_command(environment: dict[str, str]) -> None:
    """`| head -1`: exit code 1 means "not ready" and nothing else. Who writes without end stops."""
    reading, writing = os.pipe()
    os.close(reading)
    for arguments in (["list", "causes"], ["explain", "--batch", "/dev/zero"], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-m", "preflight", *arguments],
            env=environment,
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
    os.close(writing)


@pytest.mark.parametrize(("options", "told"), [((), ""), (("-W", "default"), "an SDK's words")])
def test_warnings_of_sdks_are_no_answer(options: tuple[str, ...], told: str) -> None:
    """What a library warns its programmers of reaches nobody who runs the command, unless Python was told to."""
    program = (
        "import contextlib, sys, warnings; from preflight.__main__ import main; sys.argv = ['preflight', '--version']\n"
        "with contextlib.suppress(SystemExit): main()\n"
        'warnings.warn("an SDK\'s words", FutureWarning)'
    )
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    done = subprocess.run(
        [sys.executable, *options, "-c", program], capture_output=True, text=True, env=environ, check=True
    )
    assert told in done.stderr
    assert bool(told) == bool(done.stderr)
