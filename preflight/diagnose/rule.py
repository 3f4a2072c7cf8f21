"""Rules: what a dialect's words mean, and the index that finds those that a reading meets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from preflight.diagnose.reading import Reading, code_key
from preflight.model import Cause, Permission

GAP = 240  # characters that `*` in a phrase may skip


class Strength(IntEnum):
    """How sure a finding is, weakest first."""

    STATUS = 1  # nothing but the HTTP status
    HINT = 2  # a code that only groups refusals: the particular one is said elsewhere, or nowhere
    CODE = 3
    PHRASE = 4  # the sentence beside the code is more particular than the code
    GRAMMAR = 5  # the parts of the sentence were read


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an answer means: the cause, what else sends the same answer, and the parts that were read."""

    cause: Cause
    because: str
    beside: tuple[Cause, ...] = ()
    field: str | None = None
    missing: Permission | None = None
    expected: str | None = None
    strength: Strength = Strength.PHRASE
    order: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a dialect's table: any of these codes, phrases or statuses means this cause.

    `codes` are separated by blanks. In a phrase `*` skips a short stretch; phrases are lower case with every
    quotation mark written as an apostrophe. `beside` are further causes that send the same words, likeliest first.
    `who` limits the rule to one product, `when` to readings of which it is true.
    """

    cause: Cause
    because: str
    codes: str = ""
    says: tuple[str, ...] = ()
    status: tuple[int, ...] = ()
    beside: tuple[Cause, ...] = ()
    field: str | None = None
    missing: str | None = None
    who: str = ""
    when: Callable[[Reading], bool] | None = None
    hint: bool = False

    def applies(self, reading: Reading) -> bool:
        return (not self.who or reading.speaker in self.who.split()) and (self.when is None or self.when(reading))

    def finding(self, strength: Strength, order: int, resource: str = "") -> Finding:
        missing = Permission(self.missing, resource) if self.missing else None
        return Finding(
            cause=self.cause,
            because=self.because,
            beside=self.beside,
            field=self.field,
            missing=missing,
            strength=strength,
            order=order,
        )


def said(phrase: str, text: str) -> bool:
    """Whether the phrase stands in the folded text; `*` skips at most `GAP` characters."""
    first, *rest = phrase.split(" * ")
    start = text.find(first)
    for _ in range(12):  # later beginnings are tried too, but not without end
        if start < 0:
            return False
        end: int = start + len(first)
        for part in rest:
            found = text.find(part, end, end + GAP + len(part))
            if found < 0:
                break
            end = found + len(part)
        else:
            return True
        start = text.find(first, start + 1)
    return False


class Index:
    """The rules of all dialects, found by code, by the longest word of a phrase, and by status."""

    def __init__(self, rules: Iterable[tuple[frozenset[str], Rule]]) -> None:
        self._codes: dict[str, list[tuple[int, frozenset[str], Rule]]] = {}
        self._phrases: dict[str, list[tuple[int, frozenset[str], str, Rule]]] = {}
        self._statuses: dict[int, list[tuple[int, frozenset[str], Rule]]] = {}
        for order, (families, rule) in enumerate(rules):
            for code in rule.codes.split():
                self._codes.setdefault(code_key(code), []).append((order, families, rule))
            for phrase in rule.says:
                self._phrases.setdefault(anchor(phrase), []).append((order, families, phrase, rule))
            for status in rule.status:
                self._statuses.setdefault(status, []).append((order, families, rule))

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """Every rule that the reading meets, as findings, in no order."""
        for word in self._phrases.keys() & reading.words:
            for order, families, phrase, rule in self._phrases[word]:
                if _heard(reading, families, rule) and said(phrase, reading.folded):
                    yield rule.finding(Strength.PHRASE, order)
        for key in self._codes.keys() & reading.codes:
            for order, families, rule in self._codes[key]:
                if _heard(reading, families, rule):
                    yield rule.finding(Strength.HINT if rule.hint else Strength.CODE, order)
        for order, families, rule in self._statuses.get(reading.status or 0, ()):
            if _heard(reading, families, rule):
                yield rule.finding(Strength.STATUS, order)


def anchor(phrase: str) -> str:
    """The longest whole word of a phrase: only texts that have it are searched for the phrase."""
    return max("".join(c if c.isalnum() or c == "_" else " " for c in phrase).split(), key=len)


def _heard(reading: Reading, families: frozenset[str], rule: Rule) -> bool:
    spoken = not reading.families or not families or bool(families & reading.families)
    return spoken and rule.applies(reading)
