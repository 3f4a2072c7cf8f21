"""`preflight clean`: deletes what test runs left, with the operator's own rights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from preflight.cli import _options as options
from preflight.journal import Left, NotAJournal, in_use, journals, read, settle, storage_of
from preflight.model import TEST_NAME, Cause, Delete, Reach, Reply, Storage, Store

# What a run of ours names its objects; a journal that names anything else has been tampered with.
_OURS = re.compile(rf"{TEST_NAME}[0-9a-f]{{32}}[A-Za-z0-9-]*(?:\.txt)?")


@dataclass(frozen=True, slots=True)
class Tidied:
    """What became of one entry: `gone`, or why not; `remains` says what stays in spite of a success."""

    left: Left
    gone: bool
    message: str = ""
    remains: str = ""


@click.command("clean")
@click.argument("paths", nargs=-1, metavar="[JOURNAL]…", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Every journal of yours; the same as naming none.")
@click.option("--dry-run", is_flag=True, help="Say what is left, and delete nothing.")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text")
@options.timeout
@options.endpoint
@options.aws_profile
def command(
    *,
    paths: tuple[Path, ...],
    everything: bool,
    dry_run: bool,
    output: str,
    timeout: float,
    endpoints: tuple[str, ...],
    aws_profile: str | None,
) -> int:
    """Delete the test objects that the runs of JOURNAL… left, as yourself (AWS profile, gcloud, az).

    Only names that a run of preflight made up are ever deleted. Exit code: 0 if nothing is left, 1 otherwise.
    """
    if paths and everything:
        raise click.UsageError("--all goes without a JOURNAL")
    reach = options.reach(endpoints, timeout, inspect=True, aws_profile=aws_profile)
    found = _open(paths or journals())
    if output == "text":
        _list(found)
    tidied = [] if dry_run else [one for path, lefts in found.items() for one in _tidy(path, lefts, reach)]
    if output == "json":
        click.echo(json.dumps(_plain(found, tidied), indent=2))
    elif not dry_run:
        _tell(tidied)
    return int(any(not one.gone for one in tidied) if not dry_run else any(found.values()))


def _open(paths: Iterable[Path]) -> dict[Path, tuple[Left, ...]]:
    """What each journal leaves open. Raises `click.UsageError` for one that is none, before anything is deleted."""
    try:
        return {path: read(path) for path in paths if not _busy(path)}
    except NotAJournal as wrong:
        raise click.UsageError(str(wrong)) from None


def _busy(path: Path) -> bool:
    if not in_use(path):
        return False
    click.echo(f"{path}: its run is still under way, left alone", err=True)
    return True


def _list(found: dict[Path, tuple[Left, ...]]) -> None:
    from preflight.reports._text import tame

    if not any(found.values()):
        click.echo("nothing is left behind")
    for path, lefts in found.items():
        for left in lefts:
            at = left.storage.get("endpoint_url", "")
            click.echo(f"{tame(left.address)}{f'   at {tame(at)}' if at else ''}   {tame(left.created)}   {path}")


def _tidy(path: Path, lefts: Iterable[Left], reach: Reach) -> Iterator[Tidied]:
    """Delete what one journal names; each success is written down, and the last one removes the journal."""
    tidied = [_delete(left, reach) for left in lefts]
    yield from tidied
    gone = [one.left.address for one in tidied if one.gone]
    if not lefts:
        path.unlink(missing_ok=True)
    for address in gone:
        settle(path, address)


def _delete(left: Left, reach: Reach) -> Tidied:
    from preflight.redact import redact

    try:
        storage = storage_of(left.storage)
    except NotAJournal as wrong:
        return Tidied(left, gone=False, message=str(wrong))
    store = _cleaner(left, storage, reach)
    if isinstance(store, str):
        return Tidied(left, gone=False, message=store)
    try:
        reply = store.ask(Delete(left.key))
    except Exception as error:  # noqa: BLE001 - one entry that fails must not keep the others
        return Tidied(left, gone=False, message=redact(f"{type(error).__name__}: {error}"))
    if reply.refusal is None:
        return Tidied(left, gone=True, remains=redact(str(reply.facts.get("remains", ""))))
    if reply.status == 404 and reply.code in {"NoSuchKey", "BlobNotFound"}:
        return Tidied(left, gone=True, message="was not there")
    return Tidied(left, gone=False, message=redact(_why(left.key, storage, reply)))


def _why(key: str, storage: Storage, reply: Reply) -> str:
    """Why a deletion was refused. That writing needs none is no answer to who wants to delete: the right is."""
    from preflight.diagnose import diagnose
    from preflight.providers import provider

    found = diagnose(reply.refusal, storage).candidates if reply.refusal else ()
    first = next((one for one in found if one.cause is not Cause.NOT_NEEDED), None)
    said = first.because if first and first.because else " ".join(str(p) for p in (reply.status, reply.code) if p)
    if not any(one.cause is Cause.NOT_NEEDED for one in found):
        return said
    rights = [one for one in provider(storage.storage_type).needs(Delete(key), storage) if one.action not in said]
    return "; ".join([said, *(f"deleting it takes {one.action} on {one.resource}" for one in rights)])


def _cleaner(left: Left, storage: Storage, reach: Reach) -> Store | str:
    """Who can delete this, or why nobody here may."""
    from preflight.config.rules.endpoints import forbidden
    from preflight.providers import provider

    name = left.key.removeprefix(storage.path)
    if not left.key.startswith(storage.path) or not _OURS.fullmatch(name) or ".." in left.key:
        return "this is not a name that a run of preflight makes up: nothing is deleted"
    if forbidden(_host(left.storage.get("endpoint_url", ""))):
        return "its endpoint is the metadata service of a cloud machine, which is never asked"
    return provider(storage.storage_type).cleaner(storage, reach)


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _tell(tidied: Iterable[Tidied]) -> None:
    from preflight.reports._text import tame

    for one in tidied:
        if one.gone:
            remains = f"; remains: {one.remains}" if one.remains else ""
            said = f" ({one.message})" if one.message else ""
            click.echo(f"deleted {tame(one.left.address)}{said}{tame(remains)}")
        else:
            click.echo(f"NOT deleted {tame(one.left.address)}: {tame(one.message)}")
            click.echo(f"    delete with: {tame(one.left.delete)}")


def _plain(found: dict[Path, tuple[Left, ...]], tidied: Iterable[Tidied]) -> dict[str, object]:
    left = [
        {"journal": str(path), "address": each.address, "created": each.created, "delete": each.delete}
        for path, lefts in found.items()
        for each in lefts
    ]
    done = [
        {"address": one.left.address, "gone": one.gone, "message": one.message, "remains": one.remains}
        for one in tidied
    ]
    return {"schema": "preflight.clean/1", "left": left, "cleaned": done}
