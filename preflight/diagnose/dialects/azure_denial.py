"""Azure's refusals that stand for a missing role: which action it is follows from the call, or is named."""

import re

from preflight.diagnose.purpose import Purpose, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause, Permission

FAMILIES = frozenset({"abs"})
RANK = 10
RULES = ()

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_ACTIONS = {
    Purpose.READ: f"{_CONTAINERS}/blobs/read",
    Purpose.LIST: f"{_CONTAINERS}/blobs/read",
    Purpose.SETTINGS: f"{_CONTAINERS}/read",
    Purpose.CREATE: f"{_CONTAINERS}/write",
    Purpose.DELETE: f"{_CONTAINERS}/blobs/delete",
}
_WRITE = f"{_CONTAINERS}/blobs/write"
_SENTENCES = (
    "permission is not sufficient to perform",
    "not authorized to perform this operation using this permission",
    "you do not have the required permissions needed to perform this operation",  # the az command's own words for it
)
_MANAGED = re.compile(
    r"does not have authorization to perform action '([^']{5,200})'"
    r"(?:(?: or the scope is invalid)?[^']{0,40} scope '([^']{0,600}))?"
)


def mismatch(reading: Reading) -> Finding | None:
    """`AuthorizationPermissionMismatch`: who calls is known, and no role gives the action that the call needs."""
    if "authorizationpermissionmismatch" not in reading.codes and not any(s in reading.folded for s in _SENTENCES):
        return None
    purpose = purpose_of(reading)
    action = _ACTIONS.get(purpose, _WRITE)
    return Finding(
        cause=Cause.PERMISSION_MISSING,
        because=f"Azure knows the caller, and no role assignment gives it {action.removeprefix(_CONTAINERS)[1:]}",
        beside=(Cause.NOT_PROPAGATED, Cause.CONDITION_UNMET, Cause.ACL_REFUSED, Cause.WRONG_PRINCIPAL),
        missing=Permission(action),
        if_needless=Permission(f"{_CONTAINERS}/blobs/read") if purpose in {Purpose.UNKNOWN, Purpose.SETTINGS} else None,
    )


def managed(reading: Reading) -> Finding | None:
    """Azure Resource Manager: `… does not have authorization to perform action '…' over scope '…'`."""
    found = _MANAGED.search(reading.line) if "authorization" in reading.words else None
    if not found:
        return None
    return Finding(
        cause=Cause.PERMISSION_MISSING,
        because=f"no role assignment gives the caller {found[1]}",
        beside=(Cause.NOT_PROPAGATED, Cause.WRONG_PRINCIPAL, Cause.NOT_NEEDED),
        missing=Permission(found[1], found[2] or ""),
    )


READERS = (mismatch, managed)
