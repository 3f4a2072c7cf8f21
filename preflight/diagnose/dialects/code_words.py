"""A code that no table has is read by the words it is made of: `NoSuchTrail` says what `no such trail` says."""

import dataclasses
import re

from preflight.diagnose.dialects import plain
from preflight.diagnose.phrase import said
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength

FAMILIES = frozenset[str]()
RANK = 90
RULES = ()

_CODE = re.compile(
    r"(?:[Cc]ode['\"]?\s?[:=]\s?['\"]?|['\"]error['\"]:\s?['\"]|<Code>|occurred \(|api error )"
    r"([A-Z][A-Za-z0-9_.]{3,60}|[a-z]{2,20}(?:_[a-z]{2,20}){1,8})\b"
    r"|^(?:[a-z0-9]{1,30}\.){0,8}([A-Z][A-Za-z0-9_.]{0,40}[a-z][A-Z][A-Za-z0-9_.]{0,40}):"
    r"|^([A-Z][A-Za-z]{3,40}) \((?:permanent|temporary|persistent)\)"
    r"|\b([A-Z]{2,20}(?:_[A-Z0-9]{2,20}){1,8})\b",
    re.MULTILINE,
)
_EARLY = 3000  # characters in which an error names its code
_JOINT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[._-]")


def words_of_codes(reading: Reading) -> list[str]:
    """What stands where a code stands, in its words: `no such trail` for `NoSuchTrail`."""
    codes = [*reading.given_codes, *(match[match.lastindex or 0] for match in _CODE.finditer(reading.plain[:_EARLY]))]
    return [" ".join(part for part in _JOINT.split(code) if part).lower() for code in codes]


def spelled(reading: Reading) -> Finding | None:
    """The first plain rule that the words of a code meet."""
    words = " | ".join(words_of_codes(reading))
    spelled_out = dataclasses.replace(reading, plain=words)
    for rule in plain.RULES if words else ():
        if any(said(phrase, spelled_out) for phrase in rule.says):
            return Finding(
                cause=rule.cause,
                because=f"of the code nothing is known but its words: {rule.because}",
                beside=rule.beside,
                strength=Strength.WORD,
            )
    return None


READERS = (spelled,)
