"""A path, or standard input, as a tree of what it says; whatever cannot be read is refused in one sentence."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from preflight.config import json_text
from preflight.config.tree import Node, Page, Unreadable

FILE_LIMIT = 1 << 20  # bytes; ten storages with their keys need a fiftieth of it
STDIN = "<stdin>"

_FOREIGN = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
_TOML_LINE = re.compile(r"""\[\[?[\w."' -]+\]\]?\s*(#.*)?$|["'\w.-]+(\s*\.\s*["'\w-]+)*\s*=""", re.ASCII)


def read(source: str, stdin: TextIO | None = None) -> tuple[Page, tuple[Node, ...]]:
    """The text of a source and the documents in it. Raises `Unreadable`."""
    # A file may have any bytes for its name; a report can only show characters.
    name = STDIN if source == "-" else source.encode(errors="replace").decode()
    data = _stdin(stdin or sys.stdin) if source == "-" else _file(source)
    page = Page.of(name, _decode(name, data))
    if not page.text.strip():
        raise Unreadable(f"{name}:1:1: this file is empty; expected a storage configuration")
    documents = _parser(source, page.text)(page)
    if not documents:
        raise Unreadable(f"{name}:1:1: there is nothing but comments here; expected a storage configuration")
    return page, documents


def _stdin(stream: TextIO) -> bytes:
    try:
        raw = getattr(stream, "buffer", None)
        return bytes(raw.read(FILE_LIMIT + 1)) if raw else stream.read(FILE_LIMIT + 1).encode()
    except (OSError, ValueError) as error:
        raise Unreadable(f"{STDIN}:1:1: cannot be read ({type(error).__name__}); expected a configuration") from None


def _file(source: str) -> bytes:
    try:
        with Path(source).open("rb") as stream:
            return stream.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise Unreadable(f"{source}:1:1: cannot be read ({reason.lower()}); expected a configuration file") from None


def _decode(name: str, data: bytes) -> str:
    def refuse(offset: int, why: str) -> Unreadable:
        *above, line = data[:offset].split(b"\n")
        place = f"{name}:{len(above) + 1}:{len(line.decode(errors='replace')) + 1}"
        return Unreadable(f"{place}: {why}; expected text in UTF-8")

    if len(data) > FILE_LIMIT:
        raise Unreadable(f"{name}:1:1: larger than {FILE_LIMIT >> 20} MiB; expected a storage configuration")
    for mark, encoding in _FOREIGN.items():
        if data.startswith(mark):
            raise refuse(0, f"encoded as {encoding}")
    if (zero := data.find(b"\0")) >= 0:
        raise refuse(zero, "a binary file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(error.start, "bytes that are not UTF-8") from None


def _parser(source: str, text: str) -> Callable[[Page], tuple[Node, ...]]:
    """The parser that the extension names, or else the one that the text looks like."""
    match Path(source).suffix.lower():
        case ".json" | ".jsonl" | ".ndjson":
            return json_text.parse
        case ".toml":
            return _toml
        case ".yaml" | ".yml":
            return _yaml
        case _:
            return _recognise(text)


def _recognise(text: str) -> Callable[[Page], tuple[Node, ...]]:
    if re.match(r"\s*(\{\s*[\"}]|\[\s*[\]{]\s*\"?)", text):
        return json_text.parse
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return _toml if _TOML_LINE.match(first) else _yaml


def _yaml(page: Page) -> tuple[Node, ...]:
    # Each of these costs some milliseconds to import, and one file needs one of them.
    from preflight.config import yaml_text

    return yaml_text.parse(page)


def _toml(page: Page) -> tuple[Node, ...]:
    from preflight.config import toml_text

    return toml_text.parse(page)
