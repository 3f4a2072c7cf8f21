"""Google's denial sentence names the identity and the permission."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause, Permission

FAMILIES = frozenset({"gcs"})
RANK = 10
RULES = ()

_SENTENCE = re.compile(
    r"(?P<who>\S{1,200}|anonymous caller|anonymous users?) (?:does not have|do not have|lacks) (?P<action>[\w.]{4,80}) (?:access|permission)(?: to (?P<where>the google cloud storage (?:object|bucket)|(?!the )\S{2,600}))?",
    re.IGNORECASE,
)
_PERMISSION = re.compile(
    r"(?:permission |permission: |permissions? \[?)['\"]?(?P<action>[a-z][\w-]{2,40}(?:\.\w{2,60}){2,3})['\"]?[^.]{0,40}? denied(?: on (?:resource:? )?(?:['\"]?(?P<where>//[^\s'\")]{3,600}|projects/[^\s'\")]{3,400}))?)?",
    re.IGNORECASE,
)
_RESOURCE = re.compile(r"denied on resource:? ['\"]?(//[^\s'\"]{3,600}|projects/[^\s'\")]{3,400})", re.IGNORECASE)
_REQUIRED = re.compile(
    r"(?:required|missing|lacks?|need(?:s|ed)?|requires?)[^.]{0,40}?['\"(]?(?P<action>(?:storage|cloudkms|iam|serviceusage|resourcemanager)\.\w{2,60}\.\w{2,60})",
    re.IGNORECASE,
)
_OLD = {
    "objects_delete": "storage.objects.delete",
    "objects_create": "storage.objects.create",
    "objects_get": "storage.objects.get",
}


def denial(reading: Reading) -> Finding | None:
    """Reads `<e-mail> does not have <permission> access to …` and `Permission '<permission>' denied on resource …`."""
    text = " ".join(reading.plain.split())
    sentence = _SENTENCE.search(text)
    found = sentence or _PERMISSION.search(text) or _REQUIRED.search(text)
    if not found:
        return None
    action = _OLD.get(found["action"].lower(), found["action"])
    if action.count(".") < 2:
        return None
    who = sentence["who"].strip("'\"(,:") if sentence else "the caller"
    where = _RESOURCE.search(text)
    resource = where[1] if where else (sentence["where"] or "") if sentence else ""
    if resource.lower().startswith("the google"):
        resource = ""
    return _finding(text.lower(), who, Permission(action, resource.rstrip(".,;")))


def _finding(text: str, who: str, missing: Permission) -> Finding:
    action = missing.action
    name = "an anonymous caller" if "anonymous" in who.lower() else who
    cause, beside, field = _meaning(action.lower(), text)
    because = f"{name} lacks {action}"
    if name.startswith("an anonymous"):
        cause, beside, field = Cause.CREDENTIAL_MISSING, (), "gcs_credentials"
        because = f"Google saw no identity: {because}"
    if cause is Cause.OBJECT_EXISTS:
        because += ", which replacing an existing object needs and creating a new one does not"
    return Finding(cause=cause, because=because, beside=beside, field=field, missing=missing)


def _meaning(action: str, text: str) -> tuple[Cause, tuple[Cause, ...], str | None]:
    if action == "storage.objects.delete":
        return Cause.OBJECT_EXISTS, (Cause.PERMISSION_MISSING, Cause.WRONG_PRINCIPAL, Cause.NOT_NEEDED), None
    if action.startswith("cloudkms."):
        return Cause.ENCRYPTION_KEY_DENIED, (), None
    if action.startswith("serviceusage."):
        return Cause.PAYER_REQUIRED, (Cause.PERMISSION_MISSING,), None
    if action.startswith("iam.serviceaccounts."):
        return Cause.PERMISSION_MISSING, (Cause.AUTH_METHOD_REFUSED, Cause.WRONG_PRINCIPAL), None
    beside: tuple[Cause, ...] = (Cause.WRONG_PRINCIPAL, Cause.CONDITION_UNMET)
    beside += (Cause.BUCKET_NOT_YOURS, Cause.NOT_PROPAGATED) if "may not exist" in text else (Cause.NOT_PROPAGATED,)
    return Cause.PERMISSION_MISSING, beside, None


READERS = (denial,)
