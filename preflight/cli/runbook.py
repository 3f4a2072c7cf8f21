"""`preflight runbook`: a report as ordered steps for the person on call."""

from __future__ import annotations

from pathlib import Path

import click

from preflight.cli import _evidence as evidence


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

    name, _, path = output.partition("=")
    if name not in {"markdown", "html"}:
        raise click.BadParameter(f"{name!r} is neither markdown nor html", param_hint="-o")
    past = evidence.past(file)
    text = guide.html(past) if name == "html" else guide.markdown(past)
    if not path:
        click.echo(text, nl=False)
        return 0
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise click.UsageError(f"{path}: cannot be written: {wrong.strerror}") from None
    return 0
