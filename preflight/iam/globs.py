"""Patterns of `*` (any run of characters) and `?` (any one character), matched exactly and in polynomial time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from preflight.iam.lazy import lazy


class Wild(Enum):
    """The two wildcards; everything else in a pattern is itself."""

    ONE = "?"
    MANY = "*"


Token = str | Wild


def _tidy(tokens: Iterable[Token]) -> Iterator[Token]:
    """One spelling per pattern: literal runs joined, every run of wildcards as its `?`s and then at most one `*`."""
    run: list[str] = []
    many = False
    for token in tokens:
        if token is Wild.MANY:
            if run:
                yield "".join(run)
                run = []
            many = True
        elif token is Wild.ONE:
            if run:
                yield "".join(run)
                run = []
            yield token
        elif token:
            if many:
                yield Wild.MANY
                many = False
            run.append(str(token))
    if run:
        yield "".join(run)
    if many:
        yield Wild.MANY


class Glob:
    """One pattern, kept as tokens so that a literal `*` (`${*}`, or one in a name) is not mistaken for a wildcard."""

    __slots__ = ("__dict__", "tokens")

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens: tuple[Token, ...] = tuple(_tidy(tokens))

    @classmethod
    def parse(cls, text: str) -> Glob:
        """Reads a pattern as policies write it."""
        return cls(scan(text))

    @classmethod
    def literal(cls, text: str) -> Glob:
        """The pattern that only `text` matches."""
        return cls._tidied((text,))

    def __add__(self, other: Glob) -> Glob:
        return Glob(self.tokens + other.tokens)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Glob) and self.tokens == other.tokens

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return "".join(token.value if isinstance(token, Wild) else token for token in self.tokens)

    def __repr__(self) -> str:
        return f"Glob({str(self)!r})"

    @lazy
    def _hash(self) -> int:
        return hash(self.tokens)

    @lazy
    def prefix(self) -> str:
        """The literal text that every match begins with."""
        first = self.tokens[0] if self.tokens else ""
        return first if isinstance(first, str) else ""

    @lazy
    def exact(self) -> str | None:
        """The one text that matches, if there are no wildcards."""
        if not self.tokens:
            return ""
        return self.prefix if len(self.tokens) == 1 and self.prefix else None

    @lazy
    def example(self) -> str:
        """A shortest text that matches."""
        return "".join("x" if token is Wild.ONE else "" if token is Wild.MANY else str(token) for token in self.tokens)

    @lazy
    def open_ended(self) -> bool:
        """Whether this is a literal text followed by anything, or just anything."""
        rest = self.tokens[1:] if self.prefix else self.tokens
        return rest == (Wild.MANY,)

    def folded(self) -> Glob:
        """The same pattern in lower case, for comparisons that do not mind case."""
        return Glob(token if isinstance(token, Wild) else token.lower() for token in self.tokens)

    @classmethod
    def _tidied(cls, tokens: Iterable[Token]) -> Glob:
        """From tokens cut out of a tidy pattern."""
        glob = cls.__new__(cls)
        glob.tokens = tuple(token for token in tokens if token)
        return glob

    def after(self, length: int) -> Glob:
        """What is left of the pattern once `length` characters of its literal beginning are read."""
        return Glob._tidied((self.prefix[length:], *self.tokens[1:])) if length else self

    def split(self, separator: str, times: int) -> list[Glob]:
        """Cuts at the first `times` literal separators, as `str.split` does."""
        pieces: list[list[Token]] = [[]]
        for token in self.tokens:
            if isinstance(token, Wild):
                pieces[-1].append(token)
                continue
            first, *others = token.split(separator, times + 1 - len(pieces))
            pieces[-1].append(first)
            pieces.extend([other] for other in others)
        return [Glob._tidied(piece) for piece in pieces]

    @lazy
    def _segments(self) -> list[list[Token]]:
        segments: list[list[Token]] = [[]]
        for token in self.tokens:
            if token is Wild.MANY:
                segments.append([])
            else:
                segments[-1].append(token)
        return segments

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` matches: leftmost segment by segment, so the time is polynomial."""
        if self.exact is not None:
            return self.exact == text
        if self.open_ended:
            return text.startswith(self.prefix)
        first, *others = self._segments
        start = _at(first, text, 0)
        if not others:
            return start == len(text)
        if start < 0:
            return False
        *middles, last = others
        for segment in middles:
            start = _find(segment, text, start)
            if start < 0:
                return False
        tail = len(text) - _width(last)
        return tail >= start and _at(last, text, tail) == len(text)


def scan(text: str) -> Iterator[Token]:
    """The tokens of a pattern as policies write it."""
    run = 0
    for here, character in enumerate(text):
        if character in "*?":
            yield text[run:here]
            yield Wild(character)
            run = here + 1
    yield text[run:]


def _width(segment: list[Token]) -> int:
    return sum(1 if isinstance(token, Wild) else len(token) for token in segment)


def _at(segment: list[Token], text: str, start: int) -> int:
    """Where the segment ends if it stands at `start`, else -1."""
    for token in segment:
        if isinstance(token, Wild):
            if start >= len(text):
                return -1
            start += 1
        elif text.startswith(token, start):
            start += len(token)
        else:
            return -1
    return start


def _find(segment: list[Token], text: str, start: int) -> int:
    """Where the leftmost occurrence of the segment at or after `start` ends, else -1."""
    if len(segment) == 1 and isinstance(segment[0], str):
        found = text.find(segment[0], start)
        return -1 if found < 0 else found + len(segment[0])
    for here in range(start, len(text) - _width(segment) + 1):
        end = _at(segment, text, here)
        if end >= 0:
            return end
    return -1


ANYTHING = Glob((Wild.MANY,))
SOMETHING = Glob((Wild.ONE, Wild.MANY))
