"""One scenario is one document: a configuration, a world, and the one right outcome.

A scenario is a file `scenarios/<cloud>/<name>.toml`, and is known by being there:

    title = "The bucket lives in another region than the configuration says"
    extends = "healthy"         # start from that scenario of the same cloud: tables merge, all else replaces
    featured = true             # one of those that the demo shows when it is asked for none
    configuration = '''…'''     # the file as a person would write it; ${NAME} is taken from environ
    transport = "http"          # see Transport
    clock = 0                   # seconds that the cloud's clock is ahead of this machine's
    inspect = true              # also reads settings, with the operator's credentials out of environ
    closed = ["s3"]             # services whose port refuses connections
    addresses = {s3 = "https://…"}   # says that a service is elsewhere than it is
    [environ]                   # for the configuration; the endpoints are there anyway, as SANDBOX_<SERVICE>
    [expect]
    verdict = "not-ready"       # ready | not-ready | undetermined
    check = "match-region"      # the check that tells it and the cause it names; both absent if all is well
    cause = "region-wrong"
    [world]                     # the cloud's own words: buckets, identities, policies, keys, settings
    [[fault]]                   # see preflight.sandbox.faults
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from preflight.model import Cause, Verdict
from preflight.sandbox.faults import Fault

_DRAWER = resources.files("preflight.sandbox") / "scenarios"


class Transport(StrEnum):
    """How the services are spoken to, and what their addresses claim."""

    HTTP = "http"
    HTTPS = "https"  # by a throw-away authority, which the sandbox hands out as trusted
    STRANGER = "stranger"  # likewise, and nobody is told to trust it
    PLAIN = "plain"  # the address says https, the port speaks http


@dataclass(frozen=True, slots=True)
class Expect:
    """The one right outcome."""

    verdict: Verdict
    check: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`name` is `<cloud>/<file name>`."""

    name: str
    title: str
    configuration: str
    expect: Expect
    featured: bool = False
    inspect: bool = False
    world: Mapping[str, Any] = field(default_factory=dict)
    transport: Transport = Transport.HTTP
    clock: float = 0.0
    closed: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def cloud(self) -> str:
        return self.name.partition("/")[0]


def scenarios() -> tuple[Scenario, ...]:
    """All scenarios, in the order of their names."""
    return tuple(load(name) for name in _names())


def _names() -> tuple[str, ...]:
    clouds = (cloud for cloud in _DRAWER.iterdir() if cloud.is_dir())
    files = ((cloud.name, file.name) for cloud in clouds for file in cloud.iterdir())
    return tuple(sorted(f"{cloud}/{file[:-5]}" for cloud, file in files if file.endswith(".toml")))


def load(name: str) -> Scenario:
    """The scenario of this name, without its cloud where that is clear enough. Raises KeyError."""
    known = _names()
    found = [full for full in known if name in {full, full.partition("/")[2]}]
    if len(found) != 1:
        near = ", ".join(found or difflib.get_close_matches(name, known, 3, 0.5) or known[:1])
        raise KeyError(f"no single scenario is called {name!r}; there are others, such as {near}")
    return parse(found[0], _document(found[0]))


def parse(name: str, document: Mapping[str, Any]) -> Scenario:
    """A scenario from its document. Raises KeyError, TypeError or ValueError for what does not fit."""
    fields = {key: value for key, value in document.items() if key not in {"expect", "fault", "extends"}}
    expect = document["expect"]
    return Scenario(
        **{
            **fields,
            "name": name,
            "expect": Expect(
                Verdict(expect["verdict"]),
                expect.get("check"),
                Cause(expect["cause"]) if "cause" in expect else None,
            ),
            "transport": Transport(document.get("transport", "http")),
            "closed": tuple(document.get("closed", ())),
            "faults": tuple(map(Fault.read, document.get("fault", ()))),
        }
    )


def _document(name: str) -> dict[str, Any]:
    cloud, _, stem = name.partition("/")
    file: Traversable = _DRAWER / cloud / f"{stem}.toml"
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    if "extends" not in document:
        return document
    inherited = _document(f"{cloud}/{document['extends']}")
    # What a scenario is about and how it ends is its own; only the stage is inherited.
    own = {key: document[key] for key in ("title", "expect")}
    return {**merge(inherited, document), "featured": document.get("featured", False), **own}


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merge, everything else replaces."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both else value
    return merged
