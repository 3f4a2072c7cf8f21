"""`preflight runbook`: a report as ordered steps for the person on call."""

from __future__ import annotations

import click

from preflight.cli import _evidence as evidence
from preflight.cli import _places


@click.command("runbook")
@evidence.file
@click.option(
    "-o",
    "--output",
    "output",
    default="markdown",
    metavar="FORMAT[=PATH]",
    help="How: markdown or html. Default: markdown, on standard output.",
)
def command(file: str, output: str) -> int:
    """Turn a report (`-o json`) or evidence into steps: what to do, what one should see, who takes over."""
    from preflight import guide

    name, path = _places.parted(output, ("markdown", "html"))
    _places.spare([file], [path])
    past = evidence.past(file)
    text = guide.html(past) if name == "html" else guide.markdown(past)
    if path:
        _places.write(path, text)
    else:
        click.echo(text, nl=False)
    return 0
