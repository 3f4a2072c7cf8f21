"""Input that is a bomb, a flood or no text at all is refused with one sentence, in bounded memory and time."""

from __future__ import annotations

import os
import resource
import subprocess
from pathlib import Path
from typing import Any

import pytest

from preflight.sandbox import Fault, Kind
from tests.faults.command import PREFLIGHT, ROOT
from tests.safety.conftest import Clouds

MEMORY = 1 << 30  # bytes of address space; an ordinary run takes a third of it
SECONDS = 60
HUGE = 64 << 20

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
INPUTS = {
    "bomb of aliases": BOMB.encode(),
    "merged bomb": BOMB.replace("a: &a [x", "a: &a [{<<: *z}, x").encode(),
    "deep YAML": b"[" * 100_000,
    "deep YAML blocks": b"\n".join(b" " * depth + b"a:" for depth in range(1000)),
    "deep JSON": b'{"a":' * 100_000,
    "deep TOML": b"a = " + b"[" * 100_000,
    "deep TOML keys": b"a." * 100_000 + b"b = 1",
    "huge": b'{"storages": "' + b"x" * HUGE + b'"}',
    "binary": bytes(range(256)) * 1000,
    "zip": b"PK\x03\x04" + b"\xff\x00" * 1000,
    "UTF-16": "storages:\n".encode("utf-16"),
    "empty": b"",
    "nothing but comments": b"#\n" * 400_000,
    "a million documents": b"---\n" * 250_000,
    "a million keys": b"".join(b"k%d: 1\n" % number for number in range(80_000)),
}


def _narrow() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def bounded(
    *arguments: str, env: dict[str, str], given: bytes | None = None, stdin: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A command with little memory and little time."""
    source: dict[str, Any] = {"input": given} if stdin is None else {"stdin": stdin}
    return subprocess.run(
        [*PREFLIGHT, *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        preexec_fn=_narrow,
        timeout=SECONDS,
        check=False,
        **source,
    )


def refused(done: subprocess.CompletedProcess[bytes], code: int = 2) -> bool:
    """Whether it ended so, with a sentence or two and no traceback."""
    said = done.stderr.decode()
    assert done.returncode == code, said[-2000:]
    assert "Traceback" not in said
    assert "bug" not in said
    assert len(said) < 1000
    return True


@pytest.mark.parametrize("name", INPUTS)
def test_lint_refuses_it(environment: dict[str, str], name: str) -> None:
    """As a configuration on standard input."""
    done = bounded("lint", "-", env=environment, given=INPUTS[name])

    assert refused(done)
    assert done.stderr.count(b"\n") <= 4


@pytest.mark.parametrize("name", ["bomb of aliases", "deep JSON", "huge", "binary"])
@pytest.mark.parametrize(
    "command",
    [
        ("check", "FILE"),
        ("policy", "show", "FILE"),
        ("replay", "FILE"),
        ("runbook", "FILE"),
        ("compare", "FILE", "FILE"),
    ],
    ids=" ".join,
)
def test_every_reader_of_files_refuses_it(
    environment: dict[str, str], tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    """As a file, whoever reads it."""
    file = tmp_path / "input"
    file.write_bytes(INPUTS[name])

    assert refused(bounded(*(str(file) if word == "FILE" else word for word in command), env=environment))


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
@pytest.mark.parametrize(
    "command",
    [
        ("lint", "-"),
        ("check", "-"),
        ("replay", "-"),
        ("runbook", "-"),
        ("compare", "-", "-"),
        ("explain", "--error", "-"),
    ],
    ids=" ".join,
)
def test_a_stream_without_end_is_refused(environment: dict[str, str], command: tuple[str, ...], device: str) -> None:
    """As standard input: not more of it is read than is looked at."""
    with Path(device).open("rb") as endless:
        done = bounded(*command, env=environment, stdin=endless.fileno())

    assert refused(done)


@pytest.mark.parametrize("name", ["bomb of aliases", "deep JSON", "huge", "binary"])
def test_a_batch_answers_each_line_all_the_same(environment: dict[str, str], tmp_path: Path, name: str) -> None:
    """A line that is none is answered with what is wrong with it."""
    file = tmp_path / "input"
    file.write_bytes(INPUTS[name])
    done = bounded("explain", "--batch", str(file), env=environment)

    assert done.returncode == 0, done.stderr[-1000:]
    assert b'"error"' in done.stdout


@pytest.mark.parametrize("name", ["bomb of aliases", "deep JSON", "huge", "binary"])
def test_a_document_is_refused(environment: dict[str, str], tmp_path: Path, clouds: Clouds, name: str) -> None:
    """As a policy, offline."""
    file = tmp_path / "input"
    file.write_bytes(INPUTS[name])
    done = bounded("policy", "test", str(clouds.file), "-d", str(file), "--storage", "my-s3", env=environment)

    assert refused(done)


@pytest.mark.parametrize("cloud", ["s3", "gcs", "abs"])
def test_an_answer_without_end_decides_nothing(clouds: Clouds, cloud: str) -> None:
    """From any provider: undetermined, neither ready nor somebody's fault."""
    box = next(one for one in clouds.boxes if one.scenario.cloud == cloud)
    box.inject(Fault(kind=Kind.ENDLESS))
    limits = ("--timeout", "3", "--deadline", "30")
    done = bounded("check", str(clouds.file), *limits, "-o", "short", env=dict(os.environ))

    assert done.returncode == 3, done.stderr[-2000:]
