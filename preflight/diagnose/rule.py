"""Rules: what a dialect's words mean, as a table that people write and an index that finds the rules a reading meets.

A table has one entry per meaning. The first line is `cause: because`; the indented lines below it say when:

    code    the provider's codes, any of which is enough
    says    phrases in lower case, separated by ` | `, any of which is enough; ` * ` skips a short stretch,
            every quotation mark is written as an apostrophe
    status  HTTP statuses, any of which is enough if nothing better is known
    with    phrases of which one must be said as well        unless  phrases of which none may be said
    http    statuses of which it must be one                 on      what the refused call must have been for
    who     the product that must have answered    call    names of calls in lower case, one of which was refused
    beside  further causes that use the same words, likeliest first
    field   the configuration's field                        lacks   the permission that is missing
    hint    the words only group refusals: whatever else is said counts for more
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from preflight.diagnose.phrase import anchor, phrases, said
from preflight.diagnose.purpose import Purpose, operation_of, purpose_of
from preflight.diagnose.reading import Reading, code_key
from preflight.model import Cause, Permission


class Strength(IntEnum):
    """How sure a finding is, weakest first."""

    WORD = 0
    STATUS = 1
    HINT = 2
    CODE = 3
    PHRASE = 4  # the sentence beside the code is more particular than the code
    EXACT = 5  # a code that says all there is to say
    GRAMMAR = 6  # the parts of the sentence were read


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an answer means: the cause, what else sends the same answer, and the parts that were read."""

    cause: Cause
    because: str
    beside: tuple[Cause, ...] = ()
    field: str | None = None
    missing: Permission | None = None
    expected: str | None = None
    if_needless: Permission | None = (
        None  # what would be missing if the unnamed call was one that writing does not need
    )
    strength: Strength = Strength.GRAMMAR
    order: int = 0
    families: frozenset[str] = frozenset()  # whose vocabulary it was found in


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry of a table."""

    cause: Cause
    because: str
    codes: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    http: tuple[int, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    who: str = ""
    calls: tuple[str, ...] = ()
    beside: tuple[Cause, ...] = ()
    field: str | None = None
    lacks: str | None = None
    hint: bool = False
    exact: bool = False
    local: bool = False
    vague: bool = False

    def weight(self, reading: Reading) -> Strength:
        """How much a code of this rule says: less where nothing tells whose code it is."""
        return Strength.HINT if self.hint else Strength.EXACT if self.exact and reading.families else Strength.CODE

    @property
    def voice(self) -> Strength:
        """How much a sentence of this rule says: a client's own words less than a server's."""
        if self.vague:
            return Strength.WORD
        return Strength.HINT if self.hint else Strength.CODE if self.local else Strength.PHRASE

    def applies(self, reading: Reading) -> bool:
        """Whether the conditions hold, given that a code, phrase or status was met."""
        return (
            (not self.who or self.who == reading.speaker)
            and (not self.http or reading.status in self.http)
            and (not self.also or any(said(phrase, reading) for phrase in self.also))
            and not any(said(phrase, reading) for phrase in self.unless)
            and (not self.calls or operation_of(reading).lower() in self.calls)
            and (not self.purposes or purpose_of(reading) in self.purposes)
        )

    def finding(self, strength: Strength, order: int, families: frozenset[str]) -> Finding:
        return Finding(
            families=families - {""},
            cause=self.cause,
            because=self.because,
            beside=self.beside,
            field=self.field,
            missing=Permission(self.lacks) if self.lacks else None,
            strength=strength,
            order=order,
        )


def rules(table: str, *, exact: bool = False, local: bool = False, vague: bool = False) -> tuple[Rule, ...]:
    """The rules of a table.

    `exact`: this provider's codes say more than its sentences. `local`: these are the words of libraries, which
    count less than what a server says beside them. `vague`: these words count where nothing else was understood.

    Raises `ValueError` for a word that no table has: a fault of ours, met by any test.
    """
    entries: list[tuple[str, dict[str, list[str]]]] = []
    name = ""
    for line in table.strip().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            entries.append((line, {}))
            continue
        if line[2] != " ":
            name = line.split()[0]
        value = line.strip() if line[2] == " " else line.strip()[len(name) :].strip()
        entries[-1][1].setdefault(name, []).append(value)
    found = [_rule(head, {key: " ".join(lines) for key, lines in body.items()}) for head, body in entries]
    return tuple(dataclasses.replace(rule, exact=exact and not rule.hint, local=local, vague=vague) for rule in found)


_KEYS = frozenset(
    ["code", "says", "status", "with", "unless", "http", "on", "who", "call", "beside", "field", "lacks", "hint"]
)


def _rule(head: str, body: Mapping[str, str]) -> Rule:
    cause, _, because = head.partition(": ")
    if body.keys() - _KEYS:
        raise ValueError(f"{head}: unknown {', '.join(sorted(body.keys() - _KEYS))}")
    return Rule(
        cause=Cause(cause),
        because=because,
        codes=tuple(body.get("code", "").split()),
        says=phrases(body.get("says", "")),
        statuses=tuple(int(status) for status in body.get("status", "").split()),
        also=phrases(body.get("with", "")),
        unless=phrases(body.get("unless", "")),
        http=tuple(int(status) for status in body.get("http", "").split()),
        purposes=tuple(Purpose[word.upper()] for word in body.get("on", "").split()),
        who=body.get("who", ""),
        calls=tuple(body.get("call", "").split()),
        beside=tuple(Cause(word) for word in body.get("beside", "").split()),
        field=body.get("field"),
        lacks=body.get("lacks"),
        hint="hint" in body,
    )


class Index:
    """The rules of some dialects, found by code, by the longest word of a phrase, and by status."""

    def __init__(self, entries: Iterable[tuple[frozenset[str], Rule]]) -> None:
        self._codes: dict[str, list[tuple[int, frozenset[str], Rule]]] = {}
        self._phrases: dict[str, list[tuple[int, frozenset[str], Rule, str]]] = {}
        self._statuses: dict[int, list[tuple[int, frozenset[str], Rule]]] = {}
        for order, (families, rule) in enumerate(entries):
            for code in rule.codes:
                self._codes.setdefault(code_key(code), []).append((order, families, rule))
            for phrase in rule.says:
                self._phrases.setdefault(anchor(phrase), []).append((order, families, rule, phrase))
            for status in rule.statuses:
                self._statuses.setdefault(status, []).append((order, families, rule))

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """Every rule whose sentence or code the reading has, as findings, in no order."""
        for word in self._phrases.keys() & reading.words:
            for order, families, rule, phrase in self._phrases[word]:
                if _spoken(reading, families) and said(phrase, reading) and rule.applies(reading):
                    yield rule.finding(rule.voice, order, families)
        for key in self._codes.keys() & reading.codes:
            for order, families, rule in self._codes[key]:
                if _spoken(reading, families) and rule.applies(reading):
                    yield rule.finding(rule.weight(reading), order, families)

    def by_status(self, reading: Reading) -> Iterator[Finding]:
        """Every rule that the bare status meets: of use where nothing better was found."""
        for order, families, rule in self._statuses.get(reading.status or 0, ()):
            if _spoken(reading, families) and rule.applies(reading):
                yield rule.finding(Strength.STATUS, order, families)


def _spoken(reading: Reading, families: frozenset[str]) -> bool:
    return not reading.families or not families or bool(families & reading.families)
