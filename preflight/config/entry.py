"""One entry of a configuration: its fields under their current names, and the `Storage` that it describes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from preflight.config.service_account import KeyFile
from preflight.config.shapes import every_field
from preflight.config.tree import Node
from preflight.config.values import Value
from preflight.model import Cause, Location, Problem, Storage

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
KEY_FILE = "gcs_credentials"
ACCOUNT_KEY = "abs_account_key"
CLIENT_ID = "azure_blob.abs_client_id"
GROUPS = {spec.name for spec in every_field().values() if spec.group}

# Older spellings of Stream's documentation, and its answers' `type`; the flat ones follow from the fields.
OLDER = {
    "type": "storage_type",
    "storage_provider": "storage_type",
    "custom_folder": "path",
    f"azure_blob.{ACCOUNT_KEY}": ACCOUNT_KEY,
    **{name.rpartition(".")[2]: name for name in every_field() if "." in name},
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as written (`spelling`) under its current `name`."""

    name: str
    spelling: str
    node: Node
    value: Value
    location: Location

    @property
    def aged(self) -> bool:
        return self.spelling != self.name


@dataclass(frozen=True, slots=True)
class Stray:
    """A field that Stream does not know, or that is there already (`twice`: its other spelling)."""

    name: str
    node: Node
    location: Location
    twice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that the rules may look at. `kind` is the storage type as we understand it, or nothing."""

    storage: Storage
    kind: str
    fields: Mapping[str, Field]
    groups: Mapping[str, Location]
    strays: tuple[Stray, ...] = ()
    key: KeyFile | None = None
    lost: tuple[tuple[str, Location, Value], ...] = ()

    def text(self, name: str) -> str:
        """What a field says; nothing when it is missing, or could not be had."""
        found = self.fields.get(name)
        return (found.value.text or "") if found else ""

    def lacks(self, name: str) -> bool:
        """Whether a field is missing or empty; one whose value could not be had is complained about elsewhere."""
        found = self.fields.get(name)
        return found is None or found.value.text == ""

    def locate(self, name: str) -> Location:
        return self.storage.locate(name)

    def problem(
        self,
        check: str,
        name: str,
        message: str,
        *,
        cause: Cause | None = None,
        remedy: str = "",
        patch: str = "",
        location: Location | None = None,
    ) -> Problem:
        """A problem of this entry; its cause is the field's own unless said otherwise."""
        spec = every_field().get(name)
        return Problem(
            check=check,
            message=message,
            cause=cause or (spec.about.cause if spec else Cause.REQUEST_INVALID),
            location=location or self.locate(name),
            field=name,
            storage=str(self.storage.origin),
            remedy=remedy,
            patch=patch,
        )
