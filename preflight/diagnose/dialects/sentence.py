"""What a sentence says of which thing, in whatever words it has for that: no such account, the key is switched off."""

import re
from collections.abc import Iterator

from preflight.diagnose.dialects.code_words import words_of_codes
from preflight.diagnose.fields import field_of
from preflight.diagnose.phrase import windows
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 58
RULES = ()

# What may be said of a thing: behind `is` or before its name, and behind `not`.
_STATES = {
    "absent": (
        "such unknown unrecognized unrecognised nonexistent deleted removed",
        "exist exists found located registered known recognized recognised",
    ),
    "off": (
        "disabled deactivated suspended inactive frozen closed terminated cancelled canceled overdue arrear arrears",
        "active activated enabled",
    ),
    "expired": ("expired outdated", ""),
    "barred": (
        "blocked forbidden denied rejected refused unauthorized untrusted",
        "permitted allowed authorized whitelisted allowlisted whitelist allowlist",
    ),
    "wrong": ("invalid incorrect malformed wrong bad", "valid correct match"),
    "full": ("full exhausted exceeded reached insufficient", "enough sufficient"),
}
_IS = r"\b(?:is|are|was|were|be|been|being|has|have|in|currently|already)"
_NOT = r"(?:\bnot|n't|\bno longer|\bnever|\bcannot)(?: be| been| in the| on the| in your)?"


