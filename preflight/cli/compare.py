"""`preflight compare`: what changed between two reports."""

from __future__ import annotations

import click

from preflight.cli import _evidence as evidence


@click.command("compare")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", help="How to say it.")
def command(before: str, after: str, output: str) -> int:
    """Tell what is new, fixed, not judged any more and still there between two reports or files of evidence.

    A report is the `-o json` of a check. Fixed is what the later one judged and found well; a finding that was open
    or waived, and is not any more, is new.

    Exit code: 1 if there is a new finding that counts, 0 if not, 2 for a file that cannot be read.
    """
    from preflight.compare import compare, plain, text
    from preflight.reports._plain import dumps

    found = compare(evidence.past(before), evidence.past(after))
    click.echo(dumps(plain(found)) if output == "json" else text(found), nl=False)
    return found.exit_code
