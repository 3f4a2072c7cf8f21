"""The gate as far as it runs without its services: the action's own steps, the hook, the examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from preflight.evidence import dumps, sealed
from preflight.reports import Look, github
from tests.gate.seen import again, seen
from tests.servers.machine import require_script

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github/actions/preflight"
GATE = ROOT / ".gate"

BROKEN = """\
storages:
  - name: my-s3
    storage_type: s3
    bucket: my-recordings
    path: recordings/
    aws_s3:
      s3_region: eu_central_1
      s3_api_key: AKIAIOSFODNN7EXAMPLE
      s3_secret: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
"""
WHOLE = BROKEN.replace("eu_central_1", "eu-central-1")


@pytest.fixture
def runner(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a step on GitHub's runner, with our command in the path."""
    commands = tmp_path / "bin"
    commands.mkdir()
    command = commands / "preflight"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m preflight "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"):
        (tmp_path / name).touch()
        environment[name] = str(tmp_path / name)
    return environment | {
        "PATH": f"{commands}:{environment['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ACTION),
        "GITHUB_ACTIONS": "true",
    }


def _step(script: Path, environment: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(script), *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def _outputs(environment: dict[str, str]) -> dict[str, str]:
    lines = Path(environment["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def _action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))
    return found


def test_a_pull_request_that_breaks_a_region_gets_one_annotation(runner: dict[str, str], tmp_path: Path) -> None:
    """One error, on the line and the column of `s3_region`; the summary tells all; a later step fails the job."""
    (tmp_path / "storages.yaml").write_text(BROKEN, encoding="utf-8")
    environment = runner | {"GATE_FILES": "storages.yaml\n", "GATE_COMMAND": "lint"}

    done = _step(ACTION / "gate.sh", environment, tmp_path)

    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert done.returncode == 0, done.stderr
    assert len(commands) == 1
    assert commands[0].startswith("::error file=storages.yaml,line=7,endLine=7,col=18,endColumn=30,title=shape-region")
    outputs = _outputs(environment)
    assert (outputs["exit-code"], outputs["verdict"]) == ("1", "not-ready")
    assert "region-wrong" in Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    sarif = json.loads(Path(outputs["report"], "report.sarif").read_text(encoding="utf-8"))
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == 7


def test_a_live_refusal_is_annotated_at_the_region_as_well() -> None:
    """The provider's own word for the region leads to the line that declares it."""
    found = seen("s3/wrong-region")
    place = found.configuration.storages[0].locate("aws_s3.s3_region")
    in_a_file = sealed(json.loads(found.text.replace("<stdin>", "deploy/storages.yaml")))
    report = again(dumps(in_a_file))
    commands = [line for line in github.read(report, Look()).splitlines() if line.startswith("::error")]

    assert len(commands) == 1
    assert commands[0].startswith(f"::error file=deploy/storages.yaml,line={place.line},endLine={place.line},")
    assert f"col={place.column}," in commands[0]


def test_a_whole_file_passes_the_gate(runner: dict[str, str], tmp_path: Path) -> None:
    """Several files, one on each line, and names with spaces."""
    for name in ("storages.yaml", "more storages.yaml"):
        (tmp_path / name).write_text(WHOLE.replace("my-s3", name.partition(".")[0].replace(" ", "-")), encoding="utf-8")
    environment = runner | {"GATE_FILES": "\n  \nstorages.yaml\nmore storages.yaml\n", "GATE_COMMAND": "lint"}

    done = _step(ACTION / "gate.sh", environment, tmp_path)

    assert done.returncode == 0, done.stderr
    assert _outputs(environment)["exit-code"] == "0"
    assert [line for line in done.stdout.splitlines() if line.startswith("::")] == []


def test_a_file_that_cannot_be_read_is_no_report(runner: dict[str, str], tmp_path: Path) -> None:
    """Nothing is uploaded, and the job ends with 2."""
    environment = runner | {"GATE_FILES": "missing.yaml", "GATE_COMMAND": "lint"}

    done = _step(ACTION / "gate.sh", environment, tmp_path)

    assert done.returncode == 0
    assert _outputs(environment) == {"exit-code": "2"}
    assert "missing.yaml" in done.stderr


def test_what_looks_like_an_option_is_a_file(runner: dict[str, str], tmp_path: Path) -> None:
    """A name out of a pull request gives no orders to our command line."""
    environment = runner | {"GATE_FILES": "--help", "GATE_COMMAND": "lint"}

    _step(ACTION / "gate.sh", environment, tmp_path)

    assert _outputs(environment) == {"exit-code": "2"}


def test_the_last_step_ends_with_the_exit_code(environment: dict[str, str]) -> None:
    """The job is red exactly where preflight's exit code is not 0, also where there is none."""
    script = _action()["runs"]["steps"][-1]["run"]
    ends = {}
    for code in ("0", "1", "3", ""):
        command = ["bash", "-e", "-c", script]
        ends[code] = subprocess.run(
            command, env=environment | {"GATE_EXIT_CODE": code}, capture_output=True, check=False
        ).returncode

    assert {code: bool(end) for code, end in ends.items()} == {"0": False, "1": True, "3": True, "": True}


def test_the_installation_is_made_once(runner: dict[str, str], tmp_path: Path) -> None:
    """What the cache brings is used: the second run needs no package any more."""
    wheel = _wheel(tmp_path)
    environment = runner | {"GATE_PACKAGE": str(wheel), "GATE_PYTHON": sys.executable}

    first = _step(ACTION / "install.sh", environment, tmp_path)
    wheel.unlink()
    second = _step(ACTION / "install.sh", environment, tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert second.stdout.strip() == "preflight, version 0"
    path = Path(environment["GITHUB_PATH"]).read_text(encoding="utf-8").splitlines()
    assert set(path) == {str(tmp_path / "preflight-environment/bin")}


def _wheel(folder: Path) -> Path:
    """A package of the smallest kind, whose command says its version."""
    wheel = folder / "tiny-0-py3-none-any.whl"
    files = {
        "tiny.py": "def main():\n    print('preflight, version 0')\n",
        "tiny-0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 0\n",
        "tiny-0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tiny-0.dist-info/entry_points.txt": "[console_scripts]\npreflight = tiny:main\n",
    }
    files["tiny-0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in [*files, "tiny-0.dist-info/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return wheel


def test_the_action_is_one() -> None:
    """GitHub's own description of an action, by a validator that is not ours."""
    _valid("vendor.github-actions", ACTION / "action.yml")


def test_the_example_for_gitlab_is_one() -> None:
    """Likewise for GitLab's pipelines."""
    _valid("vendor.gitlab-ci", GATE / "gitlab.yml")


def _valid(schema: str, file: Path) -> None:
    command = [require_script("check-jsonschema"), "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_what_the_action_uses_is_pinned_by_hash() -> None:
    """A tag can be moved by whoever steals it; a commit cannot. The version stands beside it, for people."""
    lines = re.findall(r"uses: (\S+@\S+.*)", (ACTION / "action.yml").read_text(encoding="utf-8"))
    others = [line for line in lines if not line.startswith("OWNER/")]

    assert len(others) >= 3
    assert [line for line in others if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_no_input_reaches_a_shell_as_code() -> None:
    """Inputs come by the environment: a file name with a quote in it is a file name."""
    scripts = [step["run"] for step in _action()["runs"]["steps"] if "run" in step]

    assert [script for script in scripts if "${{" in script] == []


def test_the_rights_that_the_action_needs_are_documented() -> None:
    """Whoever copies the head of the file has the least permissions."""
    head = (ACTION / "action.yml").read_text(encoding="utf-8").partition("\nname:")[0]

    assert "contents: read" in head
    assert "security-events: write" in head


def test_the_manifest_of_hooks_is_one() -> None:
    """pre-commit reads it."""
    command = [require_script("pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]

    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("content", "passes"), [(BROKEN, False), (WHOLE, True)], ids=["broken", "whole"])
def test_the_hook_keeps_a_broken_file_out(content: str, passes: bool, runner: dict[str, str], tmp_path: Path) -> None:  # noqa: FBT001 - a parameter of the test
    """In a real repository, by pre-commit itself: the files of the commit are judged, and only storages."""
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    hook["language"] = "system"  # our command is installed already
    repository = tmp_path / "repository"
    repository.mkdir()
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (repository / "storages.yaml").write_text(content, encoding="utf-8")
    (repository / "other.yaml").write_text("- not: ours\n", encoding="utf-8")
    for command in (["git", "init", "-q"], ["git", "add", "."]):
        subprocess.run(command, cwd=repository, env=runner, check=True)

    done = subprocess.run(
        [require_script("pre-commit"), "run", "--verbose"],
        cwd=repository,
        env=runner,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode == 0) == passes, done.stdout + done.stderr
    assert ("shape-region: region-wrong" in done.stdout) != passes


def test_a_hook_needs_no_secret(runner: dict[str, str], tmp_path: Path) -> None:
    """Whoever commits has not the production's environment: a variable that is not set is no finding there."""
    entry = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]["entry"]
    content = WHOLE.replace("AKIAIOSFODNN7EXAMPLE", "${NOT_SET}").replace(
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "${X}"
    )
    (tmp_path / "storages.yaml").write_text(content, encoding="utf-8")

    done = subprocess.run(
        [*entry.split(), "storages.yaml"], cwd=tmp_path, env=runner, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("content", "code"), [(BROKEN, 1), (WHOLE, 0)])
def test_the_example_for_gitlab_runs(content: str, code: int, runner: dict[str, str], tmp_path: Path) -> None:
    """Its script, as it stands, writes what its `reports` name."""
    job = yaml.safe_load((GATE / "gitlab.yml").read_text(encoding="utf-8"))["preflight"]
    (tmp_path / "storages.yaml").write_text(content, encoding="utf-8")
    script = "\n".join(job["script"]).replace("preflight check", "preflight lint")  # nobody is to be asked here

    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env=runner | job["variables"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stderr
    for name in (*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()):
        assert (tmp_path / name).stat().st_size


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_the_generic_example_ends_as_preflight_does(code: int, runner: dict[str, str], tmp_path: Path) -> None:
    """It explains the exit code and keeps it; a verdict that is open lets nothing pass."""
    stand_in = Path(runner["PATH"].partition(":")[0], "preflight")
    stand_in.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")

    done = _step(GATE / "generic.sh", runner, tmp_path, "storages.yaml")

    assert done.returncode == code
    assert done.stdout.startswith("ready") == (code == 0)


@pytest.mark.parametrize("script", [*ACTION.glob("*.sh"), *GATE.glob("*.sh")], ids=lambda path: path.name)
def test_the_scripts_are_sound(script: Path) -> None:
    """They can be run, and the shell's own linter finds nothing, where it is installed."""
    assert os.access(script, os.X_OK)
    linter = shutil.which("shellcheck")
    if linter:
        done = subprocess.run([linter, str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
