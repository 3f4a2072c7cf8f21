"""`FORMAT[=PATH]`: what is written, and where."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

import click

from preflight.cli._options import did_you_mean


def parted(output: str, formats: Collection[str]) -> tuple[str, str]:
    """The format and the path; no path is standard output. Raises `click.BadParameter`."""
    name, mark, path = output.partition("=")
    if name not in formats:
        hint = did_you_mean(name, formats)
        raise click.BadParameter(f"{name!r} is none of {', '.join(formats)}{hint}", param_hint="-o")
    if mark and not path:
        raise click.BadParameter(f"{output!r} names no file; leave the = out for standard output", param_hint="-o")
    return name, path


def spare(read: Iterable[str], written: Iterable[str | None]) -> None:
    """Raises `click.UsageError` where one file would be written twice, or in place of what is read.

    What is no regular file, such as a device or a pipe, loses nothing by it.
    """
    sources = [path for path in read if path != "-"]
    places: list[str] = []
    for path in filter(None, written):
        if Path(path).exists() and not Path(path).is_file():
            continue
        if any(_same(path, other) for other in places):
            raise click.UsageError(f"{path}: two outputs would be written here; give each a file of its own")
        if any(_same(path, other) for other in sources):
            raise click.UsageError(f"{path}: is read, and would be written over; give the output a file of its own")
        places.append(path)


def _same(one: str, other: str) -> bool:
    """Whether two paths are one file, be it that there is none yet."""
    try:
        return os.path.realpath(one) == os.path.realpath(other) or Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def write(path: str, text: str, *, after: bool = False) -> None:
    """Write a file, or `after` what stands in it. Raises `click.UsageError`."""
    try:
        with Path(path).open("a" if after else "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except BrokenPipeError:
        pass  # whoever read has left: no error
    except OSError as wrong:
        raise click.UsageError(f"{path}: cannot be written: {wrong.strerror}") from None
