"""Amazon's denial sentence: who may not do what, on which resource, and which layer of policy said so."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength
from preflight.model import Cause, Permission

FAMILIES = frozenset({"s3"})
RANK = 10
RULES = ()

_SENTENCE = re.compile(
    r"not authorized to perform:? ['\"]?(?P<action>[a-z][a-z0-9-]{1,30}:[A-Za-z*]{2,60})['\"]?"
    r"(?:\s+on(?: resource)?:?\s+['\"]?(?P<resource>[^\s'\"]{1,600}))?",
    re.IGNORECASE,
)
_LAYER = re.compile(
    r"\b(?P<how>no|with an explicit deny in an?|explicitly denied by an?|explicit deny in an?)\s+"
    r"(?P<layer>identity-based|resource-based|session|service control|resource control|vpc endpoint|vpce"
    r"|permissions boundary|permission boundary)"
    r"(?:\s+polic(?:y|ies))?(?:\s+allows? the\s+(?P<action>[a-z][a-z0-9-]{1,30}:[A-Za-z*]{2,60}))?"
    r"(?:[:,]?\s*(?:with policy arn:?\s*)?(?P<arn>arn:[^\s'\"]{1,300}))?",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bbecause (?P<reason>(?!no )[^\n.]{1,300})")
_WORDS = frozenset({"authorized", "allows", "explicit", "explicitly"})
_BLOCKED = ("block public access", "blockpublicacls", "blockpublicpolicy", "ignorepublicacls")
_PRINCIPAL = re.compile(r"\buser:\s*(arn:[^\s'\"]{1,300})", re.IGNORECASE)

# What the name of the denying policy gives away.
_ARNS = {"quarantine": Cause.CREDENTIAL_DISABLED, "mfa": Cause.HEADER_REQUIRED}
_ASKED = ("endpoint-url ", "endpoint: ", "endpoint=", "get ", "put ", "post ", "endpoint_url='")

_SAYS: dict[tuple[str, str], tuple[Cause, tuple[Cause, ...]]] = {
    ("no", "identity-based"): (
        Cause.PERMISSION_MISSING,
        (Cause.BUCKET_POLICY_MISSING, Cause.CONDITION_UNMET, Cause.WRONG_PRINCIPAL),
    ),
    ("no", "resource-based"): (
        Cause.BUCKET_POLICY_MISSING,
        (Cause.WRONG_PRINCIPAL, Cause.ACL_REFUSED, Cause.CONDITION_UNMET),
    ),
    ("deny", "identity-based"): (
        Cause.EXPLICIT_DENY,
        (Cause.HEADER_REQUIRED, Cause.NETWORK_DENIED, Cause.CREDENTIAL_DISABLED),
    ),
    ("deny", "resource-based"): (
        Cause.EXPLICIT_DENY,
        (Cause.HEADER_REQUIRED, Cause.NETWORK_DENIED, Cause.HTTPS_REQUIRED, Cause.ACL_REFUSED),
    ),
    ("no", "boundary"): (Cause.BOUNDARY_DENY, ()),
    ("deny", "boundary"): (Cause.BOUNDARY_DENY, ()),
    ("no", "session"): (Cause.BOUNDARY_DENY, ()),
    ("deny", "session"): (Cause.BOUNDARY_DENY, ()),
    ("no", "organization"): (Cause.ORGANIZATION_DENY, ()),
    ("deny", "organization"): (Cause.ORGANIZATION_DENY, (Cause.HEADER_REQUIRED,)),
    ("no", "vpc endpoint"): (Cause.NETWORK_DENIED, ()),
    ("deny", "vpc endpoint"): (Cause.NETWORK_DENIED, ()),
}
_LAYERS = {
    "service control": "organization",
    "resource control": "organization",
    "vpce": "vpc endpoint",
    "permissions boundary": "boundary",
    "permission boundary": "boundary",
}


def denial(reading: Reading) -> Finding | None:
    """Reads the sentence that Amazon gives to callers of the same account or organization."""
    if not _WORDS & reading.words:
        return None
    text = reading.line
    sentence = _SENTENCE.search(text)
    layer = _LAYER.search(text, sentence.start() if sentence else 0)
    action = (sentence and sentence["action"]) or (layer and layer["action"]) or ""
    if not action and not layer:
        return None
    resource = (sentence["resource"] or "") if sentence else ""
    missing = Permission(action, resource.rstrip(".,;)")) if action else None
    named = _PRINCIPAL.search(text)
    subject = f"{named[1] if named else 'the caller'} may not {action or 'do this'}"
    if action.lower().startswith("kms:"):
        return _key(reading, subject, missing)
    if action.lower().startswith("sts:assume"):
        because = f"{subject}: the role's trust policy, or the caller's own policy, does not let it"
        return Finding(
            cause=Cause.AUTH_METHOD_REFUSED, because=because, beside=(Cause.PERMISSION_MISSING,), missing=missing
        )
    if any(word in reading.folded for word in _BLOCKED):
        because = f"{subject}: the public access block refuses the ACL or policy that was sent"
        return Finding(cause=Cause.ACL_REFUSED, because=because, beside=(Cause.EXPLICIT_DENY,), missing=missing)
    if layer is None:
        return _unlayered(subject, missing, text[sentence.end() :] if sentence else "")
    return _layered(reading, subject, missing, layer)


def _key(reading: Reading, subject: str, missing: Permission | None) -> Finding:
    """A key of another account is hidden behind one sentence for three causes."""
    unsure = "does not exist in this region" in reading.folded
    because = f"{subject} with the key that encrypts the bucket"
    beside = (Cause.ENCRYPTION_KEY_UNUSABLE,) if unsure else ()
    return Finding(cause=Cause.ENCRYPTION_KEY_DENIED, because=because, beside=beside, missing=missing)


def _unlayered(subject: str, missing: Permission | None, rest: str) -> Finding:
    """A denial that names no layer of policy; `rest` is what the text says after it."""
    other = _OTHER.search(rest)
    if other:
        return _reasoned(f"{subject} because {other['reason']}", missing)
    if "with an expl" in rest.lower():
        because = f"{subject}: a policy denies it, and the text ends before it says which"
        beside = (Cause.ORGANIZATION_DENY, Cause.BOUNDARY_DENY, Cause.NETWORK_DENIED)
        return Finding(cause=Cause.EXPLICIT_DENY, because=because, beside=beside, missing=missing)
    because = f"{subject}, and the layer that refuses is not named"
    return Finding(
        cause=Cause.PERMISSION_MISSING,
        because=because,
        beside=(Cause.BUCKET_POLICY_MISSING, Cause.EXPLICIT_DENY),
        missing=missing,
    )


def _reasoned(because: str, missing: Permission | None) -> Finding:
    """A reason that is no layer of policy: what a bucket's setting forbids, or something newer than this file."""
    if "encryption" in because.lower():
        return Finding(cause=Cause.ENCRYPTION_REFUSED, because=because, missing=missing)
    beside = (Cause.EXPLICIT_DENY, Cause.ORGANIZATION_DENY, Cause.PERMISSION_MISSING)
    return Finding(cause=Cause.ACCESS_DENIED, because=because, beside=beside, missing=missing, strength=Strength.PHRASE)


def _layered(reading: Reading, subject: str, missing: Permission | None, layer: re.Match[str]) -> Finding:
    kind = layer["layer"].lower()
    denied = layer["how"].lower() != "no"
    cause, beside = _SAYS["deny" if denied else "no", _LAYERS.get(kind, kind)]
    arn = layer["arn"] or ""
    because = f"{subject}: {f'a {kind} policy denies it' if denied else f'no {kind} policy allows it'}"
    if arn:
        because += f" ({arn})"
        particular = next((found for word, found in _ARNS.items() if word in arn.lower()), None)
        if particular:
            cause, beside = particular, (cause,)
    if denied and kind == "resource-based" and any(f"{word}http://" in reading.folded for word in _ASKED):
        because += ", and the request went over plain http"
        cause, beside = Cause.HTTPS_REQUIRED, (Cause.EXPLICIT_DENY, Cause.HEADER_REQUIRED)
    field = "aws_s3.s3_custom_endpoint_url" if cause is Cause.HTTPS_REQUIRED else None
    return Finding(cause=cause, because=because, beside=beside, field=field, missing=missing)


READERS = (denial,)
