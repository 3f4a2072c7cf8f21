"""`preflight policy`: the least documents for a storage, documents judged offline, and the current ones mended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from preflight.cli import _options as options
from preflight.model import Reach, Severity, Storage, Store

if TYPE_CHECKING:
    from preflight.config import Configuration

documents = click.option(
    "--document",
    "-d",
    "given",
    multiple=True,
    metavar="[KIND=]PATH",
    help="A policy, an answer of the cloud's command line or a Terraform plan, told by its content; KIND=none: there "
    "is none. May be repeated.",
)
storage_name = click.option("--storage", "name", metavar="NAME", help="Only the storage of this name.")


@click.group("policy")
def command() -> None:
    """Show, judge and mend the documents that grant a storage. Nothing is ever applied."""


@command.command("show")
@options.files
@click.option("-o", "--output", "form", type=click.Choice(["json", "terraform", "commands"]), default="json")
@click.option("--kms-key", metavar="ARN", help="Also what the bucket's encryption key needs.")
@click.option(
    "--prefix-condition",
    is_flag=True,
    help="Google, Azure: also a condition on names below the path. (S3's documents always name the path.)",
)
@storage_name
def show(files: tuple[str, ...], form: str, kms_key: str | None, prefix_condition: bool, name: str | None) -> int:  # noqa: FBT001 - click passes flags by name
    """Print the least grant for each storage: what the required checks need, and nothing more.

    One document is printed as it is; several as an object by `storage/document`.
    """
    from preflight import grants

    configuration = _load(files, name)
    _refuse_faulty(configuration)
    extras = grants.Extras(kms_key=kms_key, below_path=prefix_condition)
    shown = []
    for label, storage in grants.apart(configuration.storages):
        try:
            shown += [(label, grant) for grant in grants.least(storage, extras)]
        except grants.UngrantableError as why:
            raise click.UsageError(f"{label}: {why}") from None
    click.echo(grants.written(shown, form), nl=False)
    return 0


@command.command("test")
@options.files
@documents
@options.output
@options.fail_on
@options.only
@options.skip
@options.verbose
@storage_name
def test(
    files: tuple[str, ...],
    given: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    verbose: int,
    name: str | None,
) -> int:
    """Judge documents offline: the same checks, report and exit codes as `check`. Nothing is asked of any cloud."""
    from preflight.cli._delivery import Delivery
    from preflight.run import Plan, check

    if not given:
        raise click.UsageError("no document: add --document PATH, for example a bucket policy in JSON")
    named = [one.partition("=")[2] for one in given]  # of `KIND=PATH`
    delivery = Delivery(outputs, verbose, read=[*files, *given, *filter(None, named)])
    configuration = _load(files, name)
    held = _held(configuration, given)
    plan = Plan(
        only=options.known_checks(only),
        skip=options.known_checks(skip) | ({"load-secrets"} if _only_secrets_lost(configuration) else set()),
        fail_on=Severity(fail_on),
        documents=held,
        given=(*(word for one in given for word in ("--document", one)), *(("--storage", name) if name else ())),
    )
    report = check(configuration, plan)
    delivery.report(report)
    return report.exit_code


@command.command("fix")
@options.files
@documents
@options.inspect
@options.aws_profile
@options.endpoint
@options.timeout
@storage_name
def fix(
    files: tuple[str, ...],
    given: tuple[str, ...],
    inspect: bool,  # noqa: FBT001 - click passes flags by name
    aws_profile: str | None,
    endpoints: tuple[str, ...],
    timeout: float,
    name: str | None,
) -> int:
    """Show the smallest change to the current documents that makes the grant hold, and widens nothing else.

    The current documents come from files (--document) or are read with your own identity (--inspect). Exit code: 0
    if the grant holds with the changes shown (or without any), 1 if it cannot be mended like this, 3 if the
    documents do not tell.
    """
    from preflight import grants

    reach = options.reach(endpoints, timeout, inspect=inspect, aws_profile=aws_profile)
    if not given and not reach.inspect:
        raise click.UsageError("no current documents: add --document PATH for each, or --inspect to read them")
    configuration = _load(files, name)
    _refuse_faulty(configuration)
    held = _held(configuration, given) if given else _inspected(reach)
    worst = 0
    for storage in configuration.storages:
        mended = grants.mend(storage, held(storage))
        click.echo(grants.told(storage, mended), nl=False)
        worst = max(worst, mended.exit_code)
    return worst


def _load(files: tuple[str, ...], name: str | None) -> Configuration:
    from dataclasses import replace

    from preflight.config import Unreadable, load

    try:
        configuration = load(files, stdin=sys.stdin)
    except Unreadable as wrong:
        raise click.UsageError(str(wrong)) from None
    if name is None:
        return configuration
    chosen = tuple(storage for storage in configuration.storages if storage.name == name)
    if not chosen:
        known = ", ".join(storage.name for storage in configuration.storages)
        raise click.BadParameter(f"there is no storage {name!r}; there is {known or 'none'}", param_hint="--storage")
    return replace(configuration, storages=chosen)


# What a grant is about: without it, a document would be about something else.
_TARGET = ("storage_type", "bucket", "path", "aws_s3.s3_region", "azure_blob.abs_account_name")


def _refuse_faulty(configuration: Configuration) -> None:
    """A path that could not be read is not an empty one: nothing is written for a storage that is not known."""
    from preflight.checks import drawer

    chosen = {str(storage.origin) for storage in configuration.storages}
    for problem in configuration.problems:
        bad = drawer()[problem.check].severity is Severity.ERROR
        if bad and problem.field in _TARGET and problem.storage in chosen:
            raise click.UsageError(f"{problem.location}: {problem.message}")


def _only_secrets_lost(configuration: Configuration) -> bool:
    """Whether documents can be judged without what could not be loaded."""
    lost = [problem for problem in configuration.problems if problem.check == "load-secrets"]
    return not any(problem.field in _TARGET for problem in lost)


def _held(configuration: Configuration, given: tuple[str, ...]) -> Callable[[Storage], Store]:
    """The stores that answer from files, one for each storage; says on standard error what each file was taken for."""
    from preflight.config import Unreadable
    from preflight.documents import FileStore, UnrecognisedError, assign
    from preflight.documents.files import read
    from preflight.providers import recogniser

    storages = configuration.storages
    stores: dict[int, FileStore] = {}
    try:
        found = assign([read(option, sys.stdin) for option in given], storages, recogniser)
        for number, storage in enumerate(storages):
            if known := recogniser(storage.storage_type):
                stores[id(storage)] = FileStore.of(storage, known, found[number])
    except (Unreadable, UnrecognisedError) as wrong:
        raise click.UsageError(str(wrong)) from None
    for title in dict.fromkeys(one.title for held in found.values() for one in held):
        click.echo(title, err=True)
    return lambda storage: stores[id(storage)]


def _inspected(reach: Reach) -> Callable[[Storage], Store]:
    """The store that reads with the operator's own identity."""
    from preflight.providers import provider

    def store(storage: Storage) -> Store:
        found = provider(storage.storage_type).inspector(storage, reach)
        if isinstance(found, str):
            raise click.UsageError(f"{storage.name}: {found}")
        return found

    return store
