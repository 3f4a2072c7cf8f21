"""The plan of the house, kept by tests: directions, drawers, names."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import preflight
from preflight import causes, checks, providers, reports
from preflight.model import AbsStorage, Cause, GcsStorage, S3Storage, Severity, Storage

ROOT = Path(preflight.__file__).parent

# What a room may import, nearest the ground first. A room sees itself and the rooms below it.
FLOORS = [
    {"model", "stream", "redact", "journal", "namesakes", "webpage", ""},
    {"iam", "diagnose", "causes", "config", "documents"},
    {"session"},
    {"providers"},
    {"checks", "claims", "witnesses"},
    {"waivers"},
    {"verdict", "run", "grants", "replay", "evidence", "anonymise"},
    {"reports"},
    {"past", "compare", "guide"},
    {"sandbox"},
    {"cli", "__main__"},
]

EXAMPLES = (
    S3Storage(name="a", storage_type="s3", bucket="b", path="recordings/"),
    S3Storage(name="a", storage_type="s3", bucket="b", path="recordings/", endpoint_url="https://s3.example"),
    GcsStorage(name="a", storage_type="gcs", bucket="b", path="recordings/"),
    AbsStorage(name="a", storage_type="abs", bucket="b", path="recordings/"),
)


def _floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py").replace("__init__", "")


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "preflight":
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("preflight.")}
    return {"" if room.startswith("__") else room for room in found}


# The front door names what is above it, and imports it only when it is asked for: see test_door.py.
INSIDE = sorted(set(ROOT.rglob("*.py")) - {ROOT / "__init__.py"})


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    """A room never imports from a floor above its own, so that data flows one way."""
    above = {room for room in _imports(path) if _floor(room) > _floor(_room(path))}

    assert above == set()


def test_checks_never_see_a_provider() -> None:
    """A check asks a session; a fourth provider must not touch a single check."""
    guilty = [p.name for p in (ROOT / "checks").glob("*.py") if {"providers"} & _imports(p)]

    assert guilty == []


def test_reports_never_see_a_store() -> None:
    """A reader is a pure function of the report: it can neither ask nor examine."""
    guilty = [p.name for p in (ROOT / "reports").glob("*.py") if {"providers", "session", "checks"} & _imports(p)]

    assert guilty == []


@pytest.mark.parametrize("name", checks.drawer())
def test_a_check_has_a_page_and_a_title(name: str) -> None:
    """Each check explains itself: what it asks, why it matters, an example failure, a fix."""
    check = checks.drawer()[name]

    assert check.page.startswith("# ")
    assert {"Why it matters", "Example failure", "Fix"} <= set(check.page.split("**")[1::2]) | {
        part.rstrip(".") for part in check.page.split("**")[1::2]
    }
    assert check.titled(Storage(name="", storage_type=""))


@pytest.mark.parametrize("name", checks.drawer())
def test_the_example_on_a_page_is_a_line_of_a_report(name: str) -> None:
    """What a page shows is what a run prints: the mark of the severity, the title, the check and a cause."""
    check = checks.drawer()[name]
    example = re.search(r"\*\*Example failure\.\*\* `(.) (.+?)   ([a-z-]+)(?:: ([a-z-]+))?`$", check.page, re.MULTILINE)
    assert example, f"the page of {name} has no example on one line"
    mark, title, identity, cause = example.groups()

    assert mark in {"?", "×" if check.severity is Severity.ERROR else "‼"}
    assert title in {check.titled(storage) for storage in EXAMPLES}
    assert (identity, cause in {None, *Cause}) == (name, True)


@pytest.mark.parametrize("name", checks.drawer())
def test_what_a_check_waits_for_exists_and_comes_earlier(name: str) -> None:
    """The order of the run is the order of waiting, so a root cause is told before what depends on it."""
    order = list(checks.drawer())

    assert all(order.index(other) < order.index(name) for other in checks.drawer()[name].waits_for)


def test_no_cause_is_reported_by_two_checks() -> None:
    """`check` and `cause` together identify a finding: a cause of the live write has one home."""
    homes = {cause: [c.name for c in checks.drawer().values() if cause in c.causes] for cause in Cause}

    assert {cause: names for cause, names in homes.items() if len(names) != 1} == {}


def test_every_cause_has_a_page() -> None:
    """A diagnosis never ends in a name without an explanation."""
    assert [cause for cause in Cause if not causes.page(cause).means] == []


@pytest.mark.parametrize("name", providers.names())
def test_a_provider_offers_the_whole_contract(name: str) -> None:
    """Every provider answers everything that a session asks of it."""
    offered = providers.provider(name)
    wanted = {"writer", "inspector", "paper", "identify", "needs", "parts_key", "address", "delete_command"}

    assert {one for one in wanted if not callable(getattr(offered, one, None))} == set()


@pytest.mark.parametrize("name", reports.formats())
def test_a_format_can_be_read(name: str) -> None:
    """Every file in the drawer of reports is a reader."""
    assert callable(reports.reader(name))


def test_every_module_opens_with_a_sentence() -> None:
    """Whoever opens a file is told in one sentence what it is for."""
    names = [m.name for m in pkgutil.walk_packages([str(ROOT)], "preflight.") if not m.name.endswith("__main__")]
    silent = [name for name in names if not (importlib.import_module(name).__doc__ or "").strip()]

    assert silent == []


def test_an_s3_run_imports_no_other_cloud() -> None:
    """A run pays for the cloud that it talks to, and for no other."""
    code = (
        "import sys; from preflight.model import *; from preflight import providers\n"
        "s = S3Storage(name='a', storage_type='s3', bucket='b', region='eu-central-1',"
        " api_key=Secret('AKIAXXXXXXXXXXXXXXXX', source='t'), secret=Secret('s' * 40, source='t'))\n"
        "import preflight.run; providers.provider('s3').writer(s, Reach())\n"
        "print([m for m in sys.modules if m.split('.')[0] in {'google', 'azure', 'msal'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
