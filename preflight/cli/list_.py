"""`preflight list`: the checks, causes and scenarios that there are."""

from __future__ import annotations

import json

import click


@click.command("list")
@click.argument("what", type=click.Choice(["checks", "causes", "scenarios"]))
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text")
def command(what: str, output: str) -> None:
    """Print what there is: name and one sentence each."""
    rows = {"checks": _checks, "causes": _causes, "scenarios": _scenarios}[what]()
    if output == "json":
        click.echo(json.dumps([{"name": name, "title": title} for name, title in rows], indent=2))
        return
    width = max(len(name) for name, _ in rows)
    for name, title in rows:
        click.echo(f"{name:<{width}}  {title}")


def _checks() -> list[tuple[str, str]]:
    from preflight.checks import drawer

    return [(name, check.page.splitlines()[0].removeprefix("# ")) for name, check in drawer().items()]


def _causes() -> list[tuple[str, str]]:
    from preflight.causes import page
    from preflight.model import Cause

    return [(cause.value, page(cause).title) for cause in Cause]


def _scenarios() -> list[tuple[str, str]]:
    from preflight.sandbox import scenarios

    return [(scenario.name, scenario.title) for scenario in scenarios()]
