"""The little Markdown that the pages are written in: headings, paragraphs, bullets, fences and inline marks."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """Text to be shown as it stands; `language` is `sh`, `json`, `yaml`, `text` or empty."""

    language: str
    text: str


Block = Heading | Paragraph | Bullets | Fence


class Mark(enum.Enum):
    """How a piece of running text is set."""

    PLAIN = ""
    CODE = "`"
    STRONG = "**"
    EMPHASIS = "*"


_INLINE = re.compile(r"`(?P<CODE>[^`]+)`|\*\*(?P<STRONG>[^*]+)\*\*|\*(?P<EMPHASIS>[^*\s][^*]*)\*")


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a page, in order. Lines of one paragraph or bullet are joined by a space."""
    blocks: list[Block] = []
    lines = iter(text.splitlines())
    joined = False  # whether the next line continues the block before it
    for line in lines:
        if line.startswith("```"):
            blocks.append(Fence(line[3:].strip(), "\n".join(_fenced(lines))))
            joined = False
        elif not line.strip():
            joined = False
        elif line.startswith("#"):
            marks, _, title = line.partition(" ")
            blocks.append(Heading(len(marks), title.strip()))
            joined = False
        else:
            _running(blocks, line, joined=joined)
            joined = True
    return tuple(blocks)


def _fenced(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("```"):
            return
        yield line


def _running(blocks: list[Block], line: str, *, joined: bool) -> None:
    """Adds a line of a paragraph or of bullets to what came before, or begins anew."""
    text = line.strip()
    match blocks[-1] if blocks and joined else None:
        case Bullets(items) if line.startswith("- "):
            blocks[-1] = Bullets((*items, text[2:]))
        case Bullets(items):
            blocks[-1] = Bullets((*items[:-1], f"{items[-1]} {text}"))
        case Paragraph(before) if not line.startswith("- "):
            blocks[-1] = Paragraph(f"{before} {text}")
        case _:
            blocks.append(Bullets((text[2:],)) if line.startswith("- ") else Paragraph(text))


def fences(text: str) -> tuple[Fence, ...]:
    return tuple(block for block in parse(text) if isinstance(block, Fence))


def spans(text: str) -> Iterator[tuple[Mark, str]]:
    """Running text as pieces, each with its mark."""
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            yield Mark.PLAIN, text[end : found.start()]
        name = found.lastgroup or ""
        yield Mark[name], found[name]
        end = found.end()
    if end < len(text):
        yield Mark.PLAIN, text[end:]


def bare(text: str) -> str:
    """Running text without its marks."""
    return "".join(piece for _, piece in spans(text))
