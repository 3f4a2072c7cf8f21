"""`preflight schema`: the JSON Schema of configuration files and of the report."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument("what", type=click.Choice(["config", "report"]))
def command(what: str) -> None:
    """Print a JSON Schema, for editors and for those who read our output."""
    if what == "config":
        from preflight.config import json_schema
    else:
        from preflight.reports._schema import json_schema
    click.echo(json.dumps(json_schema(), indent=2))
