"""A file with a document in it: its JSON value, and the line on which each part of it stands."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from preflight.config import json_text
from preflight.config.tree import Array, Node, Page, Scalar, Table, Unreadable

SMALL = 256 * 1024  # characters; a policy has at most a tenth, and a larger file is a plan in one line
LARGEST = 32 << 20  # bytes; plans are larger than configurations
_KIND = re.compile(r"(?P<kind>[a-z][a-z-]*)=(?P<path>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """One `--document`. `kind` is what the user calls it, or empty; `absent`: they say that there is none."""

    name: str
    kind: str = ""
    value: Any = None
    text: str = ""
    absent: bool = False
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)

    def places(self, pointer: str) -> dict[str, Any]:
        """The file and the lines of what stands at a pointer, by pointers from there."""
        inside = {
            key.removeprefix(pointer): place
            for key, place in self.lines.items()
            if key == pointer or key.startswith(f"{pointer}/")
        }
        return {"file": self.name, "lines": {key: list(place) for key, place in inside.items()} or {"": [1, 1]}}


def read(option: str, stdin: TextIO | None = None) -> Source:
    """The document that an option names: `PATH`, `KIND=PATH` or `KIND=none`. Raises `Unreadable`."""
    found = _KIND.fullmatch(option)
    kind, path = (found["kind"], found["path"]) if found else ("", option)
    if kind and path == "none":
        return Source(name=f"{kind}=none", kind=kind, absent=True)
    name, text = ("<stdin>", _stream(stdin or sys.stdin)) if path == "-" else (path, _text(path))
    if len(text) > SMALL:
        return Source(name=name, kind=kind, value=_loaded(name, text), text=text)
    page = Page.of(name, text)
    nodes = _parsed(page)
    if len(nodes) != 1:
        raise Unreadable(f"{name}:1:1: expected one document, found {len(nodes)}")
    value = _loaded(name, text) if _is_json(text) else _plain(nodes[0])
    return Source(name=name, kind=kind, value=value, text=text, lines=dict(_walk(page, nodes[0], "")))


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "["}


def _parsed(page: Page) -> tuple[Node, ...]:
    """JSON, or the YAML that `gcloud` prints unless it is told otherwise."""
    if _is_json(page.text) or ":" not in page.text:
        return tuple(json_text.parse(page))
    from preflight.config import yaml_text

    return yaml_text.parse(page)


def _plain(node: Node) -> Any:  # noqa: ANN401 - any JSON value
    """YAML as the value that JSON would have: of plain words, only those that are no texts in a policy."""
    match node:
        case Table(pairs=pairs):
            return {key.text: _plain(value) for key, value in pairs}
        case Array(items=items):
            return [_plain(item) for item in items]
        case Scalar(null=True):
            return None
        case Scalar(text=text):
            words: dict[str, Any] = {"true": True, "false": False}
            return words.get(text, int(text) if text.isdecimal() and len(text) < 4 else text)


def _stream(stdin: TextIO) -> str:
    try:
        text = stdin.read(LARGEST + 1)
    except UnicodeDecodeError:
        raise Unreadable("<stdin>: not UTF-8; expected a document in JSON") from None
    if len(text) > LARGEST:
        raise Unreadable(f"<stdin>: larger than {LARGEST >> 20} MiB; expected a document in JSON")
    return text


def _text(path: str) -> str:
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise Unreadable(f"{path}: cannot be read ({reason.lower()}); expected a document in JSON") from None
    if len(data) > LARGEST:
        raise Unreadable(f"{path}: larger than {LARGEST >> 20} MiB; expected a document in JSON")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: not UTF-8; expected a document in JSON") from None


def _loaded(name: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"{name}:{getattr(error, 'lineno', 1)}:{getattr(error, 'colno', 1)}: not JSON: {error}"
        ) from None


def _walk(page: Page, node: Node, pointer: str) -> Iterator[tuple[str, tuple[int, int]]]:
    yield pointer, page.position(node.start)
    match node:
        case Table(pairs=pairs):
            for key, value in pairs:
                escaped = key.text.replace("~", "~0").replace("/", "~1")
                yield from _walk(page, value, f"{pointer}/{escaped}")
        case Array(items=items):
            for index, item in enumerate(items):
                yield from _walk(page, item, f"{pointer}/{index}")
        case Scalar():
            pass
