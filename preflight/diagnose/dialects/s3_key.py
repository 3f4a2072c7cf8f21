"""The access key id in an answer tells which kind of key it is, and whose."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause

FAMILIES = frozenset({"s3"})
RANK = 8
RULES = ()

FIELD = "aws_s3.s3_api_key"
_UNKNOWN = frozenset({"invalidaccesskeyid", "invalidclienttokenid"})
_TEMPORARY = re.compile(r"\bASIA[A-Z0-9*X.…]{4,}")
_FOREIGN = re.compile(r"<AWSAccessKeyId>(GOOG|DO00|LTAI|00[0-9a-f]{10})|\b(DO00|GOOG1|LTAI)[A-Za-z0-9*]{4}")
_OWNERS = {"GOOG": "Google", "GOOG1": "Google", "DO00": "DigitalOcean", "LTAI": "Alibaba"}


def unknown_key(reading: Reading) -> Finding | None:
    """A key id that is unknown because it is temporary, or because another provider issued it."""
    if not _UNKNOWN & reading.codes:
        return None
    if _TEMPORARY.search(reading.plain):
        return Finding(
            cause=Cause.SESSION_TOKEN_INVALID,
            because="the key id begins with ASIA: a temporary key, which is unknown without its session token",
            beside=(Cause.CREDENTIAL_UNKNOWN, Cause.CREDENTIAL_EXPIRED),
            field=FIELD,
        )
    foreign = _FOREIGN.search(reading.plain)
    if foreign and reading.speaker == "s3":
        prefix = foreign[1] or foreign[2]
        owner = _OWNERS.get(prefix, "Backblaze")
        return Finding(
            cause=Cause.ENDPOINT_WRONG,
            because=f"a key of {owner} ({prefix}…) reached Amazon: the custom endpoint was not applied",
            beside=(Cause.CREDENTIAL_UNKNOWN,),
            field="aws_s3.s3_custom_endpoint_url",
        )
    return None


READERS = (unknown_key,)
