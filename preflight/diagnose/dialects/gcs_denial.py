"""Google's denial sentence names the identity and the permission."""

import re

from preflight.diagnose.purpose import Purpose, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause, Permission

FAMILIES = frozenset({"gcs"})
RANK = 10
RULES = ()

_SERVICE = "(?:storage|cloudkms|iam|serviceusage|resourcemanager|orgpolicy|billing)"
_ACTION = rf"(?P<action>{_SERVICE}\.[a-zA-Z]{{2,40}}\.[a-zA-Z]{{2,60}}|OBJECTS_[A-Z]{{3,20}})"
_LACKS = re.compile(
    rf"(?:not have|lacks?)\s+(?:the\s+)?['\"]?{_ACTION}['\"]?"
    r"(?:\s+(?:access|permission)(?:\s+to\s+(?P<where>\S{1,400}))?)?"
)
_DENIED = re.compile(rf"{_ACTION}['\"]?\]?\)?(?:\s+permission)?\s+(?:is\s+|was\s+)?(?:denied|required|missing)")
_NEEDS = re.compile(rf"(?:[Rr]equired|[Mm]issing|[Nn]eeds?|[Rr]equires?|[Pp]ermission)[^.]{{0,60}}?{_ACTION}")
_RESOURCE = re.compile(r"denied on resource:?\s+['\"]?(//[^\s'\"]{3,600}|projects/[^\s'\")]{3,400})")
_NOUNS = frozenset(
    {"objects", "buckets", "folders", "managedfolders", "multipartuploads", "hmackeys", "cryptokeyversions"}
)
_NOUNS |= {
    "cryptokeys",
    "services",
    "serviceaccounts",
    "serviceaccountkeys",
    "projects",
    "objects_delete",
    "objects_create",
    "objects_get",
}
# An e-mail, or a federated principal, whose name may have colons in it: without the JSON, XML or prose before it.
_WHO = re.compile(
    r"(principal(?:Set)?://[^\s'\"<>]{1,300}|(?:(?:serviceAccount|user):)?[^\s'\"<>()\[\]{}:;,=\\]{1,200}"
    r"|[Aa]nonymous (?:caller|users?))['\"\])>]{0,2}\s+does\s*$"
)

Meaning = tuple[Cause, tuple[Cause, ...], str | None]


def denial(reading: Reading) -> Finding | None:
    """Reads `<e-mail> does not have <permission> access to …` and `Permission '<permission>' denied on resource …`."""
    if not _NOUNS & reading.words:
        return None
    line = reading.line
    sentence = _LACKS.search(line)
    found = sentence or _DENIED.search(line) or _NEEDS.search(line)
    if not found:
        return None
    action = found["action"]
    if action.startswith("OBJECTS_"):
        action = f"storage.objects.{action.removeprefix('OBJECTS_').lower()}"
    who = _WHO.search(line, max(0, sentence.start() - 340), sentence.start()) if sentence else None
    name = who[1] if who else "the caller"
    if "anonymous" in line[max(0, found.start() - 40) : found.start()].lower():
        return _anonymous(action)
    where = _RESOURCE.search(line)
    resource = where[1] if where else (sentence["where"] or "") if sentence else ""
    missing = Permission(action, "" if resource == "the" else resource.rstrip(".,;:"))
    return _lacking(line, name, missing, deleting=purpose_of(reading) is Purpose.DELETE)


def _anonymous(action: str) -> Finding:
    because = f"Google saw no identity at all when it asked for {action}"
    return Finding(cause=Cause.CREDENTIAL_MISSING, because=because, field="gcs_credentials")


def _lacking(line: str, name: str, missing: Permission, *, deleting: bool) -> Finding:
    because = f"{name} lacks {missing.action}"
    cause, beside, more = _meaning(missing.action.lower(), line, deleting=deleting)
    return Finding(cause=cause, because=f"{because}{more or ''}", beside=beside, missing=missing)


def _meaning(action: str, line: str, *, deleting: bool) -> Meaning:
    match action.split("."):
        case ["storage", "objects", "delete"] if not deleting:  # an upload needs it only where the name is taken
            beside = (Cause.PERMISSION_MISSING, Cause.WRONG_PRINCIPAL, Cause.NOT_NEEDED)
            return Cause.OBJECT_EXISTS, beside, ", which replacing an object needs and creating a new one does not"
        case ["cloudkms", *_]:
            return Cause.ENCRYPTION_KEY_DENIED, (), None
        case ["serviceusage", *_]:
            return Cause.PAYER_REQUIRED, (Cause.PERMISSION_MISSING,), " in the project that is named as payer"
        case ["iam", "serviceaccounts", *_]:
            return Cause.PERMISSION_MISSING, (Cause.AUTH_METHOD_REFUSED, Cause.WRONG_PRINCIPAL), None
        case ["storage", "buckets", *_]:
            return Cause.PERMISSION_MISSING, (Cause.BUCKET_NOT_YOURS, Cause.BUCKET_MISSING, Cause.WRONG_PRINCIPAL), None
        case _:
            unsure = "may not exist" in line
            last = (Cause.BUCKET_NOT_YOURS,) if unsure else (Cause.NOT_PROPAGATED,)
            return Cause.PERMISSION_MISSING, (Cause.WRONG_PRINCIPAL, Cause.CONDITION_UNMET, *last), None


READERS = (denial,)