_STATE = {kind: words.replace(" ", "|") for kind, (words, _) in _STATES.items()}
_DENIED = {kind: words.replace(" ", "|") or "(?!)" for kind, (_, words) in _STATES.items()}
_BEHIND = re.compile(
    "|".join(rf"(?P<{kind}>{_IS} (?:{_STATE[kind]})\b|{_NOT} (?:{_DENIED[kind]})\b)" for kind in _STATES)
)
_BEFORE = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _STATE.items()))
_BARE = re.compile(  # in a code
    "|".join(rf"(?P<{kind}>\b(?:{_STATE[kind]})\b|\bnot (?:{_DENIED[kind]})\b)" for kind in _STATES)
)
_ANCHORS = frozenset(word for pair in _STATES.values() for words in pair for word in words.split())
_THINGS = re.compile(
    r"(?P<kms>(?:kms|encryption|crypto|customer.managed|master)[ -]?keys?|\bcmk\b|key vault)"
    r"|(?P<tenant>\btenants?\b|\bdirectory\b|\bauthority\b|\bissuer\b)"
    r"|(?P<network>\bip\b|\bip address|\bnetwork\b|\bcountry\b)"
    r"|(?P<payment>\bbilling\b|\bsubscriptions?\b|\bpayment|\bbalance\b|\barrears?\b)"
    r"|(?P<secret>\bsecrets?\b|\bpasswords?\b|\bsignatures?\b|\baccount[ -]?key|\bapi[ -]?key)"
    r"|(?P<token>\btokens?\b|\bassertion\b|\bjwt\b|\bsession\b)"
    r"|(?P<identity>\bservice accounts?\b|\busers?\b|\baccess[ -]?keys?|\bkey[ -]?id|\bclients?[ _-]?(?:id\b|$)"
    r"|\bapplications?\b|\bprincipals?\b|\bidentit(?:y|ies)\b|\bcredentials?\b|\broles?\b)"
    r"|(?P<account>\baccounts?\b)"
    r"|(?P<region>\bregions?\b|\blocations?\b)"
    r"|(?P<setting>\b(?:lifecycle|bucket|tagging|cors|replication|website) (?:policy|configuration|set)\b)"
    r"|(?P<bucket>\bbuckets?\b|\bcontainers?\b|\bfile ?systems?\b)"
    r"|(?P<endpoint>\bendpoints?\b|\bhosts?\b|\bdomains?\b|\bhostname\b|-style\b|\baddressing\b)"
    r"|(?P<certificate>\bcertificates?\b)|(?P<clock>\btimestamp\b|\bclock\b|\bdate\b)"
    r"|(?P<acl>\bacls?\b|\bpublic access\b)|(?P<space>\bquota\b|\bstorage space\b|\bcapacity\b|\bdisk\b|\bdrive\b)"
)
_C = Cause
_MEANS: dict[tuple[str, str], tuple[Cause, ...]] = {
    ("kms", "absent"): (_C.ENCRYPTION_KEY_UNUSABLE,),
    ("kms", "off"): (_C.ENCRYPTION_KEY_UNUSABLE,),
    ("kms", "wrong"): (_C.ENCRYPTION_KEY_UNUSABLE, _C.ENCRYPTION_REFUSED),
    ("kms", "barred"): (_C.ENCRYPTION_KEY_DENIED,),
    ("tenant", "absent"): (_C.TENANT_WRONG,),
    ("tenant", "wrong"): (_C.TENANT_WRONG, _C.ENDPOINT_WRONG),
    ("tenant", "off"): (_C.ACCOUNT_SUSPENDED, _C.TENANT_WRONG),
    ("tenant", "barred"): (_C.ORGANIZATION_DENY, _C.TENANT_WRONG),
    ("network", "barred"): (_C.NETWORK_DENIED, _C.PROXY_INTERFERED),
    ("payment", "absent"): (_C.ACCOUNT_SUSPENDED,),
    ("payment", "off"): (_C.ACCOUNT_SUSPENDED,),
    ("payment", "expired"): (_C.ACCOUNT_SUSPENDED,),
    ("payment", "full"): (_C.ACCOUNT_SUSPENDED,),
    ("secret", "absent"): (_C.CREDENTIAL_MISSING, _C.SECRET_WRONG),
    ("secret", "off"): (_C.CREDENTIAL_DISABLED,),
    ("secret", "expired"): (_C.CREDENTIAL_EXPIRED,),
    ("secret", "wrong"): (_C.SECRET_WRONG, _C.CREDENTIAL_MALFORMED, _C.SIGNATURE_BROKEN),
    ("token", "expired"): (_C.CREDENTIAL_EXPIRED, _C.CLOCK_SKEW),
    ("token", "off"): (_C.CREDENTIAL_DISABLED, _C.CREDENTIAL_EXPIRED),
    ("token", "wrong"): (_C.CREDENTIAL_MALFORMED, _C.SESSION_TOKEN_INVALID, _C.CREDENTIAL_EXPIRED),
    ("identity", "absent"): (_C.CREDENTIAL_UNKNOWN, _C.WRONG_PRINCIPAL, _C.CREDENTIAL_MISSING),
    ("identity", "off"): (_C.CREDENTIAL_DISABLED, _C.ACCOUNT_SUSPENDED),
    ("identity", "expired"): (_C.CREDENTIAL_EXPIRED,),
    ("identity", "wrong"): (_C.CREDENTIAL_UNKNOWN, _C.CREDENTIAL_MALFORMED, _C.SECRET_WRONG),
    ("identity", "barred"): (_C.ACCESS_DENIED, _C.PERMISSION_MISSING, _C.CREDENTIAL_DISABLED),
    ("account", "off"): (_C.ACCOUNT_SUSPENDED, _C.CREDENTIAL_DISABLED),
    ("account", "expired"): (_C.ACCOUNT_SUSPENDED, _C.CREDENTIAL_EXPIRED),
    ("account", "full"): (_C.QUOTA_EXCEEDED, _C.ACCOUNT_SUSPENDED),
    ("region", "absent"): (_C.REGION_WRONG, _C.ENDPOINT_WRONG),
    ("region", "wrong"): (_C.REGION_WRONG, _C.ENDPOINT_WRONG),
    ("region", "off"): (_C.API_DISABLED, _C.REGION_WRONG),
    ("region", "barred"): (_C.ORGANIZATION_DENY, _C.REGION_WRONG),
    ("setting", "absent"): (_C.NOT_NEEDED,),
    ("bucket", "absent"): (_C.BUCKET_MISSING, _C.BUCKET_NAME_INVALID, _C.NOT_NEEDED),
    ("bucket", "wrong"): (_C.BUCKET_NAME_INVALID, _C.REQUEST_INVALID),
    ("bucket", "full"): (_C.QUOTA_EXCEEDED,),
    ("bucket", "off"): (_C.ACCOUNT_SUSPENDED, _C.ACCESS_DENIED),
    ("endpoint", "absent"): (_C.DNS_FAILED, _C.ENDPOINT_WRONG),
    ("endpoint", "wrong"): (_C.ENDPOINT_WRONG, _C.REGION_WRONG),
    ("endpoint", "barred"): (_C.ENDPOINT_WRONG, _C.NETWORK_DENIED),
    ("endpoint", "off"): (_C.ENDPOINT_WRONG, _C.NETWORK_DENIED),
    ("certificate", "expired"): (_C.TLS_FAILED, _C.CREDENTIAL_EXPIRED),
    ("certificate", "wrong"): (_C.TLS_FAILED, _C.PROXY_INTERFERED),
    ("certificate", "absent"): (_C.TLS_FAILED, _C.PROXY_INTERFERED),
    ("clock", "wrong"): (_C.CLOCK_SKEW, _C.REQUEST_INVALID),
    ("clock", "expired"): (_C.CLOCK_SKEW, _C.CREDENTIAL_EXPIRED),
    ("acl", "barred"): (_C.ACL_REFUSED, _C.NOT_NEEDED),
    ("acl", "off"): (_C.ACL_REFUSED, _C.NOT_NEEDED),
    ("space", "full"): (_C.QUOTA_EXCEEDED, _C.THROTTLED),
}
# Whose account is meant decides what is wrong with one that does not exist.
_NO_ACCOUNT = {
    "s3": (_C.CREDENTIAL_UNKNOWN, _C.ACCOUNT_SUSPENDED, _C.WRONG_PRINCIPAL),
    "gcs": (_C.CREDENTIAL_UNKNOWN, _C.ACCOUNT_SUSPENDED, _C.WRONG_PRINCIPAL),
    "abs": (_C.ACCOUNT_NAME_WRONG, _C.ACCOUNT_SUSPENDED, _C.ENDPOINT_WRONG),
    "": (_C.ACCOUNT_NAME_WRONG, _C.ACCOUNT_SUSPENDED, _C.CREDENTIAL_UNKNOWN),
}
_NEAR = 60  # characters between a thing and what is said of it
_STOP = re.compile(r"[.;!?|{}]\s|\\n|[{}<>]")


