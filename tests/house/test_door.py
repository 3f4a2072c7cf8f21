"""What the package offers to a program that imports it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import preflight
from preflight.model import Status

CONFIGURATION = """
storages:
  - {name: mine, storage_type: s3, bucket: my-recordings, path: recordings/, aws_s3: {s3_region: Frankfurt}}
"""


def test_a_program_gets_the_report_that_the_command_prints(tmp_path: Path) -> None:
    """Three names are enough: what is configured, what is asked, what came out."""
    file = tmp_path / "storages.yaml"
    file.write_text(CONFIGURATION, encoding="utf-8")

    report = preflight.check(preflight.load([str(file)]), preflight.Plan(offline=True))

    assert [one.storage.name for one in report.storages] == ["mine"]
    assert "shape-region" in {one.check for one in report.storages[0].outcomes if one.status is Status.FAIL}


def test_the_public_names_are_there() -> None:
    """What is promised can be imported by name."""
    assert {name for name in preflight.__all__ if getattr(preflight, name, None)} == set(preflight.__all__)


def test_an_unknown_name_is_refused_as_python_does() -> None:
    """A name that is not offered is an AttributeError which says so, and no import that fails inside."""
    with pytest.raises(AttributeError, match="'preflight' has no attribute 'nothing'"):
        preflight.nothing  # type: ignore[attr-defined]  # noqa: B018 - looked up, to be refused


def test_the_door_itself_imports_nothing() -> None:
    """The version and the exit code must not wait for what a run needs."""
    code = "import sys, preflight; preflight.__version__; print([m for m in sys.modules if m.startswith('preflight.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
