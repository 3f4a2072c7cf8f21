"""`preflight compare`: what changed between two reports."""

from __future__ import annotations

import click

from preflight.cli import _evidence as evidence


@click.command("compare")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", help="How to say it.")
def command(before: str, after: str, output: str) -> int:
    """Tell what is new, fixed and still there between two reports (`-o json`) or files of evidence.

    Exit code: 1 if there is a new finding that counts, 0 if not, 2 for a file that cannot be read.
    """
    from preflight.compare import compare, plain, text
    from preflight.reports._plain import dumps

    found = compare(evidence.past(before), evidence.past(after))
    click.echo(dumps(plain(found)) if output == "json" else text(found), nl=False)
    return found.exit_code
