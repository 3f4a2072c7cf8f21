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

LIMIT = 50_000  # pattern steps in one search: some thirty milliseconds
LONGEST = 1024  # characters of an object's key, with every provider


class TooHard(Exception):  # noqa: N818 - an answer of the search rather than an error
    """The search reached its limit of work before it could decide."""


@dataclass(frozen=True, slots=True)
class In:
    """The texts that match a pattern; `fold`: whether or not they mind case as it does."""

    glob: Glob
    fold: bool = False


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


def shortest(language: Language, *, after: str = "", longest: int = LONGEST, limit: int = LIMIT) -> str | None:
    """A shortest text in the language that begins with `after`, with at most `longest` characters more.

    None if there is none. Past `limit` steps it may be a longer text than need be; raises `TooHard` if none of
    the likely ones is in the language either.
    """
    if isinstance(language, bool):
        return after if language else None
    search = _Search(language, after, limit)
    try:
        found = search.nearest(longest)
    except TooHard:
        search.limit = limit
        found = search.likely(longest)
    return None if found is None else after + found


class _Automaton:
    """One pattern, read letter by letter: bit i of a state is set when the first i symbols may have been read."""

    __slots__ = ("accept", "fold", "labels", "leaves", "loops", "ones", "symbols")

    def __init__(self, glob: Glob, *, fold: bool = False) -> None:
        self.fold = fold
        self.symbols: list[str | None] = []
        self.loops = self.ones = 0
        self.labels: dict[str, int] = {}
        for token in glob.tokens:
            if token is Wild.MANY:
                self.loops |= 1 << len(self.symbols)
            elif token is Wild.ONE:
                self.ones |= 1 << len(self.symbols)
                self.symbols.append(None)
            else:
                for letter in str(token):
                    for written in self.written(letter):
                        self.labels[written] = self.labels.get(written, 0) | 1 << len(self.symbols)
                    self.symbols.append(letter)
        self.accept = 1 << len(self.symbols)
        self.leaves: dict[tuple[int, bool], _Node] = {}

    def written(self, letter: str) -> set[str]:
        """The letters that count as this one."""
        return {letter, *(one for one in (letter.lower(), letter.upper()) if len(one) == 1 and self.fold)}

    def step(self, state: int, letter: str) -> int:
        moved = (state & (self.labels.get(letter, 0) | self.ones)) << 1
        return self.prune(moved | (state & self.loops))

    def prune(self, state: int) -> int:
        """Drops positions before the last `*` reached: whatever follows from them follows from it too."""
        looping = state & self.loops
        return state >> (last := looping.bit_length() - 1) << last if looping else state

    def leaf(self, state: int, inside: bool) -> _Node:  # noqa: FBT001 - the field of the leaf
        """What remains to be read from a state, as simply as it can be said."""
        found = self.leaves.get((state, inside))
        if found is None:
            everything = bool(state & self.accept & self.loops)
            found = _Leaf(self, state, inside) if state and not everything else everything is inside
            self.leaves[state, inside] = found
        return found


class _Leaf:
    """What one pattern, or (not `inside`) its complement, still has to read."""

    __slots__ = ("accepts", "automaton", "inside", "letters", "moves", "rest", "state")

    def __init__(self, automaton: _Automaton, state: int, inside: bool) -> None:  # noqa: FBT001 - a field
        self.automaton = automaton
        self.state = state
        self.inside = inside
        self.accepts = bool(state & automaton.accept) is inside
        self.moves: dict[str, _Node] = {}
        self.rest = not inside or bool(state & (automaton.loops | automaton.ones))  # may any other letter lead on?
        self.letters = self._letters()

    def _letters(self) -> frozenset[str]:
        """The letters that this state tells apart."""
        letters: set[str] = set()
        places = self.state & ~self.automaton.ones & ~self.automaton.accept
        while places:
            place = places & -places
            letters |= self.automaton.written(str(self.automaton.symbols[place.bit_length() - 1]))
            places ^= place
        return frozenset(letters)

    def read(self, letter: str) -> _Node:
        after = self.moves.get(letter)
        if after is None:
            after = self.moves[letter] = self.automaton.leaf(self.automaton.step(self.state, letter), self.inside)
        return after

    def ending(self, fresh: str) -> str:
        """A text by which the pattern, from its furthest position, comes to its end."""
        symbols = self.automaton.symbols[self.state.bit_length() - 1 :]
        return "".join(fresh if symbol is None else symbol for symbol in symbols)


class _Many(NamedTuple):
    """What remains to be read of several: of all of them, or of any."""

    every: bool
    parts: tuple[_Leaf | _Many, ...]


_Node = bool | _Leaf | _Many  # in negation normal form


