"""The last word: something failed, and nothing that was said tells what."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength, rules
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 99
RULES = rules(
    """
service-unavailable: the text tells of a failure, in words that prove nothing
  says   error | errors | failed | failure | exception | fatal | panic | cannot | can't | could not | unable |
         rejected | refused | unsuccessful | crashed
  unless 0 errors | no errors | without errors | no error
  beside connection-failed access-denied request-invalid
""",
    vague=True,
)

_NAME = re.compile(r"[A-Za-z](?:Error|Exception|Failure|Fault)\b")


def thrown(reading: Reading) -> Finding | None:
    """An error is named, or a stage failed, whatever was said: `UnknownError`, `SdkClientException: null`, `Unknown`."""
    failed = bool(reading.stage and reading.plain.strip()) and (reading.status or 400) >= 400
    if not failed and not reading.given_codes and not _NAME.search(reading.plain):
        return None
    return Finding(
        cause=Cause.SERVICE_UNAVAILABLE,
        because="there is an error, and its words prove nothing",
        beside=(Cause.CONNECTION_FAILED, Cause.ACCESS_DENIED, Cause.REQUEST_INVALID),
        strength=Strength.WORD,
    )


READERS = (thrown,)
