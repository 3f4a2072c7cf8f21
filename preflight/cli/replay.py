"""`preflight replay`: saved evidence judged again, without credentials."""

from __future__ import annotations

import click

from preflight.cli import _evidence as evidence
from preflight.cli import _options as options


@click.command("replay")
@evidence.file
@options.output
@options.show
@click.option("--anonymise", "anonymous", metavar="PATH", help="Also write this evidence without names.")
@options.verbose
def command(file: str, outputs: tuple[str, ...], show: str, anonymous: str | None, verbose: int) -> int:
    """Judge again what `preflight check --evidence` saw; nothing is asked of anybody.

    FILE is evidence; `-` reads standard input. The exit code is that of a check.
    """
    from preflight.cli._delivery import Delivery
    from preflight.replay import replay

    delivery = Delivery(outputs, verbose, show, read=[file], beside=anonymous)
    text = evidence.text_of(file)
    report = replay(evidence.kept_in(file, text))
    if anonymous:
        from preflight.evidence import load

        evidence.save(anonymous, load(file, text), anonymous=True)
    delivery.report(report)
    return report.exit_code
