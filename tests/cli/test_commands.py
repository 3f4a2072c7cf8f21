"""The other commands: version, list, schema, and that each names what there is."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import preflight as package
from preflight import reports
from preflight.checks import drawer
from preflight.cli.demo import at_home
from preflight.config import load
from preflight.model import Cause, Reach
from preflight.run import Plan, check
from preflight.sandbox import Sandbox, scenarios
from preflight.sandbox import load as load_scenario
from tests.cli.conftest import Preflight

NAMES = [scenario.name for scenario in scenarios()]


def test_the_version_is_the_packages(preflight: Preflight) -> None:
    """One place says the version, and the command repeats it."""
    done = preflight("--version")

    assert done.returncode == 0
    assert done.stdout.split()[-1] == package.__version__


def test_the_distribution_takes_its_version_from_there() -> None:
    """No second version is kept in the project's file."""
    project = tomllib.loads((Path(package.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))

    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "preflight/__init__.py"


def test_the_command_of_the_distribution_is_the_modules(environment: dict[str, str]) -> None:
    """The entry point and `python -m preflight` start the same function."""
    project = tomllib.loads((Path(package.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, function = project["project"]["scripts"]["preflight"].partition(":")
    code = f"import sys; sys.argv = ['preflight', '--version']; from {module} import {function}; {function}()"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.split()[-1]) == (0, package.__version__)


@pytest.mark.parametrize(
    ("what", "names"), [("checks", list(drawer())), ("causes", [str(c) for c in Cause]), ("scenarios", NAMES)]
)
def test_list_names_all_there_is(preflight: Preflight, what: str, names: list[str]) -> None:
    """Every name with one sentence, as text and as JSON."""
    text, told = preflight("list", what), preflight("list", what, "-o", "json")

    assert [line.split()[0] for line in text.stdout.splitlines()] == names
    assert [row["name"] for row in json.loads(told.stdout)] == names
    assert all(row["title"] for row in json.loads(told.stdout))


@pytest.mark.parametrize("arguments", [("list", "chekcs"), ("schema", "reprt"), ("chekc", "x"), ("explain", "regoin")])
def test_a_word_that_there_is_not_is_a_usage_error(preflight: Preflight, arguments: tuple[str, ...]) -> None:
    """Exit 2, one sentence on standard error, no traceback."""
    done = preflight(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def report_schema() -> Any:
    from preflight.reports._schema import json_schema

    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("name", NAMES)
def test_every_scenarios_report_is_as_its_schema_says(name: str, report_schema: Any) -> None:
    """`preflight schema report` describes each report that there is, and the exit code in it is the run's."""
    with Sandbox(name) as box, at_home([box]):
        configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
        reach = Reach(timeout=5, endpoints=box.endpoints, inspect=box.scenario.inspect)
        report = check(configuration, Plan(reach=reach))
    document = json.loads(reports.reader("json")(report, reports.Look()))

    assert [error.message for error in report_schema.iter_errors(document)] == []
    assert document["exit_code"] == report.exit_code


def test_the_schemas_are_what_the_command_prints(preflight: Preflight) -> None:
    """Both schemas are printed as JSON, and are schemas."""
    for what in ("config", "report"):
        done = preflight("schema", what)
        assert done.returncode == 0
        jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))


@pytest.mark.parametrize("name", NAMES)
def test_every_scenarios_configuration_is_as_its_schema_says(name: str) -> None:
    """What editors are told to accept, lint accepts as well; where they complain, so does lint."""
    from preflight.config import json_schema

    with Sandbox(name) as box:
        found = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
    document = yaml.safe_load(load_scenario(name).configuration)
    errors = [e.message for e in jsonschema.Draft202012Validator(json_schema()).iter_errors(document)]

    assert errors == [] or found.problems
