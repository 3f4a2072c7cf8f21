"""Amazon's denial sentence: who may not do what, on which resource, and which layer of policy said so."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
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
    r"(?P<how>because no|with an explicit deny in an?|explicitly denied by an?|explicit deny in an?)\s+"
    r"(?P<layer>identity-based|resource-based|session|service control|resource control|vpc endpoint|vpce|permissions boundary|permission boundary)"
    r"(?:\s+polic(?:y|ies))?(?:\s+allows? the\s+(?P<action>[a-z][a-z0-9-]{1,30}:[A-Za-z*]{2,60}))?"
    r"(?:[:,]?\s*(?:with policy arn:?\s*)?(?P<arn>arn:[^\s'\"]{1,300}))?",
    re.IGNORECASE,
)
_BLOCKED = "block public access setting"  # an ACL is the matter, and a sentence of its own says so
_PRINCIPAL = re.compile(r"\buser:\s*(arn:[^\s'\"]{1,300})", re.IGNORECASE)

_ASKED = ("endpoint-url ", "endpoint: ", "endpoint=", "get ", "put ", "post ", "endpoint_url='")

_SAYS = {
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
        (Cause.HEADER_REQUIRED, Cause.NETWORK_DENIED, Cause.ACL_REFUSED, Cause.HTTPS_REQUIRED),
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
    text = reading.line
    sentence = _SENTENCE.search(text)
    layer = _LAYER.search(text, sentence.start() if sentence else 0)
    action = (sentence and sentence["action"]) or (layer and layer["action"]) or ""
    if (not action and not layer) or _BLOCKED in reading.folded:
        return None
    resource = (sentence["resource"] or "") if sentence else ""
    missing = Permission(action, resource.rstrip(".,;)")) if action else None
    return _finding(reading, action.lower(), missing, layer)


def _finding(reading: Reading, action: str, missing: Permission | None, layer: re.Match[str] | None) -> Finding:
    text = reading.line
    who = _PRINCIPAL.search(text)
    name = who[1] if who else "the caller"
    what = missing.action if missing else "this action"
    if action.startswith("kms:"):
        return _key(text, name, what, missing)
    if "sts:assumerole" in action or action.startswith("sts:assume"):
        because = f"{name} may not assume the role: its trust policy or the caller's own policy does not let it"
        return Finding(
            cause=Cause.AUTH_METHOD_REFUSED,
            because=because,
            beside=(Cause.PERMISSION_MISSING,),
            missing=missing,
        )
    if layer is None:
        because = f"{name} may not {what}; the layer that refuses is not named"
        beside = (Cause.BUCKET_POLICY_MISSING, Cause.EXPLICIT_DENY)
        return Finding(cause=Cause.PERMISSION_MISSING, because=because, beside=beside, missing=missing)
    kind = layer["layer"].lower()
    how = "no" if "no" in layer["how"].lower().split() else "deny"
    cause, beside = _SAYS[how, _LAYERS.get(kind, kind)]
    words = f"no {kind} policy allows it" if how == "no" else f"a {kind} policy denies it"
    if how == "deny" and kind == "resource-based" and any(f"{word}http://" in reading.folded for word in _ASKED):
        because = f"a resource-based policy denies {what}, and the request went over plain http"
        return Finding(
            cause=Cause.HTTPS_REQUIRED,
            because=because,
            beside=(Cause.EXPLICIT_DENY, Cause.HEADER_REQUIRED),
            field="aws_s3.s3_custom_endpoint_url",
            missing=missing,
        )
    arn = layer["arn"] or ""
    if arn and "quarantine" in arn.lower():
        cause, beside = Cause.CREDENTIAL_DISABLED, (cause,)
    if arn and "mfa" in arn.lower():
        cause, beside = Cause.HEADER_REQUIRED, (cause,)
    because = f"{name} may not {what}: {words}{f' ({arn})' if arn else ''}"
    return Finding(cause=cause, because=because, beside=beside, missing=missing)


def _key(text: str, name: str, what: str, missing: Permission | None) -> Finding:
    unsure = "does not exist in this region" in text.lower()
    because = f"{name} may not {what} with the key that encrypts the bucket"
    return Finding(
        cause=Cause.ENCRYPTION_KEY_DENIED,
        because=because,
        beside=(Cause.ENCRYPTION_KEY_UNUSABLE,) if unsure else (),
        missing=missing,
    )


READERS = (denial,)
