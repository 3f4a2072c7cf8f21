"""JSON Lines tell of each storage as soon as nothing more is asked about it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from preflight.sandbox import Fault, Kind, Sandbox
from tests.cli.conftest import Preflight


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
