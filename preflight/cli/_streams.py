"""The standard streams as every command may use them: there, and of one mind about what cannot be read or written."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO

import click


class _Input(io.FileIO):
    """Standard input, whose failure is one sentence."""

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any buffer that can be written
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise click.ClickException(f"standard input: cannot be read: {error.strerror}") from None

    def readall(self) -> bytes | None:  # type: ignore[override]  # as the class above does
        try:
            return super().readall()
        except OSError as error:
            raise click.ClickException(f"standard input: cannot be read: {error.strerror}") from None


class _Output(io.FileIO):
    """Standard output. Its failure is one sentence, said once; a reader who has left (`| head`) is none at all."""

    lost = False

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        if self.lost:
            return len(data)
        try:
            return super().write(data) or 0
        except OSError as error:
            self.lost = True
            if isinstance(error, BrokenPipeError):
                return len(data)
            raise click.ClickException(f"standard output: cannot be written: {error.strerror}") from None


class _Messages(io.FileIO):
    """Standard error. Where it cannot be written there is nowhere to say so, and no reason to stop."""

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        try:
            return super().write(data) or 0
        except OSError:
            return len(data)


def settle() -> None:
    """Put these in place of the process's own streams; what else may stand there was put there by somebody.

    A closed one is given its number back before another file takes it. Input and output the wrong way round, so that
    using them is still an error.
    """
    if sys.stdin is sys.__stdin__:
        sys.stdin = _text(io.BufferedReader(_Input(_number(sys.stdin, os.O_WRONLY), closefd=False)), sys.stdin)
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(io.BufferedWriter(_Output(_number(sys.stdout, os.O_RDONLY), "w", closefd=False)), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(
            io.BufferedWriter(_Messages(_number(sys.stderr, os.O_WRONLY), "w", closefd=False)), sys.stderr
        )


def reader_gone() -> bool:
    """Whether nobody reads standard output any more, so that whoever writes without end may stop."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, _Output) and raw.lost


def _number(stream: TextIO | None, way: int) -> int:
    return os.open(os.devnull, way) if stream is None else stream.fileno()


def _text(buffer: io.BufferedReader | io.BufferedWriter, before: TextIO | None) -> TextIO:
    """What no encoding of a terminal can say is written as an escape."""
    return io.TextIOWrapper(
        buffer,
        encoding=before.encoding if before else "utf-8",
        errors="backslashreplace",
        line_buffering=bool(before and before.line_buffering),
    )
