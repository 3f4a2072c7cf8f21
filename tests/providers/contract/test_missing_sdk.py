"""A trimmed image without a provider's libraries: one clear sentence in the report, and not a crash."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import preflight
from preflight.providers import names
from tests.providers.contract.conftest import Room

ROOT = Path(preflight.__file__).parent
BELOW_SEVERAL = {"requests", "urllib3"}  # libraries on which more than one SDK stands


def _imported(folder: Path) -> set[str]:
    """The top-level names of what is imported from outside the standard library."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    return found - sys.stdlib_module_names - {"preflight"}


def _of_the_provider_alone(name: str) -> set[str]:
    """The libraries that nothing but this provider's folder needs."""
    others = [path for path in ROOT.iterdir() if path.is_dir() and path.name != "providers"]
    return _imported(ROOT / "providers" / name) - {one for folder in others for one in _imported(folder)}


def test_a_missing_library_is_one_clear_sentence(room: Room, cloud: str, environment: Mapping[str, str]) -> None:
    """The report says what to install; every check has its outcome, nothing crashed, nothing is green."""
    blocked = sorted(_of_the_provider_alone(cloud))
    code = f"import sys; sys.modules.update(dict.fromkeys({blocked!r})); from preflight.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "-", "-o", "json"],
        input=room.box.configuration,
        env={**environment, **room.box.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr + done.stdout[:500]
    (storage,) = json.loads(done.stdout)["storages"]
    said = [outcome["message"] or outcome["reason"] for outcome in storage["outcomes"]]
    told = {text.partition(";")[0] for text in said if "not installed" in text}
    assert len(told) == 1, told
    assert "pip install" in told.pop()
    assert done.stderr == ""


def test_a_run_imports_no_other_cloud(room: Room, cloud: str, environment: Mapping[str, str]) -> None:
    """A whole run, writes and settings, loads nothing that only another provider needs."""
    others = sorted(
        {module for name in names() if name != cloud for module in _of_the_provider_alone(name)}
        - _of_the_provider_alone(cloud)
        - BELOW_SEVERAL
    )
    code = (
        "import io, json, sys; from preflight.config import load; from preflight.model import Reach\n"
        "from preflight.run import Plan, check; text, endpoints = json.load(sys.stdin)\n"
        "found = load(['-'], stdin=io.StringIO(text))\n"
        "report = check(found, Plan(reach=Reach(endpoints=endpoints)))\n"
        "print(json.dumps([report.verdict, sorted({m.partition('.')[0] for m in sys.modules})]))"
    )
    trusted = {"REQUESTS_CA_BUNDLE": str(room.box.authority)} if room.box.authority else {}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([room.box.configuration, room.box.endpoints]),
        env={**environment, **room.box.environ, **trusted, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=True,
    )
    verdict, loaded = json.loads(done.stdout)

    assert verdict == "ready"
    assert others
    assert [module for module in loaded if module in others] == []
