"""YAML as trees that keep their positions, with anchors and merge keys, and nothing guessed about types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from preflight.config.characters import flaw
from preflight.config.tree import DEPTH_LIMIT, SIZE_LIMIT, Array, Node, Page, Scalar, Table, Unreadable

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_TAG = "tag:yaml.org,2002:"
_TAGS = {None, "!", *(_TAG + kind for kind in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp"))}


def parse(page: Page) -> tuple[Node, ...]:
    """Every document of a text."""
    builder = _Builder(page)
    try:
        for event in yaml.parse(page.text, Loader=_LOADER):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        raise page.refuse(error.position, "a character that YAML does not allow; expected printable text") from None
    except yaml.MarkedYAMLError as error:
        raise _refuse(page, error) from None
    return tuple(builder.documents)


def _refuse(page: Page, error: yaml.MarkedYAMLError) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    offset = mark.index if mark else 0
    line = page.text[page.starts[page.position(offset)[0] - 1] :].partition("\n")[0]
    if re.match(r" *\t", line):
        return page.refuse(offset, "a tab indents this line; YAML wants spaces")
    # The parser may quote the file, and the file may hold secrets: only single characters are passed on.
    problem = re.sub(r" ?'[^']{2,}'|\"[^\"]{2,}\"", "", error.problem or error.context or "it cannot be parsed")
    return page.refuse(offset, f"this is not YAML: {problem}; expected `key: value` lines, aligned")


def _index(mark: Any) -> int:  # noqa: ANN401 - either implementation's mark
    return int(mark.index)


@dataclass(slots=True)
class _Open:
    """A list or table that is being read. `size` counts nodes, aliases as often as they are used."""

    start: int
    anchor: str | None
    table: bool
    nodes: list[Node] = field(default_factory=list)
    size: int = 1


class _Builder:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.documents: list[Node] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.size = 0

    def take(self, event: yaml.Event) -> None:
        start, end = _index(event.start_mark), _index(event.end_mark)
        match event:
            case yaml.DocumentStartEvent():
                self.anchors.clear()
            case yaml.AliasEvent(anchor=anchor):
                if anchor not in self.anchors:
                    raise self.page.refuse(
                        start, "an alias (*) without its anchor (&); quote the text if * is part of it"
                    )
                self.put(*self.anchors[anchor])
            case yaml.ScalarEvent(value=text, implicit=implicit, anchor=anchor):
                self.check_tag(event)
                null = bool(implicit[0]) and text in _NULLS
                self.put(Scalar(start, end, "" if null else text, null), 1, anchor)
            case yaml.SequenceStartEvent(anchor=anchor) | yaml.MappingStartEvent(anchor=anchor):
                self.check_tag(event)
                if len(self.stack) > DEPTH_LIMIT:
                    raise self.page.refuse(
                        start, f"nested deeper than {DEPTH_LIMIT} levels; a configuration needs five"
                    )
                self.stack.append(_Open(start, anchor, isinstance(event, yaml.MappingStartEvent)))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self.stack.pop()
                close = self.table if done.table else self.array
                self.put(close(done, end), done.size, done.anchor)
            case _:
                pass

    def check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in _TAGS:
            raise self.page.refuse(_index(event.start_mark), "a YAML tag (!) that is not read; expected a plain value")

    def put(self, node: Node, size: int, anchor: str | None = None) -> None:
        if anchor:
            self.anchors[anchor] = node, size
        parent = self.stack[-1] if self.stack else None
        if parent:
            parent.nodes.append(node)
            parent.size += size
        else:
            self.documents.append(node)
            self.size += size
        if self.size + (parent.size if parent else 0) > SIZE_LIMIT:
            raise self.page.refuse(
                node.start, f"this unfolds to more than {SIZE_LIMIT} values; expected a configuration"
            )

    def array(self, done: _Open, end: int) -> Array:
        return Array(done.start, end, tuple(done.nodes))

    def table(self, done: _Open, end: int) -> Table:
        own: dict[str, tuple[Scalar, Node]] = {}
        merged: list[Node] = []
        for key, value in zip(done.nodes[::2], done.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise self.page.refuse(key.start, "a key that is a list or a table; expected a word")
            if wrong := flaw(key.text):
                raise self.page.refuse(key.start, f"this key is {wrong}; expected a word")
            if key.text == "<<":
                merged.append(value)
            elif key.text in own:
                raise self.page.refuse(key.start, "this key is written twice; expected each key once")
            else:
                own[key.text] = key, value
        for table in self.merges(merged):
            own = {key.text: (key, value) for key, value in table.pairs} | own
        return Table(done.start, end, tuple(own.values()))

    def merges(self, nodes: list[Node]) -> Iterator[Table]:
        """What `<<` names, the strongest first."""
        for node in nodes:
            for table in node.items if isinstance(node, Array) else (node,):
                if not isinstance(table, Table):
                    raise self.page.refuse(table.start, "`<<` merges a table; expected an alias of one")
                yield table
