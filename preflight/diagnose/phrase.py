"""Phrases: what a sentence must hold, found in a reading without looking through it for most of them."""

import functools
from collections.abc import Iterable, Mapping

from preflight.diagnose.reading import Reading

GAP = 240  # characters that `*` in a phrase may skip
_OFTEN = 4  # an error says early what it is about


def phrases(table: str) -> tuple[str, ...]:
    """The phrases of a table, in which ` | ` stands between two."""
    return tuple(phrase.strip() for phrase in " ".join(table.split()).split(" | ")) if table else ()


def by_anchor(table: str) -> dict[str, list[str]]:
    """The phrases of a table, by the word that `anchor` gives of each."""
    found: dict[str, list[str]] = {}
    for phrase in phrases(table):
        found.setdefault(anchor(phrase), []).append(phrase)
    return found


def heard(table: Mapping[str, Iterable[str]], reading: Reading) -> bool:
    """Whether any phrase of a table by anchors stands in the reading."""
    return any(said(phrase, reading) for word in reading.words.intersection(table) for phrase in table[word])


def said(phrase: str, reading: Reading) -> bool:
    """Whether the phrase stands in the folded text; `*` skips at most `GAP` characters."""
    (first, *rest), words = _parts(phrase), _words(phrase)
    if not words <= reading.words:
        return False
    text = reading.folded
    start = text.find(first)
    for _ in range(12):  # later beginnings are tried too, but not without end
        if start < 0:
            return False
        if _whole(text, start, start + len(first)) and _follow(rest, text, start + len(first)):
            return True
        start = text.find(first, start + 1)
    return False


def anchor(phrase: str) -> str:
    """The longest whole word of a phrase: only texts that have it are searched for the phrase."""
    return max(_apart(phrase), key=len)


def windows(reading: Reading, words: frozenset[str], around: int) -> list[str]:
    """The folded text, `around` characters either side of each of the words, in order; a few of each word."""
    text = reading.folded
    places: set[int] = set()
    for word in words & reading.words:
        place = text.find(word)
        for _ in range(_OFTEN):
            if place < 0:
                break
            places.add(place)
            place = text.find(word, place + 1)
    return [text[max(0, place - around) : place + around] for place in sorted(places)]


@functools.cache
def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.split(" * "))


@functools.cache
def _words(phrase: str) -> frozenset[str]:
    """The words that stand whole in every text that says the phrase: those at the ends of later parts may not."""
    first, *rest = _parts(phrase)
    return frozenset([*_apart(first), *(word for part in rest for word in _apart(part)[1:-1])])


def _apart(phrase: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in phrase).split()


def _follow(parts: list[str], text: str, end: int) -> bool:
    for part in parts:
        found = text.find(part, end, end + GAP + len(part))
        if found < 0:
            return False
        end = found + len(part)
    return True


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end: `enotfound` is not said by `ResourceNotFound`."""
    before = start == 0 or not (text[start].isalnum() and text[start - 1].isalnum())
    return before and (end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum()))
