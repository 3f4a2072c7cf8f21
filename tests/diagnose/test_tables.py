"""The tables of the dialects are sound: every phrase can be found, and no pattern can run away."""

import importlib
import pkgutil
import re
from typing import Any

import pytest

from preflight import diagnose, redact
from preflight.diagnose.dialects import drawers
from preflight.diagnose.hints import LOOKALIKE, TELL
from preflight.diagnose.phrase import anchor, said
from preflight.diagnose.reading import read
from preflight.diagnose.rule import Rule, rules
from preflight.model import Cause, Refusal

# The parsed form of a pattern has no public name.
constants = importlib.import_module("re._constants")
parser = importlib.import_module("re._parser")

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(diagnose.__path__, f"{diagnose.__name__}.")
]  # fmt: skip
RULES: list[Rule] = [rule for module in MODULES for rule in getattr(module, "RULES", ())]


def test_every_cause_has_its_hints() -> None:
    """Each cause says why it may hide behind another and what would tell it apart."""
    assert set(TELL) == set(LOOKALIKE) == set(Cause)
    assert all([*TELL.values(), *LOOKALIKE.values()])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.cause}:{rule.because[:40]}")
def test_every_rule_can_be_met(rule: Rule) -> None:
    """A rule has a trigger, its phrases are in the form that text is folded into, and it is not its own lookalike."""
    assert rule.codes or rule.says or rule.statuses
    assert rule.because
    assert rule.cause not in rule.beside
    for phrase in (*rule.says, *rule.also, *rule.unless):
        assert phrase == " ".join(phrase.lower().split())
        assert not set('"`') & set(phrase)
        assert len(anchor(phrase)) >= 3
        assert said(phrase, read(Refusal(text=phrase.replace(" * ", " something "))))


def test_a_word_that_no_table_has_is_an_error() -> None:
    """A slip in a table is found when it is read, not when it is missed."""
    with pytest.raises(ValueError, match="sez"):
        rules("throttled: slow\n  sez    slow down")


def read_by(module: Any) -> tuple[Any, ...]:
    return (*getattr(module, "READERS", ()), *getattr(module, "FALLBACKS", ()))


def test_every_dialect_is_in_the_drawer() -> None:
    """A dialect reads something, says whose answers it reads, and has its own place in the order."""
    found = [module for module in MODULES if ".dialects." in module.__name__]
    assert len(found) > 10
    assert all(module.RULES or read_by(module) for module in found)
    assert all(family in {"s3", "gcs", "abs", ""} for module in found for family in module.FAMILIES)
    readers = [reader for drawer in drawers() for _, _, reader in (*drawer.readers, *drawer.fallbacks)]
    assert sorted(r.__module__ for r in readers) == sorted(module.__name__ for module in found for _ in read_by(module))


def patterns() -> list[re.Pattern[str]]:
    found: list[re.Pattern[str]] = []
    for module in [*MODULES, redact]:
        for value in vars(module).values():
            inner = value if isinstance(value, tuple) else (value,)
            found += [item for item in inner if isinstance(item, re.Pattern)]
            found += [p for item in inner if isinstance(item, tuple) for p in item if isinstance(p, re.Pattern)]
    return found


def open_ended(parsed: Any, *, inside: bool = False) -> bool:
    """Whether a repetition without end stands within another one."""
    for op, value in parsed:
        if op in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            endless = value[1] is constants.MAXREPEAT
            if (endless and inside) or open_ended(value[2], inside=inside or endless):
                return True
        elif op is constants.BRANCH:
            if any(open_ended(branch, inside=inside) for branch in value[1]):
                return True
        elif op is constants.SUBPATTERN and open_ended(value[3], inside=inside):
            return True
    return False


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.pattern[:60])
def test_no_pattern_nests_endless_repetitions(pattern: re.Pattern[str]) -> None:
    """Time stays linear: no endless repetition within another."""
    assert not open_ended(parser.parse(pattern.pattern, pattern.flags))
