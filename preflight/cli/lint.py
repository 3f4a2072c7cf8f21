"""`preflight lint`: the configuration rules alone, offline."""

from __future__ import annotations

import sys

import click

from preflight.cli import _options as options
from preflight.model import Severity


@click.command("lint")
@options.files
@options.output
@options.fail_on
@options.only
@options.skip
@options.show
@options.verbose
def command(
    files: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    show: str,
    verbose: int,
) -> int:
    """Find what is wrong in the files themselves; nothing is asked of any provider."""
    from preflight.cli._delivery import Delivery
    from preflight.config import Unreadable, load
    from preflight.run import Plan, check

    delivery = Delivery(outputs, verbose, show, read=files)
    plan = Plan(
        only=options.known_checks(only),
        skip=options.known_checks(skip),
        fail_on=Severity(fail_on),
        offline=True,
    )
    try:
        configuration = load(files, stdin=sys.stdin)
    except Unreadable as wrong:
        raise click.UsageError(str(wrong)) from None
    report = check(configuration, plan)
    delivery.report(report)
    return report.exit_code
