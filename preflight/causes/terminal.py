"""A page as text for a terminal: wrapped, indented, and with colour where colour is wanted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from preflight.causes import markup
from preflight.causes.markup import Bullets, Fence, Heading, Mark, Paragraph

WIDTH = 88


def render(text: str, *, colour: bool) -> str:
    """The page, without colour still with its inline marks, so that nothing is lost in a pipe."""
    return "\n\n".join("\n".join(_lines(block, colour=colour)) for block in markup.parse(text)) + "\n"


def _lines(block: markup.Block, *, colour: bool) -> Iterator[str]:
    match block:
        case Heading(level, title):
            yield from _heading(level, title, colour=colour)
        case Paragraph(text):
            yield from _wrapped(text, "", "", colour=colour)
        case Bullets(items):
            for item in items:
                yield from _wrapped(item, "- ", "  ", colour=colour)
        case Fence(language, text):
            for line in text.splitlines():
                yield "    " + (click.style(line, fg="cyan") if colour and language != "text" else line)


def _heading(level: int, title: str, *, colour: bool) -> Iterator[str]:
    if colour:
        yield click.style(title, bold=True, underline=level == 1)
        return
    yield title
    if level <= 2:
        yield ("=" if level == 1 else "-") * len(title)


def _wrapped(text: str, first: str, rest: str, *, colour: bool) -> Iterator[str]:
    """The text in lines, wrapped before colour is added, so that colour takes no room."""
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    if not colour:
        yield from lines
        return
    # a mark may span a line end: style word by word, over the joined lines
    yield from "".join(_styled(mark, piece) for mark, piece in markup.spans("\n".join(lines))).split("\n")


def _styled(mark: Mark, piece: str) -> str:
    def each_line(**style: bool | str) -> str:
        return "\n".join(click.style(line, **style) for line in piece.split("\n"))  # type: ignore[arg-type]  # styles differ in type

    match mark:
        case Mark.PLAIN:
            return piece
        case Mark.CODE:
            return each_line(fg="cyan")
        case Mark.STRONG:
            return each_line(bold=True)
        case Mark.EMPHASIS:
            return each_line(italic=True)
