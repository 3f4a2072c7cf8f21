"""`FORMAT[=PATH]`: what is written, and where."""

from __future__ import annotations

from collections.abc import Collection
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


def write(path: str, text: str, *, after: bool = False) -> None:
    """Write a file, or `after` what stands in it. Raises `click.UsageError`."""
    try:
        with Path(path).open("a" if after else "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except BrokenPipeError:
        pass  # whoever read has left: no error
    except OSError as wrong:
        raise click.UsageError(f"{path}: cannot be written: {wrong.strerror}") from None
