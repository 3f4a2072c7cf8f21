"""`preflight check`: the live check of every storage in the files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from preflight.cli import _options as options
from preflight.model import Severity

if TYPE_CHECKING:
    from preflight.evidence import Recorder
    from preflight.journal import Forgetful, Journal
    from preflight.model import Secret


@click.command("check")
@options.files
@options.output
@options.fail_on
@options.only
@options.skip
@options.timeout
@options.deadline
@options.endpoint
@options.inspect
@options.aws_profile
@options.no_residue
@options.allow_locked_residue
@options.wait
@options.show
@options.evidence
@options.anonymise
@options.verbose
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    files: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    timeout: float,
    deadline: float,
    endpoints: tuple[str, ...],
    inspect: bool,  # noqa: FBT001 - click passes flags by name
    aws_profile: str | None,
    no_residue: bool,  # noqa: FBT001 - likewise
    allow_locked_residue: bool,  # noqa: FBT001 - likewise
    wait: float,
    show: str,
    evidence: str | None,
    anonymise: bool,  # noqa: FBT001 - likewise
    verbose: int,
) -> int:
    """Try the write that Stream will make, and say exactly what is missing.

    FILE is YAML, JSON, JSON Lines or TOML; `-` reads standard input. Exit code: 0 ready, 1 not ready,
    2 usage or an unreadable file, 3 undetermined, 4 a bug of ours, 130 interrupted.
    """
    from preflight.cli._delivery import Delivery
    from preflight.cli._evidence import save
    from preflight.cli._interrupts import Interrupts
    from preflight.cli._log import listen
    from preflight.config import Unreadable, load
    from preflight.journal import Journal
    from preflight.run import Plan, check

    delivery = Delivery(outputs, verbose, show, read=files, beside=evidence)
    if anonymise and not evidence:
        raise click.BadParameter("it goes with --evidence", param_hint="--anonymise")
    recorder = _recorder() if evidence else None
    plan = Plan(
        only=options.known_checks(only),
        skip=options.known_checks(skip),
        fail_on=Severity(fail_on),
        deadline=deadline,
        reach=options.reach(endpoints, timeout, inspect=inspect, aws_profile=aws_profile),
        journal=Journal.begin(),
        no_residue=no_residue,
        allow_locked_residue=allow_locked_residue,
        wait=wait,
        opener=recorder.open if recorder else None,
        notify=lambda text: click.echo(text, err=True),
        finished=delivery.storage,
    )
    try:
        configuration = load(files, stdin=sys.stdin)
    except Unreadable as wrong:
        raise click.UsageError(str(wrong)) from None
    secrets = [secret for storage in configuration.storages for secret in storage.secrets]
    listen(verbose, secrets)
    with Interrupts() as interrupts:
        with _progress(shown=not delivery.live) as progress, _told_where(plan.journal, secrets):
            report = check(configuration, plan, progress, interrupts.awaited)
        try:
            delivery.report(report)
        finally:
            if evidence and recorder:
                save(evidence, recorder.document(configuration, plan, report), anonymous=anonymise)
    return report.exit_code


def _recorder() -> Recorder:
    from preflight.evidence import Recorder

    return Recorder()


@contextmanager
def _told_where(journal: Journal | Forgetful, secrets: Iterable[Secret]) -> Iterator[None]:
    """Should a bug of ours take the report with it, the journal still knows what may be left."""
    from preflight.redact import redact

    try:
        yield
    except Exception as bug:  # noqa: BLE001 - raised again, without secrets
        if journal.path:
            click.echo(f"what may be left behind is written down: preflight clean {journal.path}", err=True)
        said = redact(f"{type(bug).__name__}: {bug}", secrets)
        raise RuntimeError(said).with_traceback(bug.__traceback__) from None


class _progress:  # noqa: N801 - reads as the verb that it is
    """One live line on standard error, on a terminal only, and where no report grows beside it."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()

    def __enter__(self) -> Callable[[str], None]:
        if not self._shown:
            return lambda _: None
        return lambda text: click.echo(f"\r\x1b[2K{text[:78]}", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\x1b[2K", nl=False, err=True)
