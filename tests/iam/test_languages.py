"""Patterns and sets of texts, against a matcher that is plainly right and against every short text."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from preflight.iam.globs import ANYTHING, Glob, Wild
from preflight.iam.languages import And, In, Language, Not, Or, TooHard, both, either, other, shortest

LETTERS = "ab#"  # `#` stands for every letter that no pattern names
patterns = st.text("ab*?", max_size=6).map(Glob.parse)
languages = st.recursive(
    st.booleans() | patterns.map(In),
    lambda inner: st.one_of(
        inner.map(other),
        st.lists(inner, max_size=3).map(lambda parts: both(*parts)),
        st.lists(inner, max_size=3).map(lambda parts: either(*parts)),
    ),
    max_leaves=6,
)
TEXTS = ["".join(letters) for length in range(6) for letters in product(LETTERS, repeat=length)]


def plainly(pattern: str, text: str) -> bool:
    """The definition of a match, character by character."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return plainly(pattern[1:], text) or (bool(text) and plainly(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and plainly(pattern[1:], text[1:])


def member(language: Language, text: str) -> bool:
    match language:
        case bool():
            return language
        case In(glob=glob):
            return plainly(str(glob), text)
        case Not(of=inner):
            return not member(inner, text)
        case And(of=parts):
            return all(member(part, text) for part in parts)
        case Or(of=parts):
            return any(member(part, text) for part in parts)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
@example("a*a", "a")
@example("ab*ba", "aba")
@example("*a?*b", "ab")
def test_matching(pattern: str, text: str) -> None:
    """A pattern matches exactly what its definition says, and its tidied spelling means the same."""
    glob = Glob.parse(pattern)
    assert glob.matches(text) is plainly(pattern, text) is plainly(str(glob), text)


@given(patterns)
def test_example(glob: Glob) -> None:
    """The example of a pattern matches it, and is as short as any text that does."""
    assert glob.matches(glob.example)
    assert len(shortest(In(glob)) or "") == len(glob.example)


@given(languages)
def test_shortest_member(language: Language) -> None:
    """A set's shortest member is in it and none is shorter; a set without one holds none of the short texts."""
    found = shortest(language)
    members = [text for text in TEXTS if member(language, text)]
    if found is None:
        assert not members
    else:
        assert member(language, found)
        assert all(len(text) >= len(found) for text in members)
        assert members or len(found) > 5


@pytest.mark.parametrize(
    ("inner", "outer", "within"),
    [
        ("a*", "*", True),
        ("a*b*", "a*", True),
        ("a*", "a*b*", False),
        ("??*", "?*", True),
        ("?*", "??*", False),
        ("a?c", "a*c", True),
        ("a*c", "a?c", False),
        ("*a*b*", "*b*", True),
        ("*ab*", "*a*b*", True),
        ("*a*b*", "*ab*", False),
        ("", "*", True),
    ],
)
def test_inclusion(inner: str, outer: str, within: bool) -> None:  # noqa: FBT001 - a column of the table
    """One pattern is within another exactly if nothing matches the one and not the other."""
    assert (shortest(both(In(Glob.parse(inner)), other(In(Glob.parse(outer))))) is None) is within


def test_union_covers() -> None:
    """Patterns that cover together what none of them covers alone."""
    parts = either(*(In(Glob.parse(text)) for text in ("?", "??", "???*")))
    assert shortest(both(In(Glob.parse("?*")), other(parts))) is None


def test_literal_wildcards() -> None:
    """A `*` in a name is a character: only as a token is it a wildcard."""
    star = Glob.literal("a*")
    assert star.matches("a*")
    assert not star.matches("ab")
    assert Glob(("a", Wild.MANY)).matches("a*")


def test_fresh_letter() -> None:
    """The example of a complement avoids every letter that the patterns name."""
    found = shortest(both(In(Glob.parse("?")), *(other(In(Glob.literal(letter))) for letter in "xyzabc")))
    assert found == "d"


def test_bounded() -> None:
    """Work past the limit is an answer of its own, so no pattern costs exponential time."""
    hard = both(*(other(In(Glob.parse(f"*{a}*{b}*{c}*"))) for a in "abcd" for b in "abcd" for c in "abcd"))
    few = both(hard, *(In(Glob.parse(f"*{a}*{a}*")) for a in "abcd"), In(ANYTHING))
    with pytest.raises(TooHard):
        shortest(few, limit=2_000)
