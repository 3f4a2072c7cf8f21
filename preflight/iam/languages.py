"""Sets of texts built from patterns by and, or and not; whether one is empty, and if not its shortest member.

The patterns become position automata whose states are bit sets; a set of texts is a formula over them, and
reading one character turns the formula into the formula of what may follow (a derivative). Formulas are
simplified as they arise, so a pattern that can no longer matter leaves them, and the search visits each
formula once, shortest texts first. Work is counted: past the limit the answer is `TooHard`, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from preflight.iam.globs import Glob, Wild

LIMIT = 120_000  # pattern steps in one search: about a tenth of a second


class TooHard(Exception):  # noqa: N818 - an answer of the search rather than an error
    """The search reached its limit of work before it could decide."""


@dataclass(frozen=True, slots=True)
class In:
    """The texts that match a pattern."""

    glob: Glob


@dataclass(frozen=True, slots=True)
class Not:
    of: Language


@dataclass(frozen=True, slots=True)
class And:
    of: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Or:
    of: tuple[Language, ...]


Language = bool | In | Not | And | Or  # True is every text, False is none


def both(*languages: Language) -> Language:
    """The texts that are in all."""
    rest: list[Language] = []
    for language in languages:
        if language is False:
            return False
        if language is not True:
            rest.extend(language.of if isinstance(language, And) else (language,))
    return And(tuple(rest)) if len(rest) > 1 else rest[0] if rest else True


def either(*languages: Language) -> Language:
    """The texts that are in any."""
    rest: list[Language] = []
    for language in languages:
        if language is True:
            return True
        if language is not False:
            rest.extend(language.of if isinstance(language, Or) else (language,))
    return Or(tuple(rest)) if len(rest) > 1 else rest[0] if rest else False


def other(language: Language) -> Language:
    """The texts that are not in it."""
    match language:
        case bool():
            return not language
        case Not(of=inner):
            return inner
        case _:
            return Not(language)


def shortest(language: Language, limit: int = LIMIT) -> str | None:
    """A shortest text in the language, None if it is empty; raises `TooHard` past `limit` steps."""
    if isinstance(language, bool):
        return "" if language else None
    return _Search(language, limit).run()


class _Automaton:
    """The states of one pattern: bit i is set when the first i characters of the pattern may have been read."""

    __slots__ = ("accept", "labels", "loops", "memo", "ones", "seen", "symbols")

    def __init__(self, glob: Glob) -> None:
        symbols: list[str | None] = []
        self.loops = 0
        for token in glob.tokens:
            if token is Wild.MANY:
                self.loops |= 1 << len(symbols)
            elif token is Wild.ONE:
                symbols.append(None)
            else:
                symbols.extend(str(token))
        self.symbols = symbols
        self.accept = 1 << len(symbols)
        self.labels: dict[str, int] = {}
        self.ones = 0
        for place, symbol in enumerate(symbols):
            if symbol is None:
                self.ones |= 1 << place
            else:
                self.labels[symbol] = self.labels.get(symbol, 0) | 1 << place
        self.memo: dict[tuple[int, str], int] = {}
        self.seen: dict[int, tuple[frozenset[str], bool]] = {}

    def step(self, state: int, character: str) -> int:
        known = self.memo.get((state, character))
        if known is None:
            moved = (state & (self.labels.get(character, 0) | self.ones)) << 1
            known = self.memo[state, character] = self.prune(moved | (state & self.loops))
        return known

    def prune(self, state: int) -> int:
        """Drops positions before the last `*` reached: whatever follows from them follows from it too."""
        looping = state & self.loops
        return state >> (last := looping.bit_length() - 1) << last if looping else state

    def everything(self, state: int) -> bool:
        return bool(state & self.accept & self.loops)

    def choices(self, state: int) -> tuple[frozenset[str], bool]:
        """The characters that this state tells apart, and whether any other one leads on as well."""
        known = self.seen.get(state)
        if known is None:
            letters: set[str] = set()
            rest = state & ~self.ones & ~self.accept
            while rest:
                place = rest & -rest
                letters.add(str(self.symbols[place.bit_length() - 1]))
                rest ^= place
            known = self.seen[state] = frozenset(letters), bool(state & (self.loops | self.ones))
        return known


class _Leaf(NamedTuple):
    """What one pattern, or (not `inside`) its complement, still has to read."""

    inside: bool
    number: int
    state: int


class _Many(NamedTuple):
    """What remains to be read of several: of all of them, or of any."""

    every: bool
    parts: tuple[_Node, ...]


_Node = bool | _Leaf | _Many  # in negation normal form


class _Search:
    def __init__(self, language: Language, limit: int) -> None:
        self.limit = limit
        self.automata: list[_Automaton] = []
        self.numbers: dict[Glob, int] = {}
        self.start = self._node(language, positive=True)
        letters = set(chain.from_iterable(automaton.labels for automaton in self.automata))
        self.fresh = next(letter for letter in _alphabet() if letter not in letters)

    def run(self) -> str | None:
        level: dict[_Node, str] = dict.fromkeys(_alternatives(self.start), "")
        seen = set(level)
        while level:
            following: dict[_Node, str] = {}
            for node, text in level.items():
                if self._accepts(node):
                    return text
            for node, text in level.items():
                for letter in self._letters(node):
                    for after in _alternatives(self._read(node, letter)):
                        if after not in seen:
                            seen.add(after)
                            following[after] = text + letter
            level = following
        return None

    def _node(self, language: Language, *, positive: bool) -> _Node:
        match language:
            case bool():
                return language is positive
            case In(glob=glob):
                return self._leaf(positive, self._number(glob), 1)
            case Not(of=inner):
                return self._node(inner, positive=not positive)
            case And(of=parts):
                return _gather(positive, [self._node(part, positive=positive) for part in parts])
            case Or(of=parts):
                return _gather(not positive, [self._node(part, positive=positive) for part in parts])

    def _number(self, glob: Glob) -> int:
        number = self.numbers.setdefault(glob, len(self.automata))
        if number == len(self.automata):
            self.automata.append(_Automaton(glob))
        return number

    def _leaf(self, inside: bool, number: int, state: int) -> _Node:  # noqa: FBT001 - the field of the leaf
        if not state:
            return not inside
        if self.automata[number].everything(state):
            return inside
        return _Leaf(inside, number, state)

    def _read(self, node: _Node, letter: str) -> _Node:
        """The formula of what may follow the letter."""
        if isinstance(node, bool):
            return node
        if isinstance(node, _Leaf):
            self.limit -= 1
            if self.limit < 0:
                raise TooHard
            return self._leaf(node.inside, node.number, self.automata[node.number].step(node.state, letter))
        parts: list[_Node] = []
        for part in node.parts:
            after = self._read(part, letter)
            if after is not node.every and isinstance(after, bool):
                return after
            parts.append(after)
        return _gather(node.every, parts)

    def _accepts(self, node: _Node) -> bool:
        """Whether nothing more needs to be read."""
        match node:
            case bool():
                return node
            case _Leaf():
                return bool(node.state & self.automata[node.number].accept) is node.inside
            case _Many():
                return (all if node.every else any)(map(self._accepts, node.parts))

    def _letters(self, node: _Node) -> Iterator[str]:
        """One letter for each way on: those that some pattern names, and a fresh one for all the rest."""
        letters, rest = self._choices(node)
        if rest:
            yield self.fresh
        yield from sorted(letters)

    def _choices(self, node: _Node) -> tuple[frozenset[str], bool]:
        match node:
            case bool():
                return frozenset(), node
            case _Leaf():
                letters, rest = self.automata[node.number].choices(node.state)
                return letters, rest or not node.inside
            case _Many():
                found = [self._choices(part) for part in node.parts]
        closed = [letters for letters, rest in found if not rest]
        if node.every and closed:
            return frozenset.intersection(*closed), False
        return frozenset().union(*(letters for letters, _ in found)), any(rest for _, rest in found)


def _gather(every: bool, parts: Iterable[_Node]) -> _Node:  # noqa: FBT001 - the field of the node
    rest: dict[_Node, None] = {}
    for part in parts:
        if isinstance(part, bool):
            if part is not every:
                return part
        elif isinstance(part, _Many) and part.every is every:
            rest.update(dict.fromkeys(part.parts))
        else:
            rest[part] = None
    if len(rest) < 2:
        return next(iter(rest), every)
    return _Many(every, tuple(rest))


def _alternatives(node: _Node) -> tuple[_Node, ...]:
    """A union is searched part by part, which keeps its states few."""
    if isinstance(node, _Many) and not node.every:
        return tuple(chain.from_iterable(map(_alternatives, node.parts)))
    return () if node is False else (node,)


def _alphabet() -> Iterator[str]:
    """Letters for the characters that no pattern names: plain ones first, so that an example can be typed."""
    yield from "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789-_."
    yield from map(chr, range(0x3B1, 0xD000))
