"""Reads one entry, however broken, into its fields and the `Storage` that it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from preflight.config import service_account
from preflight.config.entry import ACCOUNT_KEY, CLIENT_ID, GROUPS, GUID, KEY_FILE, OLDER, Entry, Field, Stray
from preflight.config.private import looks_private, prefix
from preflight.config.service_account import KeyFile
from preflight.config.shapes import SHAPES, every_field
from preflight.config.tree import Array, Node, Scalar, Table, empty
from preflight.config.values import NO_TABLE, Lookup, Value, reference
from preflight.config.wording import spelled
from preflight.model import AbsStorage, GcsStorage, Location, S3Storage, Secret, Storage

_SYNONYMS = {
    **dict.fromkeys(("aws", "aws_s3", "amazon", "amazon_s3", "amazons3", "r2", "minio", "s3_compatible"), "s3"),
    **dict.fromkeys(("gcp", "google", "google_cloud", "google_cloud_storage", "gcloud", "gs"), "gcs"),
    **dict.fromkeys(("azure", "azure_blob", "azure_blob_storage", "az", "blob", "azblob"), "abs"),
}
_SIGNS = {"aws_s3": "s3", KEY_FILE: "gcs", "azure_blob": "abs", ACCOUNT_KEY: "abs"}


def read(node: Node, lookup: Lookup) -> Entry:
    """Reads an entry, however broken. Complaints are left to the rules."""
    draft = _Draft(lookup)
    if isinstance(node, Table):
        draft.take(node)
    draft.adopt_client_id()
    origin = lookup.page.place(node)
    return draft.finish(origin)


@dataclass(slots=True)
class _Draft:
    """An entry as far as it has been read."""

    lookup: Lookup
    fields: dict[str, Field] = field(default_factory=dict)
    groups: dict[str, Location] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    lost: list[tuple[str, Location, Value]] = field(default_factory=list)

    def take(self, table: Table, group: str = "") -> None:
        for key, node in table.pairs:
            spelling = group + key.text
            if empty(node):
                continue
            if spelling in GROUPS and isinstance(node, Table):
                self.groups[spelling] = self.lookup.page.locate(key.start, key.end)
                self.take(node, f"{spelling}.")
            elif spelling in every_field():
                self.add(spelling, spelling, key, node)
            elif spelling in OLDER and not _imported(spelling, node):
                self.add(OLDER[spelling], spelling, key, node)
            else:
                where = self.lookup.page.locate(key.start, key.end)
                self.strays.append(Stray(group + spelled(key.text), node, where))

    def add(self, name: str, spelling: str, key: Scalar, node: Node) -> None:
        if name in self.fields:
            where = self.lookup.page.locate(key.start, key.end)
            self.strays.append(Stray(spelling, node, where, twice=self.fields[name].spelling))
            return
        self.fields[name] = Field(name, spelling, node, self.value(name, node), self.place(key, node))

    def value(self, name: str, node: Node) -> Value:
        """What a field says. A key file that is written out as a table is put together later."""
        if name in GROUPS:
            return NO_TABLE
        written_out = name == KEY_FILE and isinstance(node, Table) and not reference(node)
        return Value("", "") if written_out else self.lookup.value(node)

    def place(self, key: Scalar, node: Node) -> Location:
        """The value, or what it refers to, or the key of a table."""
        if reference(node) and isinstance(node, Table):
            node = node.pairs[0][1]
        return self.lookup.page.place(node if isinstance(node, Scalar) and node.end > node.start else key)

    def adopt_client_id(self) -> None:
        """An older page of the documentation called the client id an account key."""
        old = self.fields.get(ACCOUNT_KEY)
        if old and GUID.fullmatch((old.value.text or "").strip()) and CLIENT_ID not in self.fields:
            del self.fields[ACCOUNT_KEY]
            self.fields[CLIENT_ID] = Field(CLIENT_ID, old.spelling, old.node, old.value, old.location)

    def finish(self, origin: Location) -> Entry:
        self.lost += [
            (found.name, found.location, found.value) for found in self.fields.values() if found.value.text is None
        ]
        kind = self.kind()
        where = {name: found.location for name, found in self.fields.items()} | self.groups
        key = self.key_file(where)
        storage = self.storage(kind, origin, where, key)
        return Entry(
            storage=storage,
            kind=kind,
            fields=self.fields,
            groups=self.groups,
            strays=tuple(self.strays),
            key=key,
            lost=tuple(self.lost),
        )

    def kind(self) -> str:
        written = self.text("storage_type").strip().lower().replace("-", "_").replace(" ", "_")
        if written in SHAPES:
            return written
        signs = {
            _SIGNS[name.partition(".")[0]] for name in (*self.fields, *self.groups) if name.partition(".")[0] in _SIGNS
        }
        return _SYNONYMS.get(written) or (signs.pop() if len(signs) == 1 else "")

    def text(self, name: str) -> str:
        found = self.fields.get(name)
        return (found.value.text or "") if found else ""

    def public(self, name: str) -> str:
        """A text that may be shown; what looks like a secret stays out of the field that is shown."""
        text = self.text(name)
        return "" if looks_private(text) else text

    def secret(self, name: str) -> Secret | None:
        found = self.fields.get(name)
        if not found or not found.value.text:
            return None
        return Secret(found.value.text, source=found.value.source, prefix=prefix(found.value.text))

    def key_file(self, where: dict[str, Location]) -> KeyFile | None:
        """The key file, from a text or from a table written out."""
        found = self.fields.get(KEY_FILE)
        if not found:
            return None
        if isinstance(found.node, Table) and not reference(found.node):
            document = dict(self.key_fields(found.node, where))
            key = service_account.decode(service_account.canonical(document))
            value = Value(key.text, f"{found.location.file}:{found.location.line}")
            self.fields[KEY_FILE] = replace(found, value=value)
            return key
        if not found.value.text:
            return None
        decoded = service_account.decode(found.value.text)
        if decoded.document is None and re.fullmatch(r"[^\s{}]+\.json", found.value.text):
            return self.named_file(found, decoded)
        return decoded

    def named_file(self, found: Field, decoded: KeyFile) -> KeyFile:
        """A bare file name means the file, if there is one."""
        value = self.lookup.file(found.value.text or "")
        if value.text is None:
            return decoded
        self.fields[KEY_FILE] = replace(found, spelling=f"{KEY_FILE} (a bare file name)", value=value)
        return service_account.decode(value.text)

    def key_fields(self, table: Table, where: dict[str, Location]) -> Iterator[tuple[str, Any]]:
        for key, node in table.pairs:
            name = f"{KEY_FILE}.{key.text}"
            where[name] = self.place(key, node)
            if isinstance(node, Scalar) or reference(node):
                value = self.lookup.value(node)
                if value.text is None:
                    self.lost.append((name, where[name], value))
                yield key.text, value.text
            else:
                yield key.text, _plain(node)

    def storage(self, kind: str, origin: Location, where: Mapping[str, Location], key: KeyFile | None) -> Storage:
        common: dict[str, Any] = {
            "name": self.public("name"),
            "storage_type": kind or self.public("storage_type"),
            "bucket": self.public("bucket"),
            "path": self.public("path"),
            "origin": origin,
            "where": where,
        }
        match kind:
            case "s3":
                return S3Storage(
                    **common,
                    region=self.public("aws_s3.s3_region"),
                    api_key=self.secret("aws_s3.s3_api_key"),
                    secret=self.secret("aws_s3.s3_secret"),
                    endpoint_url=self.public("aws_s3.s3_custom_endpoint_url"),
                )
            case "gcs":
                return GcsStorage(
                    **common,
                    credentials=self.credentials(key),
                    client_email=key.field("client_email") if key else "",
                    project_id=key.field("project_id") if key else "",
                )
            case "abs":
                return AbsStorage(
                    **common,
                    account_name=self.public("azure_blob.abs_account_name"),
                    tenant_id=self.public("azure_blob.abs_tenant_id"),
                    client_id=self.public(CLIENT_ID),
                    client_secret=self.secret("azure_blob.abs_client_secret"),
                    account_key=self.secret(ACCOUNT_KEY),
                )
            case _:
                return Storage(**common)

    def credentials(self, key: KeyFile | None) -> Secret | None:
        if not key or not key.text:
            return None
        found = self.fields[KEY_FILE]
        return Secret(key.text, source=found.value.source)


def _imported(spelling: str, node: Node) -> bool:
    """Whether `type` is not ours: the importer's storages and Google's key files have one as well."""
    return spelling == "type" and isinstance(node, Scalar) and node.text in {"aws_s3", "service_account"}


def _plain(node: Node) -> Any:  # noqa: ANN401 - any JSON value
    match node:
        case Scalar(text=text, null=null):
            return None if null else text
        case Array(items=items):
            return [_plain(item) for item in items]
        case Table():
            return {key: _plain(value) for key, value in node}
