"""For which names a condition holds: exactly, as sets of names, where it asks about the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from preflight.iam.gcp.cel import LIST_PREFIX, NAME, Claim, Every, Negation, Open, Some, Test, Text, Time
from preflight.iam.globs import Glob, Wild
from preflight.iam.languages import In, Language, either, other
from preflight.iam.regions import OPEN, Region, certain, meet, region, union


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of a request beside the name: `texts` by attribute, `now` with its time zone.

    `base` is what every name that is asked about begins with; `named`: whether `resource.name` is the name; `prefix`
    is that of a list, None where the request is none.
    """

    now: datetime
    base: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    named: bool = True
    prefix: str | None = None

    def knows(self, claim: Text) -> bool:
        return self.named if claim.attribute == NAME else claim.attribute in {LIST_PREFIX, *self.texts}

    def value(self, claim: Text) -> str:
        if claim.attribute == LIST_PREFIX:
            return claim.default if self.prefix is None else self.prefix
        return self.texts[claim.attribute]


def holds(claim: Claim, context: Context) -> Region:  # noqa: PLR0911 - one answer for each kind
    """The names for which the claim is true."""
    match claim:
        case bool():
            return region(claim)
        case Negation(of=inner):
            return ~holds(inner, context)
        case Every(of=parts):
            return meet(holds(part, context) for part in parts)
        case Some(of=parts):
            return union(holds(part, context) for part in parts)
        case Time():
            return region(_compares(context.now, claim))
        case Open():
            return OPEN
        case Text() if not context.knows(claim):
            return OPEN
        case Text(attribute=attribute) if attribute == NAME:
            language = _language(claim, context.base)
            return OPEN if language is None else certain(language)
        case Text():
            return region(_text(claim, context.value(claim)))


def _compares(now: datetime, claim: Time) -> bool:
    match claim.sign:
        case "<":
            return now < claim.moment
        case "<=":
            return now <= claim.moment
        case ">":
            return now > claim.moment
        case ">=":
            return now >= claim.moment
        case _:
            return now == claim.moment


def extract(template: str, text: str) -> str:
    """What stands between the template's texts: after the first, up to the next second; nothing if one is missing.

    Source: IAM documentation, "Attribute reference", `extract`.
    """
    before, after = _parts(template)
    _, found, rest = text.partition(before) if before else ("", "y", text)
    if not found:
        return ""
    value, ended, _ = rest.partition(after) if after else (rest, "y", "")
    return value if ended else ""


def _parts(template: str) -> tuple[str, str]:
    before, _, after = re.split(r"(\{\w+\})", template, maxsplit=1)
    return before, after


def _text(claim: Text, value: str) -> bool:
    value = value if claim.template is None else extract(claim.template, value)
    match claim.test:
        case Test.EQUALS:
            return value == claim.wanted
        case Test.STARTS:
            return value.startswith(claim.wanted)
        case Test.ENDS:
            return value.endswith(claim.wanted)


def _language(claim: Text, base: str) -> Language | None:
    """The names of which the claim holds, or None where no set that we can write says it."""
    if claim.template is not None:
        return _extracted(claim, claim.template, base)
    match claim.test:
        case Test.EQUALS:
            return In(Glob.literal(claim.wanted))
        case Test.STARTS:
            return In(Glob((claim.wanted, Wild.MANY)))
        case Test.ENDS:
            return In(Glob((Wild.MANY, claim.wanted)))


def _extracted(claim: Text, template: str, base: str) -> Language | None:
    """Where the template's first text stands in the part that all names share, the rest is a pattern."""
    before, after = _parts(template)
    at = base.find(before)
    if at < 0 or claim.test is not Test.EQUALS:
        return None
    head, wanted = base[: at + len(before)], claim.wanted
    if not after:
        return In(Glob.literal(head + wanted))
    ended = Glob((head, Wild.MANY, after, Wild.MANY))
    at_once = Glob((head + wanted + after, Wild.MANY))
    if not wanted:
        return either(In(at_once), other(In(ended)))
    return In(at_once) if (wanted + after).find(after) == len(wanted) else False
