"""A failure of which little more than the stage is known: what goes wrong there most, for this kind of storage."""

from preflight.diagnose.fields import field_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 95
RULES = ()

# By stage, then by whose storage it is ("": everybody's); likeliest first.
_TABLE = {
    "dns": {
        "": "dns-failed endpoint-wrong region-wrong",
        "abs": "account-name-wrong dns-failed endpoint-wrong tenant-wrong",
    },
    "tls": {"": "tls-failed proxy-interfered endpoint-wrong"},
    "connect": {"": "connection-failed proxy-interfered endpoint-wrong"},
    "config": {
        "": "credential-missing credential-malformed endpoint-wrong bucket-name-invalid",
        "s3": "credential-missing region-wrong endpoint-wrong credential-malformed bucket-name-invalid",
        "abs": "credential-missing credential-malformed account-name-wrong tenant-wrong bucket-name-invalid",
        "gcs": "credential-malformed credential-missing bucket-name-invalid",
    },
    "token": {
        "": "credential-missing credential-malformed secret-wrong connection-failed auth-method-refused",
        "abs": "credential-missing secret-wrong credential-unknown tenant-wrong connection-failed",
        "gcs": "credential-malformed credential-missing secret-wrong credential-unknown connection-failed",
    },
    "sts": {"": "auth-method-refused credential-missing credential-unknown permission-missing connection-failed"},
}
_CERTAIN = {"dns", "tls"}  # here the stage says more than any single word
_TALKATIVE = {"config", "token", "sts"}  # here many things go wrong, and the words tell which


def unexplained(reading: Reading) -> Finding | None:
    """The usual suspects of the stage, where no server answered.

    What a library said of a setting or a token, and no dialect understands, is not to be guessed at.
    """
    of_stage = _TABLE.get(reading.stage)
    if of_stage is None or reading.status is not None or (reading.stage in _TALKATIVE and reading.plain.strip()):
        return None
    family = next(iter(reading.families)) if len(reading.families) == 1 else ""
    cause, *beside = (Cause(word) for word in of_stage.get(family, of_stage[""]).split())
    return Finding(
        cause=cause,
        because=f"no server's answer is known, and the stage was {reading.stage!r}",
        beside=tuple(beside),
        field=field_of(cause, reading.families),
        strength=Strength.STATUS if reading.stage in _CERTAIN else Strength.WORD,
    )


READERS = (unexplained,)
