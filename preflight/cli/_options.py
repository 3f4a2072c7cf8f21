"""The options that several commands share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import click

from preflight.model import Reach, Severity

ENDPOINTS = ("sts", "iam", "kms", "gcs", "google-token", "abs", "entra", "arm", "stream")
DAY = 86_400.0  # seconds
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

files = click.argument("files", nargs=-1, required=True, metavar="FILE…")
output = click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    default=("human",),
    metavar="FORMAT[=PATH]",
    shell_complete=lambda _context, _parameter, begun: _formats(begun),
    help="How to report; may be repeated. Default: human, on standard output.",
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice([Severity.ERROR.value, Severity.WARNING.value]),
    default=Severity.ERROR.value,
    help="The least severity that makes a storage not ready.",
)
show = click.option(
    "--show",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.NOTE.value,
    help="The least severity that is told in full (human, short); the verdict counts all the same.",
)
only = click.option(
    "--only",
    multiple=True,
    metavar="CHECK",
    shell_complete=lambda _c, _p, begun: _checks(begun),
    help="Ask only this; may be repeated.",
)
skip = click.option(
    "--skip",
    multiple=True,
    metavar="CHECK",
    shell_complete=lambda _c, _p, begun: _checks(begun),
    help="Leave this out; may be repeated.",
)
verbose = click.option(
    "-v", "--verbose", count=True, help="Show every check; -vv: also each request; -vvv: all that is logged."
)
endpoint = click.option(
    "--endpoint",
    "endpoints",
    multiple=True,
    metavar="NAME=URL",
    help=f"Point an SDK at an emulator or a sovereign cloud. Names: {', '.join(ENDPOINTS)}.",
)
evidence = click.option(
    "--evidence", metavar="PATH", help="Also save what was seen, to be judged again by `preflight replay`."
)
anonymise = click.option("--anonymise", is_flag=True, help="Save the evidence without names of yours.")
inspect = click.option("--inspect", is_flag=True, help="Also read the bucket's settings, with your own identity.")
aws_profile = click.option("--aws-profile", metavar="NAME", help="The AWS profile that --inspect reads with.")

no_residue = click.option(
    "--no-residue",
    is_flag=True,
    help="Be authorised and store nothing: weaker evidence, which alone never makes a storage ready.",
)
allow_locked_residue = click.option(
    "--allow-locked-residue",
    is_flag=True,
    help="Write a test object even where the bucket's lock or retention keeps it.",
)


class _Seconds(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions only
    """Seconds, or a number with a unit: 2.5, 90, 90s, 5m, 1h. At most a day; `none`: 0 says that none is wanted."""

    name = "duration"

    def __init__(self, *, none: bool = False) -> None:
        self._none = none

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's own
        if isinstance(value, int | float):  # a default of ours
            return float(value)
        found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smh]?)", value)
        seconds = float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]] if found else -1.0
        if not found or seconds > DAY or not (seconds or self._none):
            expected = "write seconds, 90s, 5m or 1h" + ("" if self._none else ", more than 0") + ", at most 24h"
            self.fail(f"{value!r} is no duration: {expected}", param, ctx)
        return seconds


timeout = click.option(
    "--timeout", type=_Seconds(), default=10.0, show_default=True, metavar="DURATION", help="Seconds for each ask."
)
deadline = click.option(
    "--deadline",
    type=_Seconds(),
    default=120.0,
    show_default=True,
    metavar="DURATION",
    help="Seconds for the whole run.",
)
wait = click.option(
    "--wait",
    type=_Seconds(none=True),
    default=0.0,
    metavar="DURATION",
    help="Ask again for so long (90s, 5m) while something passes by itself, such as a grant on its way.",
)


def reach(endpoints: Iterable[str], timeout: float, *, inspect: bool, aws_profile: str | None) -> Reach:
    """How providers are reached. Raises `click.BadParameter` for an endpoint that is none."""
    given = {f"{name}": os.environ.get(f"PREFLIGHT_ENDPOINT_{name.upper().replace('-', '_')}") for name in ENDPOINTS}
    found = {name: url for name, url in given.items() if url}
    for item in endpoints:
        name, _, url = item.partition("=")
        if name not in ENDPOINTS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(ENDPOINTS)}", param_hint="--endpoint")
        found[name] = url
    for name, url in found.items():
        try:
            parts = urlsplit(url)
        except ValueError:
            raise click.BadParameter(f"{name}: this is no address", param_hint="--endpoint") from None
        if "@" in parts.netloc:
            raise click.BadParameter(f"{name}: the address has a user or password in it", param_hint="--endpoint")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise click.BadParameter(f"{name}: {url!r} is neither https nor loopback", param_hint="--endpoint")
    return Reach(timeout=timeout, endpoints=found, inspect=inspect or bool(aws_profile), aws_profile=aws_profile)


def _formats(begun: str) -> list[str]:
    from preflight import reports

    return [name for name in reports.formats() if name.startswith(begun)]


def _checks(begun: str) -> list[str]:
    from preflight.checks import drawer

    return [name for name in drawer() if name.startswith(begun)]


def known_checks(names: Iterable[str]) -> frozenset[str]:
    """The names as checks. Raises `click.BadParameter` with the closest name for one that is none."""
    from preflight.checks import drawer

    for name in names:
        if name not in drawer():
            raise click.BadParameter(f"there is no check {name!r}{did_you_mean(name, drawer())}")
    return frozenset(names)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint at the closest name, as the end of a sentence; nothing where none is close."""
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]}?" if close else ""
