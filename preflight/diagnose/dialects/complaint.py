"""What a library says is absent or malformed among its settings, whatever words it has for that."""

import re

from preflight.diagnose.fields import field_of
from preflight.diagnose.phrase import windows
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 42
RULES = ()

_VERB = "(?:load|get|find|locate|retrieve|obtain|determine|resolve|extract|refresh|fetch|acquire)"
_VERBING = "(?:loading|getting|finding|locating|retrieving|obtaining|refreshing|fetching|acquiring|requesting)"
_GIVEN = "(?:set|provided|specified|configured|defined|supplied|given|found|present|available)"
_ABSENT = re.compile(
    rf"\bmissing\b|\brequired\b|\bwithout\b|\bneither\b|\bnon-?empty\b|\bplease provide\b"
    rf"|\bno\b.{{0,60}}\b{_GIVEN}\b|\bnot (?:been )?{_GIVEN}\b|\bmust (?:both |all )?be {_GIVEN}\b"
    r"|\bmust (?:provide|specify|supply)\b"
    r"|\b(?:is|was|are|be|returned) (?:empty|null|nil|none|undefined|blank|missing)\b"
    rf"|\berror {_VERBING}\b|\b(?:unable|failed) to {_VERB}\b|\b(?:could|can|did) ?not {_VERB}\b"
)
_MALFORMED = re.compile(
    r"\b(?:invalid|illegal|malformed)\b|\bnot (?:in )?(?:a |an )?(?:valid|supported|recognized|well.formed|parseable)\b"
    r"|\b(?:unable|failed) to (?:parse|decode|read|unmarshal)\b|\b(?:failed|error) parsing\b"
    r"|\b(?:could|can) ?not (?:be )?(?:parse|decode|read)"
    r"|\b(?:should|must) (?:be|match|have|contain|not)\b|\bdo(?:es)?(?:n't| not) (?:match|follow|look|have)\b"
)

# The subject, by its words, the most particular first: whose setting it is, what its absence and its wrong form mean,
# and the field where it is not the cause's own.
_MISSING, _BROKEN = Cause.CREDENTIAL_MISSING, Cause.CREDENTIAL_MALFORMED
_TENANT, _ACCOUNT = Cause.TENANT_WRONG, Cause.ACCOUNT_NAME_WRONG
_REGION, _ENDPOINT, _BUCKET = Cause.REGION_WRONG, Cause.ENDPOINT_WRONG, Cause.BUCKET_NAME_INVALID
_SUBJECTS = (
    (r"environment variables", "", _MISSING, _BROKEN, None),  # several at once: not one of them is to blame
    (r"client[ _-]?secret", "abs", _MISSING, _BROKEN, "azure_blob.abs_client_secret"),
    (r"tenant", "abs", _TENANT, _TENANT, None),
    (
        r"(?:account|storage|shared)[ ._-]?key|connection[ _]?string",
        "abs",
        _MISSING,
        _BROKEN,
        "azure_blob.abs_account_key",
    ),
    (r"account[ _-]?name|storage[ _-]?account|account[ _-]?url", "abs", _ACCOUNT, _ACCOUNT, None),
    (r"container", "abs", _BUCKET, _BUCKET, None),
    (r"\bsas\b|shared access signature", "abs", _MISSING, _BROKEN, "azure_blob.abs_account_key"),
    (r"\bazure ad\b|\bentra\b", "abs", _MISSING, _BROKEN, "azure_blob.abs_client_id"),
    (r"\bscopes?\b", "", Cause.SCOPE_WRONG, Cause.SCOPE_WRONG, None),
    (r"private[ _-]?key|\bpem\b", "gcs", _BROKEN, _BROKEN, "gcs_credentials.private_key"),
    (r"client[ _-]?email|service[ _-]account|key ?file|default credentials|\bjson\b", "gcs", _MISSING, _BROKEN, None),
    (r"client[ _-]?id\b|application id", "abs", _MISSING, _BROKEN, "azure_blob.abs_client_id"),
    (r"secret", "s3", _MISSING, _BROKEN, "aws_s3.s3_secret"),
    (r"access[ _-]?key|key[ _-]?id|credential|auth(?:entication|orization) option", "", _MISSING, _BROKEN, None),
    (r"\btokens?\b|\bjwt\b|assertion", "", _MISSING, _BROKEN, None),
    (r"object[ _-]?(?:name|key)|blob[ _-]?name", "", Cause.REQUEST_INVALID, Cause.REQUEST_INVALID, "path"),
    (r"region", "s3", _REGION, _REGION, None),
    (r"endpoint|\bhost(?:name)?\b|\bur[il]\b|\bscheme\b", "s3", _ENDPOINT, _ENDPOINT, None),
    (r"bucket", "", _BUCKET, _BUCKET, None),
)
_BESIDE = {
    _MISSING: (_BROKEN,),
    _BROKEN: (_MISSING,),
    _TENANT: (_BROKEN, _MISSING),
    _ACCOUNT: (_ENDPOINT, _MISSING),
    _REGION: (_ENDPOINT,),
    _ENDPOINT: (_REGION,),
    _BUCKET: (Cause.REQUEST_INVALID,),
    Cause.SCOPE_WRONG: (Cause.REQUEST_INVALID, _BROKEN),
    Cause.REQUEST_INVALID: (_MISSING, _BUCKET),
}
_FINDERS = tuple((re.compile(words), *rest) for words, *rest in _SUBJECTS)
_FAULTS = frozenset({
    "missing", "required", "without", "no", "not", "must", "empty", "null", "none", "undefined", "blank", "unable",
    "failed", "neither", "nonempty", "please", "could", "cannot", "can", "did", "invalid", "illegal",
    "malformed", "should", "do", "does", "doesn", "loading", "getting", "finding", "locating", "retrieving",
    "obtaining", "refreshing", "fetching", "acquiring", "requesting", "parsing",
})  # fmt: skip
_AROUND = 110  # characters


def complaint(reading: Reading) -> Finding | None:
    """Reads `No region was provided` and `malformed storage account key`: which setting, and what is wrong with it.

    Only where no server answered, for a server's sentences name settings of its own.
    """
    if "Code" in reading.elements or "error occurred (" in reading.folded:
        return None
    for window in windows(reading, _FAULTS, _AROUND):
        absent = _ABSENT.search(window)
        if not absent and not _MALFORMED.search(window):
            continue
        found = _about(window, reading.families, absent=bool(absent))
        if found:
            return None if reading.status else found
    return None


def _about(line: str, spoken: frozenset[str], *, absent: bool) -> Finding | None:
    for words, whose, if_absent, if_malformed, field in _FINDERS:
        if (whose and spoken and whose not in spoken) or not words.search(line):
            continue
        cause = if_absent if absent else if_malformed
        families = spoken or frozenset({whose or "s3"})
        return Finding(
            cause=cause,
            because=f"a library found this setting {'absent' if absent else 'malformed'} before it asked any server",
            beside=_BESIDE[cause],
            field=field or field_of(cause, families),
            strength=Strength.HINT,
        )
    return None


FALLBACKS = (complaint,)
