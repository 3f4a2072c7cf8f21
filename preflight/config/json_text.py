"""JSON and JSON Lines, strictly, as trees that keep their positions."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented nowhere, there since ever

from preflight.config.characters import flaw
from preflight.config.tree import DEPTH_LIMIT, Array, Node, Page, Scalar, Table, Unreadable

_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)\b", re.ASCII)

# What people write instead of JSON, by the character that gives it away.
_HABITS = {
    "'": "these are single quotes",
    "“": "these are curly quotes",
    "”": "these are curly quotes",
    "#": "JSON has no comments",
    "/": "JSON has no comments",
    "": "the text ends too early",
}


def parse(page: Page) -> tuple[Node, ...]:
    """Every document of a text: one, or one on each line."""
    reader = _Reader(page)
    found = []
    at = reader.space(0)
    while at < len(page.text):
        node, end = reader.value(at, 0)
        found.append(node)
        at = reader.space(end)
        if at < len(page.text) and "\n" not in page.text[end:at]:
            raise page.refuse(at, "there is text after the end of the JSON document; expected nothing more")
    return tuple(found)


class _Reader:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text

    def space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def refuse(self, at: int, expected: str) -> Unreadable:
        habit = _HABITS.get(self.text[at : at + 1])
        return self.page.refuse(at, f"this is not JSON: expected {expected}" + (f" ({habit})" if habit else ""))

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        if depth > DEPTH_LIMIT:
            raise self.page.refuse(at, f"nested deeper than {DEPTH_LIMIT} levels; a configuration needs five")
        match self.text[at : at + 1]:
            case "{":
                return self.table(at, depth)
            case "[":
                return self.array(at, depth)
            case '"':
                return self.string(at)
            case _:
                return self.word(at)

    def string(self, at: int) -> tuple[Scalar, int]:
        try:
            text, end = scanstring(self.text, at + 1, True)  # noqa: FBT003 - positional in the standard library
        except JSONDecodeError as error:
            raise self.page.refuse(error.pos, f"this is not JSON: {_reason(error.msg)}") from None
        return Scalar(at, end, text), end

    def word(self, at: int) -> tuple[Scalar, int]:
        found = _WORD.match(self.text, at)
        if not found:
            raise self.refuse(at, "a value")
        return Scalar(at, found.end(), "" if found[0] == "null" else found[0], found[0] == "null"), found.end()

    def table(self, at: int, depth: int) -> tuple[Table, int]:
        pairs: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()

        def member(here: int) -> int:
            if self.text[here : here + 1] != '"':
                raise self.refuse(here, "a key in double quotes")
            key, colon = self.string(here)
            if key.text in seen:
                raise self.page.refuse(here, "this key is written twice; expected each key once")
            if wrong := flaw(key.text):
                raise self.page.refuse(here, f"this key is {wrong}; expected a word")
            seen.add(key.text)
            colon = self.space(colon)
            if self.text[colon : colon + 1] != ":":
                raise self.refuse(colon, "a colon after the key")
            value, end = self.value(self.space(colon + 1), depth + 1)
            pairs.append((key, value))
            return end

        end = self.members(at, "}", member)
        return Table(at, end, tuple(pairs)), end

    def array(self, at: int, depth: int) -> tuple[Array, int]:
        items: list[Node] = []

        def member(here: int) -> int:
            value, end = self.value(here, depth + 1)
            items.append(value)
            return end

        end = self.members(at, "]", member)
        return Array(at, end, tuple(items)), end

    def members(self, at: int, close: str, member: Callable[[int], int]) -> int:
        """Reads members up to `close`, and gives the offset behind it."""
        at = self.space(at + 1)
        if self.text[at : at + 1] == close:
            return at + 1
        while True:
            at = self.space(member(at))
            match self.text[at : at + 1]:
                case ",":
                    comma, at = at, self.space(at + 1)
                    if self.text[at : at + 1] == close:
                        raise self.page.refuse(comma, f"a comma before the closing {close}; JSON wants none")
                case found if found == close:
                    return at + 1
                case _:
                    raise self.refuse(at, f"a comma or {close}")


def _reason(message: str) -> str:
    if "control character" in message.lower():
        return "a line break or tab stands inside a text; expected \\n or \\t"
    if "Unterminated" in message:
        return "this text has no closing quote"
    return 'this escape means nothing; expected \\n, \\" or the like'
