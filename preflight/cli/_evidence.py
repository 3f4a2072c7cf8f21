"""Reading and writing evidence files and reports, for the commands that follow a check."""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from preflight.evidence import Kept
    from preflight.model import Report
    from preflight.past import Past

LARGEST = 32 << 20  # bytes; evidence of ten storages takes a hundredth

file = click.argument("file", metavar="FILE")


def text_of(name: str) -> str:
    """A file, or standard input for `-`. Raises `click.UsageError`."""
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise click.UsageError(f"{name}: is larger than {LARGEST >> 20} MiB")
        return data.decode("utf-8-sig")
    except OSError as wrong:
        raise click.UsageError(f"{name}: cannot be read: {wrong.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{name}: is not text in UTF-8") from None


def kept_in(name: str, text: str) -> Kept:
    """The evidence in a file's text. Raises `click.UsageError`."""
    from preflight.evidence import Unusable, read

    try:
        return read(name, text)
    except Unusable as wrong:
        raise click.UsageError(str(wrong)) from None


def past(name: str) -> Past:
    """A report that was made before, from its JSON or from evidence. Raises `click.UsageError`."""
    from preflight.past import SCHEMA, Unfit, read

    text = text_of(name)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise click.UsageError(f"{name}: is not JSON; expected `-o json` of a check, or evidence") from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if isinstance(schema, str) and schema.startswith("preflight.evidence/"):
        from preflight.replay import replay
        from preflight.reports import _plain

        document = _plain.report(replay(kept_in(name, text)))
    elif schema != SCHEMA:
        found = f"`schema: {schema[:40]}`" if isinstance(schema, str) else "no schema"
        raise click.UsageError(f"{name}: has {found}; expected {SCHEMA}, or evidence of a check")
    try:
        return read(document)
    except Unfit as wrong:
        raise click.UsageError(f"{name}: {wrong}") from None


def save(name: str, document: dict[str, Any], *, anonymous: bool) -> None:
    """Write evidence for its owner's eyes only. Anonymous, it is judged once more before anybody relies on it."""
    from preflight.evidence import dumps

    if anonymous:
        document = _anonymous(document)
    try:
        _write_private(Path(name), dumps(document))
    except OSError as wrong:
        raise click.UsageError(f"{name}: cannot be written: {wrong.strerror}") from None


def _write_private(path: Path, text: str) -> None:
    """A new file takes the place of an old one, whose mode would stay; what is no file (a pipe) is written to."""
    from tempfile import mkstemp

    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            path.write_text(text, encoding="utf-8")
            return
    place = path.resolve()  # where a link leads to: the link itself stays
    handle, name = mkstemp(prefix=f".{place.name[:100]}.", dir=place.parent)  # for its owner only
    new = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        new.replace(place)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _anonymous(document: dict[str, Any]) -> dict[str, Any]:
    from preflight.anonymise import anonymise
    from preflight.evidence import dumps, read
    from preflight.replay import replay

    found = anonymise(document)
    if _judged(replay(read("evidence", dumps(found)))) != _judged(replay(read("evidence", dumps(document)))):
        message = (
            "without its names this evidence would be judged otherwise, so nothing was written; leave --anonymise out"
        )
        raise click.UsageError(message)
    return found


def _judged(report: Report) -> list[object]:
    outcomes = [outcome for storage in report.storages for outcome in storage.outcomes]
    told = [(each.check, each.status, [candidate.cause for candidate in each.candidates]) for each in outcomes]
    return [report.verdict, *told]
