"""Rules about the service principal and the account of an Azure storage."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from preflight.config.entry import ACCOUNT_KEY, CLIENT_ID, GUID, Entry
from preflight.config.rules.pasting import malformed, pasted
from preflight.config.wording import quoted
from preflight.model import Cause, Problem

ACCOUNT = "azure_blob.abs_account_name"
TENANT = "azure_blob.abs_tenant_id"
SECRET = "azure_blob.abs_client_secret"  # noqa: S105 - a field's name

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_CONNECTION = re.compile(r"AccountKey=|DefaultEndpointsProtocol=|SharedAccessSignature=", re.IGNORECASE)
_NIL = "00000000-0000-0000-0000-000000000000"


def shape_azure(entry: Entry) -> Iterator[Problem]:
    """At most one problem for each field, the plainest."""
    if entry.kind != "abs":
        return
    for name, rule in ((ACCOUNT, _account), (TENANT, _tenant), (CLIENT_ID, _client_id), (SECRET, _secret),
                       (ACCOUNT_KEY, _account_key)):  # fmt: skip
        if entry.text(name) and (problem := next(rule(entry, entry.text(name)), None)):
            yield problem


def _account(entry: Entry, text: str) -> Iterator[Problem]:
    def wrong(what: str, remedy: str) -> Problem:
        return malformed(entry, ACCOUNT, what, remedy, cause=Cause.ACCOUNT_NAME_WRONG)

    if _CONNECTION.search(text):
        yield wrong("holds a connection string; expected the account's name", "write what follows AccountName=")
    host = re.match(r"(?:https?://)?([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.", text, re.IGNORECASE)
    if host:
        yield wrong(
            f"holds a host name; expected {host[1].lower()} alone", f"write abs_account_name: {host[1].lower()}"
        )
    if re.fullmatch(r"[a-z0-9]{3,24}", text):
        return
    if re.fullmatch(r"[a-z0-9]{3,24}", text.strip().lower()):
        better = text.strip().lower()
        yield wrong(f"{quoted(text)} has upper-case letters or white space", f"write abs_account_name: {better}")
    yield wrong(
        f"{quoted(text)} cannot be a storage account: those have 3 to 24 of a-z and 0-9",
        "write the account's name, as the portal shows it",
    )


def _tenant(entry: Entry, text: str) -> Iterator[Problem]:
    if text.strip() == entry.text(CLIENT_ID).strip():
        yield malformed(
            entry,
            TENANT,
            "is the same as abs_client_id; the one is the directory, the other the application",
            "copy the directory (tenant) id from the application's overview",
            cause=Cause.TENANT_WRONG,
        )
    if text == _NIL or not (GUID.fullmatch(text) or _DOMAIN.fullmatch(text)):
        yield malformed(
            entry,
            TENANT,
            f"{quoted(text)} is no tenant; expected a GUID or a domain of the directory",
            "copy the directory (tenant) id from the application's overview",
            cause=Cause.TENANT_WRONG,
        )


def _client_id(entry: Entry, text: str) -> Iterator[Problem]:
    if text == _NIL or not GUID.fullmatch(text):
        yield malformed(entry, CLIENT_ID, "is not a GUID", "copy the application (client) id from its overview")


def _secret(entry: Entry, text: str) -> Iterator[Problem]:
    if problem := pasted(entry, SECRET):
        yield problem
    if GUID.fullmatch(text):
        yield malformed(
            entry,
            SECRET,
            "is a GUID: that is the secret's id, not its value",
            "copy the value; Azure shows it once, so create a new secret if it is gone",
            cause=Cause.SECRET_WRONG,
        )
    if _CONNECTION.search(text) or re.search(r"[?&]sig=", text):
        yield malformed(
            entry,
            SECRET,
            "is a connection string or a signed address; expected a client secret",
            "create a client secret for the application",
        )
    if is_account_key(text):
        yield malformed(
            entry, SECRET, "is an account key; expected a client secret", "create a client secret for the application"
        )


def _account_key(entry: Entry, text: str) -> Iterator[Problem]:
    if _CONNECTION.search(text):
        yield malformed(
            entry,
            ACCOUNT_KEY,
            "is a connection string, which Stream cannot use",
            "use a service principal: abs_tenant_id, abs_client_id, abs_client_secret",
        )


def is_account_key(text: str) -> bool:
    """Whether this is a shared key of a storage account: 64 bytes in base64."""
    try:
        return len(text) == 88 and len(base64.b64decode(text, validate=True)) == 64
    except ValueError:
        return False