def sentence(reading: Reading) -> Finding | None:
    """The first thing of which something is said that has a meaning here.

    A server that says that it failed itself has found no fault with anything that it was given.
    """
    if (reading.given_status or 0) >= 500:
        return None
    for thing, state in _told(reading):
        causes = _causes(thing.lastgroup or "", state.lastgroup or "", reading.families)
        if causes:
            return _finding(thing[0], causes, reading.families)
    return None


def _told(reading: Reading) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Each thing of which something is said, and that: in codes, whatever their order, and then in sentences."""
    for code in words_of_codes(reading):
        things, state = list(_THINGS.finditer(code)), _BARE.search(code)
        if things and state:
            yield things[-1], state  # `user token`: the last noun is what is meant
    for window in windows(reading, _ANCHORS, _NEAR):
        yield from _in_sentence(window)


def _in_sentence(window: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """`no such account`, `the account does not exist`."""
    for said in _BEFORE.finditer(window):
        rest = _STOP.split(window[said.end() :], maxsplit=1)[0]
        thing = _THINGS.search(rest)
        if thing:
            yield thing, said
    for said in _BEHIND.finditer(window):
        start = _STOP.split(window[: said.start()])[-1]
        things = list(_THINGS.finditer(start))
        if things:
            yield things[-1], said


def _causes(thing: str, kind: str, families: frozenset[str]) -> tuple[Cause, ...]:
    if thing == "account" and kind in {"absent", "wrong"}:
        return _NO_ACCOUNT[next(iter(families)) if len(families) == 1 else ""]
    return _MEANS.get((thing, kind), ())


def _finding(thing: str, causes: tuple[Cause, ...], families: frozenset[str]) -> Finding:
    return Finding(
        cause=causes[0],
        because=f"no code in it is known; by its words it finds fault with this: {thing}",
        beside=causes[1:],
        field=field_of(causes[0], families),
        strength=Strength.HINT,
    )


FALLBACKS = (sentence,)
