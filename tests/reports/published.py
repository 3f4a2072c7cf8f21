"""The published descriptions of the formats, and validators of others, each out of a package of its makers."""

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.servers.machine import CACHE, ENVIRONMENT, missing, require_npm

SARIF_TOOL = ("@microsoft/sarif-multitool-linux", "5.7.0")  # MIT; brings the schema of OASIS
PYTEST = "9.0.2"  # MIT; its source brings the Jenkins project's XSD of JUnit reports, MIT


@pytest.fixture(scope="session")
def sarif_tool() -> Path:
    """The folder of Microsoft's validator and of the SARIF schema."""
    name, version = SARIF_TOOL
    folder = require_npm(name, version) / name
    (folder / "Sarif.Multitool").chmod(0o755)  # npm leaves that to a script that it does not run
    return folder


def validate_sarif(tool: Path, file: Path) -> list[str]:
    """Every error and warning that the validator has, as `RULE: text`."""
    command = [str(tool / "Sarif.Multitool"), "validate", str(file), "--rule-kind", "Sarif;Ghas"]
    quiet = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1"}
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False, cwd=file.parent)
    assert "Analysis completed successfully" in done.stdout, done.stdout + done.stderr
    return [line.partition("): ")[2] for line in done.stdout.splitlines() if line.startswith(str(file))]


@pytest.fixture(scope="session")
def junit_schema() -> Any:
    """The XSD by which Jenkins reads a report."""
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed here")
    return etree.XMLSchema(etree.parse(_from_source("pytest", PYTEST, "testing/example_scripts/junit-10.xsd")))


def _from_source(package: str, version: str, member: str) -> Path:
    """A file out of the source distribution of a Python package, kept in our cache."""
    kept = CACHE / f"{package}-{version}" / Path(member).name
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory() as folder:
        options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder]
        command = [sys.executable, "-m", "pip", "download", *options, f"{package}=={version}"]
        ended = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if ended.returncode:
            missing(f"{' '.join(command)}: exit {ended.returncode}\n{ended.stderr[-2000:]}")
        with tarfile.open(next(Path(folder).glob("*.tar.gz"))) as archive:
            found = archive.extractfile(f"{package}-{version}/{member}")
            assert found is not None
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(found.read())
    return kept
