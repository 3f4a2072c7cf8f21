"""`preflight demo`: the main job against a cloud on loopback that really decides, with nothing to set up."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preflight.cli import OUR_BUG
from preflight.cli import _options as options

if TYPE_CHECKING:
    from preflight.model import Report
    from preflight.sandbox import Expect, Sandbox, Scenario

_OPERATOR = ("AWS_", "GOOGLE_", "AZURE_")  # how the SDKs find the operator's own credentials
_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


@click.command("demo")
@click.argument("names", nargs=-1, metavar="[SCENARIO]…")
@options.verbose
def command(names: tuple[str, ...], verbose: int) -> int:
    """Check storages that live on this machine, one for each SCENARIO (`preflight list scenarios`).

    Without a name: a healthy storage, and some with one thing wrong. Exit code: 0 if each ends as its scenario
    says that it must.
    """
    from preflight import reports

    chosen = _chosen(names)
    look = reports.look(verbose)
    read = reports.reader("human")
    with ExitStack() as stack:
        boxes = [stack.enter_context(_open(scenario)) for scenario in chosen]
        stack.enter_context(at_home(boxes))
        with ThreadPoolExecutor(max_workers=len(boxes)) as side_by_side:
            found = list(side_by_side.map(examine, boxes))
    surprises = 0
    for scenario, report in zip(chosen, found, strict=True):
        ends_so = as_expected(report, scenario.expect)
        surprises += not ends_so
        click.echo(f"──── {scenario.name}: {scenario.title} ────\n")
        click.echo(read(report, look), nl=False)
        click.echo(f"{'as expected' if ends_so else 'NOT as expected'}: {_told(scenario.expect)}\n")
    return OUR_BUG if surprises else 0


def as_expected(report: Report, expect: Expect) -> bool:
    """Whether a report has the verdict of its scenario, and the cause where the scenario says."""
    outcomes = [one for storage in report.storages for one in storage.outcomes if one.check == expect.check]
    causes = [outcome.candidates[0].cause for outcome in outcomes if outcome.candidates]
    return report.verdict is expect.verdict and (expect.cause is None or causes == [expect.cause])


def _chosen(names: tuple[str, ...]) -> list[Scenario]:
    from preflight.sandbox import load, scenarios

    if not names:
        # What is well comes first, for comparison.
        featured = [scenario for scenario in scenarios() if scenario.featured]
        return sorted(featured, key=lambda scenario: scenario.expect.check is not None)
    try:
        return [load(name) for name in names]
    except KeyError as unknown:
        raise click.UsageError(str(unknown.args[0])) from None


def _open(scenario: Scenario) -> Sandbox:
    from preflight.sandbox import Sandbox

    return Sandbox(scenario)


def examine(box: Sandbox) -> Report:
    """The whole check of the configuration of an open sandbox, against that sandbox."""
    import io

    from preflight.config import load
    from preflight.model import Reach
    from preflight.run import Plan, check

    configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
    reach = Reach(timeout=5, endpoints=box.endpoints, inspect=box.scenario.inspect)
    return check(configuration, Plan(reach=reach))


def _told(expect: Expect) -> str:
    said = f"{expect.check}: {expect.cause}" if expect.check else ""
    return ", ".join(part for part in (expect.verdict, said) if part)


@contextmanager
def at_home(boxes: list[Sandbox]) -> Iterator[None]:
    """Speak to loopback directly, past every proxy; trust the sandboxes' authorities, be their operator."""
    before = dict(os.environ)
    for box in boxes:
        os.environ.update({name: value for name, value in box.environ.items() if name.startswith(_OPERATOR)})
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    authorities = [box.authority for box in boxes if box.authority]
    if authorities:
        bundle = Path(authorities[0]).with_name("authorities.pem")
        bundle.write_bytes(b"".join(authority.read_bytes() for authority in authorities))
        os.environ.update(dict.fromkeys(_BUNDLES, str(bundle)))
    try:
        yield
    finally:
        _restore(before)


def _restore(before: Mapping[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
