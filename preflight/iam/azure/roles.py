"""Azure's own role definitions that matter to blobs, from the data beside this file.

Source: Azure RBAC documentation, "Azure built-in roles", July 2026 (`roles.json`).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources

from preflight.iam.azure.document import Definition, read_definition


@functools.cache
def built_in() -> Mapping[str, Definition]:
    """Definitions by id and by name, both in lower case."""
    text = resources.files(__package__).joinpath("roles.json").read_text(encoding="utf-8")
    found = {}
    for number, role in json.loads(text).items():
        definition = read_definition({"name": number, "roleName": role["roleName"], "permissions": [role]}, "")
        found[number] = found[definition.role.lower()] = definition
    return found
