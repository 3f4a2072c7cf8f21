"""What the command does with its terminal, its pipes and its encoding."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from preflight import reports
from tests.cli.conftest import Preflight

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def _on_a_terminal(command: list[str], env: Mapping[str, str], *, stdout: bool, stderr: bool) -> tuple[str, str, int]:
    """Run with a terminal for each stream that wants one; what each stream said, and the exit code."""
    streams: dict[str, Any] = {}
    masters: dict[str, int] = {}
    for name, wanted in (("stdout", stdout), ("stderr", stderr)):
        if wanted:
            masters[name], streams[name] = pty.openpty()
        else:
            reading, streams[name] = os.pipe()
            masters[name] = reading
    process = subprocess.Popen(command, env=dict(env), stdin=subprocess.DEVNULL, **streams)
    for end in streams.values():
        os.close(end)
    said = {name: _read(master) for name, master in masters.items()}
    return said["stdout"], said["stderr"], process.wait(60)


def _read(descriptor: int) -> str:
    found = b""
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while True:
            try:
                chunk = stream.read(65_536)
            except OSError:  # how a terminal says that its other end is gone
                break
            if not chunk:
                break
            found += chunk
    return found.decode("utf-8", "replace")


def _check(file: object) -> list[str]:
    return [sys.executable, "-m", "preflight", "check", str(file)]


def test_progress_is_shown_on_a_terminal_only(s3_file: Any, environment: dict[str, str]) -> None:
    """One live line on standard error, wiped at the end; nothing of it where nobody watches, never in the report."""
    file, env = s3_file()
    for watched in (True, False):
        out, err, code = _on_a_terminal(_check(file), {**environment, **env}, stdout=False, stderr=watched)
        assert code == 0
        assert ("my-s3:" in err) is watched
        assert "my-s3:" not in out
        assert not watched or err.endswith("\r\x1b[2K")


@pytest.mark.parametrize(("stdout", "no_color", "coloured"), [(True, "", True), (True, "1", False), (False, "", False)])
def test_colour_is_for_terminals_that_want_it(
    s3_file: Any,
    environment: dict[str, str],
    stdout: bool,  # noqa: FBT001 - a table
    no_color: str,
    coloured: bool,  # noqa: FBT001 - a table
) -> None:
    """Colour on a terminal, none in a pipe, none where NO_COLOR is set."""
    file, env = s3_file()
    environment.pop("NO_COLOR", None)
    found = {**environment, **env, "TERM": "xterm", **({"NO_COLOR": no_color} if no_color else {})}
    out, _, code = _on_a_terminal(_check(file), found, stdout=stdout, stderr=False)

    assert code == 0
    assert bool(COLOUR.search(out)) is coloured


def test_a_reader_that_leaves_is_no_error(s3_file: Any, environment: dict[str, str]) -> None:
    """`| head -1`: no traceback, no message, the verdict's own exit code."""
    file, env = s3_file()
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [*_check(file), "-v"], env={**environment, **env}, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)

    assert process.stderr == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["LC_ALL=C", "PYTHONIOENCODING=ascii"],
)
@pytest.mark.parametrize("name", reports.formats())
def test_an_old_terminal_is_no_bug(preflight: Preflight, s3_file: Any, env: dict[str, str], name: str) -> None:
    """Where the output knows ASCII only, what it cannot say is replaced: the exit code stays the verdict's."""
    file, variables = s3_file()
    done = preflight("check", str(file), "-v", "-o", name, env={**variables, **env})

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("command", [("list", "causes"), ("explain", "region-wrong"), ("check", "nöwhere.yaml")])
def test_no_command_minds_an_old_terminal(preflight: Preflight, command: tuple[str, ...]) -> None:
    """Nor do the other commands, nor what is said on standard error."""
    done = preflight(*command, env={"PYTHONIOENCODING": "ascii"})

    assert done.returncode in {0, 2}
    assert "bug" not in done.stderr
