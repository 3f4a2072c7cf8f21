"""The last word on a pasted text: something failed, and nothing that was said tells what."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength, heard, phrases
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 99
RULES = ()

_FAILED = phrases("""
error | errors | failed | failure | exception | fatal | panic | cannot | can't | could not | couldn't | unable |
rejected | refused | unsuccessful | crashed | unknownerror
""")
_WELL = phrases("0 errors | no errors | without errors | no error")
_NAMED = re.compile(r"[A-Za-z0-9](?:Error|Exception|Failure|Fault)\b")


def failed(reading: Reading) -> Finding | None:
    """A text that tells of an error. Where a call was made here, its stage is known, and no guess is made."""
    if reading.stage or reading.status is not None or heard(_WELL, reading):
        return None
    if not heard(_FAILED, reading) and not _NAMED.search(reading.plain):
        return None
    return Finding(
        cause=Cause.SERVICE_UNAVAILABLE,
        because="the text tells of an error, in words that prove nothing",
        beside=(Cause.CONNECTION_FAILED, Cause.ACCESS_DENIED, Cause.REQUEST_INVALID),
        strength=Strength.WORD,
    )


READERS = (failed,)