class _Search:
    def __init__(self, language: Language, after: str, limit: int) -> None:
        self.after = after
        self.limit = limit
        self.automata: dict[In, _Automaton] = {}
        self.start = self._node(language, positive=True)
        letters = set(chain.from_iterable(automaton.labels for automaton in self.automata.values()))
        self.fresh = next(letter for letter in _alphabet() if letter not in letters)

    def nearest(self, longest: int) -> str | None:
        """All ways on at once, shortest texts first."""
        level: dict[_Node, str] = dict.fromkeys(_alternatives(self.start), "")
        seen = set(level)
        for _ in range(longest + 1):
            following: dict[_Node, str] = {}
            for node, text in level.items():
                if _accepts(node):
                    return text
            for node, text in level.items():
                for letter in self._letters(node):
                    for after in _alternatives(self._read(node, letter)):
                        if after not in seen:
                            seen.add(after)
                            following[after] = text + letter
            level = following
        return None

    def likely(self, longest: int) -> str:
        """A few texts only: letters that no pattern names, and the plainest text of each pattern."""
        endings = (leaf.ending(self.fresh) for leaf in _leaves(self.start) if leaf.inside)
        plain = chain.from_iterable((text, text + self.fresh, self.fresh + text) for text in endings)
        for text in chain((self.fresh * min(longest, 64),), dict.fromkeys(plain)):
            node = self.start
            for read, letter in enumerate(text[:longest]):
                if _accepts(node):
                    return text[:read]
                node = self._read(node, letter)
                if node is False:
                    break
            if _accepts(node):
                return text[:longest]
        raise TooHard

    def _node(self, language: Language, *, positive: bool) -> _Node:
        match language:
            case bool():
                return language is positive
            case In():
                return self._begin(language, positive=positive)
            case Not(of=inner):
                return self._node(inner, positive=not positive)
            case And(of=parts):
                return _gather(positive, [self._node(part, positive=positive) for part in parts])
            case Or(of=parts):
                return _gather(not positive, [self._node(part, positive=positive) for part in parts])

    def _begin(self, pattern: In, *, positive: bool) -> _Node:
        """The pattern once `after` is read, whose literal beginning is not even built."""
        glob, fold = pattern.glob, pattern.fold
        known = min(len(glob.prefix), len(self.after))
        begun, read = glob.prefix[:known], self.after[:known]
        if begun != read and not (fold and begun.lower() == read.lower()):
            return not positive
        rest = In(glob.after(known), fold)
        automaton = self.automata.get(rest)
        if automaton is None:
            automaton = self.automata[rest] = _Automaton(rest.glob, fold=fold)
        state = 1
        for letter in self.after[known:]:
            state = automaton.step(state, letter)
        return automaton.leaf(state, positive)

    def _read(self, node: _Node, letter: str) -> _Node:
        """The formula of what may follow the letter."""
        if isinstance(node, bool):
            return node
        if isinstance(node, _Leaf):
            return node.read(letter)
        self.limit -= len(node.parts)
        if self.limit < 0:
            raise TooHard
        parts: list[_Leaf | _Many] = []
        every = node.every
        for part in node.parts:
            after = part.read(letter) if isinstance(part, _Leaf) else self._read(part, letter)
            if after is True or after is False:
                if after is not every:
                    return after
            else:
                parts.append(after)
        return _gather(every, parts)

    def _letters(self, node: _Node) -> Iterator[str]:
        """One letter for each way on: those that some pattern names, and a fresh one for all the rest."""
        self.limit -= 1
        if self.limit < 0:
            raise TooHard
        letters, rest = _choices(node)
        if rest:
            yield self.fresh
        yield from sorted(letters)


def _accepts(node: _Node) -> bool:
    """Whether nothing more needs to be read."""
    match node:
        case bool():
            return node
        case _Leaf():
            return node.accepts
        case _Many():
            return (all if node.every else any)(map(_accepts, node.parts))


def _choices(node: _Node) -> tuple[frozenset[str], bool]:
    match node:
        case bool():
            return frozenset(), node
        case _Leaf():
            return node.letters, node.rest
        case _Many():
            found = [(p.letters, p.rest) if isinstance(p, _Leaf) else _choices(p) for p in node.parts]
    closed = [letters for letters, rest in found if not rest]
    if node.every and closed:
        return frozenset.intersection(*closed), False
    return frozenset().union(*(letters for letters, _ in found)), any(rest for _, rest in found)


def _gather(every: bool, parts: Iterable[_Node]) -> _Node:  # noqa: FBT001 - the field of the node
    rest: dict[_Leaf | _Many, None] = {}
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


def _leaves(node: _Node) -> Iterator[_Leaf]:
    match node:
        case bool():
            return
        case _Leaf():
            yield node
        case _Many():
            for part in node.parts:
                yield from _leaves(part)


def _alphabet() -> Iterator[str]:
    """Letters for the characters that no pattern names: plain ones first, so that an example can be typed."""
    yield from "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789-_."
    yield from map(chr, range(0x3B1, 0xD000))
