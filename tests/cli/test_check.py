"""`preflight check` and its exit codes, the same in every format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from preflight import reports
from tests.cli.conftest import REFUSE, UNREADABLE, Preflight

# What the cloud does, and the exit code that design and help promise.
ENDINGS: dict[str, tuple[tuple[Any, ...], int]] = {
    "ready": ((), 0),
    "not ready": ((REFUSE,), 1),
    "undetermined": ((UNREADABLE,), 3),
}


@pytest.mark.parametrize("name", reports.formats())
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_exit_code_is_the_same_in_every_format(preflight: Preflight, s3_file: Any, ending: str, name: str) -> None:
    """0 ready, 1 not ready, 3 undetermined: whatever the report looks like."""
    faults, code = ENDINGS[ending]
    file, env = s3_file("s3/healthy", *faults)
    done = preflight("check", str(file), "-o", name, env=env)

    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("name", reports.formats())
def test_a_file_that_cannot_be_read_is_exit_2_with_its_place(preflight: Preflight, tmp_path: Path, name: str) -> None:
    """Usage faults are told on standard error, in one sentence with file and line, and nothing is reported."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("storages:\n  - name: [unclosed\n")
    for file, place in (("nowhere.yaml", "nowhere.yaml:1"), (str(broken), "broken.yaml:")):
        done = preflight("check", file, "-o", name)
        assert done.returncode == 2
        assert done.stdout == ""
        assert place in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("-o", "jsn"), "json"),
        (("--only", "write-objet"), "write-object"),
        (("--skip", "withold-read"), "withhold-read"),
    ],
)
def test_a_name_that_there_is_not_is_exit_2_with_the_closest(
    preflight: Preflight, s3_file: Any, arguments: tuple[str, str], named: str
) -> None:
    """A typo in an option is found before anything is asked, and the right name is said."""
    file, env = s3_file()
    done = preflight("check", str(file), *arguments, env=env)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"did you mean {named}?" in done.stderr


def test_without_a_file_there_is_nothing_to_check(preflight: Preflight) -> None:
    """No argument is a usage error, not a success."""
    assert preflight("check").returncode == 2


def test_our_own_bug_is_exit_4(preflight: Preflight, s3_file: Any, environment: dict[str, str]) -> None:
    """A crash of a check is told as ours, in the report and by the exit code, in every format."""
    file, env = s3_file()
    code = (
        "import dataclasses, sys; from preflight import checks; from preflight.__main__ import main\n"
        "found = checks.drawer(); found['keep-clock'] = dataclasses.replace(found['keep-clock'], examine=None)\n"
        "main()"
    )
    for name in reports.formats():
        command = [sys.executable, "-c", code, "check", str(file), "-o", name]
        done = subprocess.run(command, env={**environment, **env}, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 4, (name, done.stderr)
        assert "Traceback" not in done.stdout + done.stderr
    assert preflight("check", str(file), env=env).returncode == 0


def test_only_the_report_is_on_standard_output(preflight: Preflight, s3_file: Any) -> None:
    """A machine's format is one document and nothing else; nothing is said beside it without a terminal."""
    file, env = s3_file()
    done = preflight("check", str(file), "-o", "json", env=env)

    assert json.loads(done.stdout)["verdict"] == "ready"
    assert done.stderr == ""


def test_several_formats_each_go_to_their_place(preflight: Preflight, s3_file: Any, tmp_path: Path) -> None:
    """`-o` may be repeated: one to the terminal, others to files."""
    file, env = s3_file()
    done = preflight("check", str(file), "-o", "human", "-o", "json=report.json", "-o", "junit=report.xml", env=env)

    assert done.returncode == 0
    assert "READY" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["exit_code"] == 0
    assert (tmp_path / "report.xml").read_text().startswith("<?xml")


def test_standard_input_is_named_as_a_command_would(preflight: Preflight, s3_file: Any) -> None:
    """Commands that the report suggests can be typed: standard input is `-`, not a name that a shell takes apart."""
    file, env = s3_file("s3/healthy", REFUSE)
    done = preflight("check", "-", "-v", "-o", "json", text=file.read_text(), env=env)
    remedies = [one["remedy"] for one in json.loads(done.stdout)["storages"][0]["outcomes"] if one.get("remedy")]
    commands = [command for remedy in remedies for command in remedy["commands"]]

    assert not [command for command in commands if "<stdin>" in command]


def test_help_names_every_option(preflight: Preflight) -> None:
    """`--help` says how to use each command, and ends with 0."""
    done = preflight("check", "--help")

    assert done.returncode == 0
    for option in ("--output", "--fail-on", "--only", "--skip", "--timeout", "--deadline", "--endpoint", "--inspect"):
        assert option in done.stdout
