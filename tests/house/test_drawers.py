"""What a new file in a drawer must bring along, so that nothing else has to know of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from pathlib import Path

import pytest

import preflight
from preflight import cli, model, providers, reports, sandbox
from preflight.model import Ask, Provider, Reply, Store

ROOT = Path(preflight.__file__).parent
PROMISED = [name for name, member in vars(Provider).items() if inspect.isfunction(member) and not name.startswith("_")]


@pytest.mark.parametrize("name", providers.names())
@pytest.mark.parametrize("function", PROMISED)
def test_a_provider_keeps_to_the_protocol(name: str, function: str) -> None:
    """Each function of `model.Provider` is there, and takes what the protocol says, in its order."""
    offered = getattr(providers.provider(name), function, None)
    assert callable(offered), f"{name} has no {function}"
    wanted = [p for p in inspect.signature(getattr(Provider, function)).parameters if p != "self"]

    assert list(inspect.signature(offered).parameters) == wanted


@pytest.mark.parametrize("name", providers.names())
def test_a_provider_has_a_cloud_to_be_tested_in(name: str) -> None:
    """A healthy scenario, by which the contract suite finds it, and enough others to show what goes wrong."""
    found = [scenario.name for scenario in sandbox.scenarios() if scenario.cloud == name]

    assert f"{name}/healthy" in found
    assert len(found) >= 12


def test_every_cloud_of_the_sandbox_has_its_provider() -> None:
    """No scenario shows what cannot be checked."""
    assert {scenario.cloud for scenario in sandbox.scenarios()} <= set(providers.names())


def test_the_asks_are_a_closed_union_of_frozen_values() -> None:
    """Asks can be remembered and compared: a verb that is not frozen could not be asked once."""
    verbs = typing.get_args(Ask)

    assert len(verbs) == 7
    assert all(verb.__dataclass_params__.frozen for verb in verbs)
    assert all(inspect.getmodule(verb) is model for verb in verbs)


def test_a_store_has_one_door() -> None:
    """`ask` is all that a store offers, and a reply is all that it gives."""
    assert [name for name in vars(Store) if not name.startswith("_")] == ["ask"]
    assert typing.get_type_hints(Store.ask)["return"] is Reply


@pytest.mark.parametrize("name", reports.formats())
def test_a_reader_takes_a_report_and_a_look(name: str) -> None:
    """Every format is a pure function of the same two things."""
    assert len(inspect.signature(reports.reader(name)).parameters) == 2


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(cli.__path__) if not m.name.startswith("_")])
def test_a_command_is_named_like_its_file(name: str) -> None:
    """What one types is what one opens."""
    command = importlib.import_module(f"preflight.cli.{name}").command

    assert command.name == name.rstrip("_")
    assert command.help


def test_nothing_names_where_it_was_made() -> None:
    """No file of the package speaks of a path or a tool of whoever wrote it."""
    words = ("/wo" + "rk/", "sha" + "red/facts", ".libr" + "ary")
    suffixes = {".py", ".md", ".toml", ".css", ".js"}
    files = [path for path in ROOT.rglob("*") if path.suffix in suffixes]
    guilty = [path.name for path in files if any(word in path.read_text(encoding="utf-8") for word in words)]

    assert guilty == []
