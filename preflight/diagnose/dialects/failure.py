"""The last word on a pasted text: something failed, and nothing that was said tells what."""

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength, heard, phrases
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 99
RULES = ()

_FAILED = phrases("""
failed | fatal | panic | cannot | can't | could not | couldn't | unable |
rejected | refused | unsuccessful | crashed
""")
_WELL = phrases("0 errors | no errors | without errors | no error")
_NAMED = ("error", "exception", "failure")  # in names of classes too


def failed(reading: Reading) -> Finding | None:
    """A text that tells of an error. Where a call was made here, its stage is known, and no guess is made."""
    if reading.stage or reading.status is not None or heard(_WELL, reading):
        return None
    if not heard(_FAILED, reading) and not any(name in reading.tokens for name in _NAMED):
        return None
    return Finding(
        cause=Cause.SERVICE_UNAVAILABLE,
        because="the text tells of an error, in words that prove nothing",
        beside=(Cause.CONNECTION_FAILED, Cause.ACCESS_DENIED, Cause.REQUEST_INVALID),
        strength=Strength.WORD,
    )


READERS = (failed,)
