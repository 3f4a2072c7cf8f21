"""Which permissions a role holds: Google's own roles from the data beside this file, others from their documents.

Source: role data of the IAM API, August 2026 (`roles.json`). Basic roles hold nothing on objects.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources

from preflight.iam.regions import Truth

Held = Mapping[str, frozenset[str]]
"""Permissions by role name, as custom roles hold them."""

_WHOLE = ("roles/storage.", "roles/cloudkms.")  # roles of which the data names every permission that is asked about


def includes(role: str, permission: str, custom: Held) -> Truth:
    """Whether the role holds the permission; None if neither its document nor the data tells."""
    if role in custom:
        return permission in custom[role]
    known = predefined().get(role)
    if known is None:
        return None
    kind, _, verb = permission.rpartition(".")
    if kind in known:
        return verb in known[kind].split()
    return False if role.startswith(_WHOLE) else None


@functools.cache
def predefined() -> Mapping[str, Mapping[str, str]]:
    """Verbs by kind of resource (`storage.objects`), by role."""
    text = resources.files(__package__).joinpath("roles.json").read_text(encoding="utf-8")
    data: Mapping[str, Mapping[str, str]] = json.loads(text)
    return data


def permissions(role: str) -> frozenset[str]:
    """Every permission of one of Google's roles that the data names."""
    return frozenset(f"{kind}.{verb}" for kind, verbs in predefined().get(role, {}).items() for verb in verbs.split())
