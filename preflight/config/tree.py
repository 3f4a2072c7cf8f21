"""A configuration file as a tree that knows where each of its words stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import finditer

from preflight.model import Location

DEPTH_LIMIT = 40  # levels; a storage needs five
SIZE_LIMIT = 50_000  # nodes, aliases counted each time they are used
WIDEST_MARK = 60  # characters underlined at most
WIDEST_LINE = 300  # a column further out is named, and its line not shown
MARGIN = 100  # characters of a long line that are always shown


class Unreadable(Exception):  # noqa: N818 - what the file is, not what happened to us
    """A file that cannot be read or parsed; its text is one sentence with the place and what was expected."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """One word: its text as meant, never guessed to be a number or a date. Offsets count characters."""

    start: int
    end: int
    text: str
    null: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """A list, and the characters that it takes."""

    start: int
    end: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Pairs of names and values, in their order, and the characters that they take."""

    start: int
    end: int
    pairs: tuple[tuple[Scalar, Node], ...]

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return ((key.text, value) for key, value in self.pairs)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key.text for key, _ in self.pairs)

    def get(self, name: str) -> Node | None:
        return next((value for key, value in self if key == name), None)


Node = Scalar | Array | Table


def empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.null


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """The text of one source, and where its lines begin. `shown` is the text with what is private masked."""

    name: str
    text: str
    shown: str
    starts: tuple[int, ...] = field(default=())

    @classmethod
    def of(cls, name: str, text: str, shown: str | None = None) -> Page:
        starts = (0, *(found.end() for found in finditer(r"\r\n|\r|\n", text)))
        return cls(name, text, text if shown is None else shown, starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def locate(self, start: int, end: int) -> Location:
        """The place of a span; of a span over several lines, its first."""
        line, column = self.position(start)
        begin, *after = self.starts[line - 1 : line + 1]
        seen = begin + WIDEST_LINE + WIDEST_MARK  # a line may be as long as the file, and have as many fields
        whole = self.shown[begin : min(seen, *after) if after else seen].rstrip("\r\n")
        width = min(max(end - start, 1), max(len(whole) - column + 1, 1), WIDEST_MARK)
        return Location(self.name, line, column, width, _excerpt(whole, column - 1 + width))

    def place(self, node: Node) -> Location:
        """The place of a value; of a table or a list, where it begins."""
        match node:
            case Table(pairs=((key, _), *_)) if key.start == node.start:
                return self.locate(key.start, key.end)
            case Scalar():
                return self.locate(node.start, node.end)
            case Table() | Array():
                return self.locate(node.start, node.start + 1)

    def refuse(self, offset: int, why: str) -> Unreadable:
        line, column = self.position(min(offset, len(self.text)))
        return Unreadable(f"{self.name}:{line}:{column}: {why}")


def _excerpt(line: str, needed: int) -> str:
    """The line as a terminal may show it: printable, and not endless. Columns stay what they are."""
    if needed > WIDEST_LINE:
        return ""
    keep = max(needed, MARGIN)
    shown = "".join(mark if mark.isprintable() else " " if mark == "\t" else "\ufffd" for mark in line[:keep])
    return shown.rstrip() if len(line) <= keep else shown + "…"
