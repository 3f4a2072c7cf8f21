"""TOML as a tree that keeps its positions: the standard library judges the text, a scanner says where things are."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

from preflight.config.tree import DEPTH_LIMIT, Array, Node, Page, Scalar, Table

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' r"|'''.*?'{3,5}(?!')" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
# A key of very many parts costs the standard library the square of their number, so it is refused before.
_LONG_KEY = re.compile(rf"""(?<![\w"'-])(?:["']?[\w-]*+["']?[ \t]*+\.[ \t]*+){{{DEPTH_LIMIT}}}""")
# Nor does Python turn so many digits into a number, or back.
_LONG_NUMBER = re.compile(r"[0-9A-Fa-f_]{4000,}")


def parse(page: Page) -> tuple[Node, ...]:
    """The one document of a text."""
    too_deep = f"nested deeper than {DEPTH_LIMIT} levels; a configuration needs five"
    if found := _LONG_KEY.search(page.text):
        raise page.refuse(found.start(), too_deep)
    try:
        tomllib.loads(page.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise page.refuse(_offset(page, str(error)), f"this is not TOML: {_reason(str(error))}") from None
    except ValueError:
        found = _LONG_NUMBER.search(page.text)
        raise page.refuse(found.start() if found else 0, "a number that nobody can mean; expected a text") from None
    except RecursionError:
        raise page.refuse(0, too_deep) from None
    return (_Scanner(page).document(),)


def _offset(page: Page, message: str) -> int:
    found = re.search(r"at line (\d+), column (\d+)", message)
    return page.starts[int(found[1]) - 1] + int(found[2]) - 1 if found else len(page.text)


def _reason(message: str) -> str:
    """The parser's reason without what it quotes of the file, which may be secret."""
    reason = re.sub(r"\s*\(at [^)]*\)", "", message)
    reason = re.sub(r"\s*(?:'[^']{2,}'|\"[^\"]{2,}\"|\([^)]*\)|: .*)", "", reason)
    return (reason[:1].lower() + reason[1:]).rstrip(".") + '; expected `key = "value"` lines'


@dataclass(slots=True)
class _Branch:
    """A table that may still grow: TOML comes back to them."""

    start: int
    end: int
    keys: dict[str, Scalar] = field(default_factory=dict)
    values: dict[str, Node | _Branch | _Rows] = field(default_factory=dict)

    def freeze(self) -> Node:
        frozen = ((self.keys[name], _frozen(value)) for name, value in self.values.items())
        return Table(self.start, self.end, tuple(frozen))


@dataclass(slots=True)
class _Rows:
    """An array of tables that may still grow."""

    start: int
    end: int
    rows: list[_Branch] = field(default_factory=list)

    def freeze(self) -> Node:
        return Array(self.start, self.end, tuple(row.freeze() for row in self.rows))


def _frozen(value: Node | _Branch | _Rows) -> Node:
    return value.freeze() if isinstance(value, _Branch | _Rows) else value


class _Scanner:
    """Reads text that is known to be TOML, so whatever is not something else is the last thing it can be."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text
        self.at = 0

    def document(self) -> Node:
        root = here = _Branch(0, len(self.text))
        while self.blank() < len(self.text):
            if self.text[self.at] == "[":
                here = self.header(root)
            else:
                self.pair(here, 0)
        return root.freeze()

    def blank(self) -> int:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def header(self, root: _Branch) -> _Branch:
        start, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self.key()
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        parent, last = self.descend(root, keys[:-1]), keys[-1]
        parent.keys.setdefault(last.text, last)
        if many:
            rows = parent.values.setdefault(last.text, _Rows(last.start, last.end))
            row = _Branch(start, self.at)
            if isinstance(rows, _Rows):
                rows.rows.append(row)
            return row
        table = parent.values.setdefault(last.text, _Branch(start, self.at))
        return table if isinstance(table, _Branch) else root

    def descend(self, branch: _Branch, keys: list[Scalar]) -> _Branch:
        for key in keys:
            branch.keys.setdefault(key.text, key)
            child = branch.values.setdefault(key.text, _Branch(key.start, key.end))
            if isinstance(child, _Rows):
                child = child.rows[-1]
            branch = child if isinstance(child, _Branch) else branch
        return branch

    def key(self) -> list[Scalar]:
        keys = []
        while True:
            self.blank()
            keys.append(self.name())
            self.blank()
            if len(keys) > DEPTH_LIMIT:
                raise self.page.refuse(self.at, f"nested deeper than {DEPTH_LIMIT} levels; a configuration needs five")
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def name(self) -> Scalar:
        found = _BARE_KEY.match(self.text, self.at)
        if not found:
            return self.string()
        self.at = found.end()
        return Scalar(found.start(), found.end(), found[0])

    def pair(self, branch: _Branch, depth: int) -> None:
        keys = self.key()
        self.at = self.text.index("=", self.at) + 1
        parent = self.descend(branch, keys[:-1])
        parent.keys[keys[-1].text] = keys[-1]
        self.blank()
        parent.values[keys[-1].text] = self.value(depth + 1)

    def value(self, depth: int) -> Node:
        if depth > DEPTH_LIMIT:
            raise self.page.refuse(self.at, f"nested deeper than {DEPTH_LIMIT} levels; a configuration needs five")
        match self.text[self.at]:
            case "[":
                return self.array(depth)
            case "{":
                return self.table(depth)
            case '"' | "'":
                return self.string()
            case _:
                return self.word()

    def string(self) -> Scalar:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise self.page.refuse(self.at, "this is not TOML: expected a text in quotes")
        self.at = found.end()
        text = tomllib.loads(f"v = {found[0]}".replace("\r\n", "\n"))["v"]
        return Scalar(found.start(), found.end(), text)

    def word(self) -> Scalar:
        found = _BARE_VALUE.match(self.text, self.at)
        text = found[0].rstrip() if found else ""
        start = self.at
        self.at += len(text)
        return Scalar(start, self.at, text)

    def array(self, depth: int) -> Array:
        start = self.at
        self.at += 1
        items: list[Node] = []
        while self.text[self.blank()] != "]":
            items.append(self.value(depth + 1))
            if self.text[self.blank()] == ",":
                self.at += 1
        self.at += 1
        return Array(start, self.at, tuple(items))

    def table(self, depth: int) -> Node:
        branch = _Branch(self.at, self.at)
        self.at += 1
        while self.text[self.blank()] != "}":
            self.pair(branch, depth)
            if self.text[self.blank()] == ",":
                self.at += 1
        self.at += 1
        branch.end = self.at
        return branch.freeze()
