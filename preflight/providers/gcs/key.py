"""Reads the service account key, so that nothing in it can make us sign in anywhere but at Google."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from preflight.model import GcsStorage, Refusal

GOOGLE = "googleapis.com"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a password
_TOKEN_HOSTS = frozenset({"oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"})
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"  # no write-only scope is known


@dataclass(frozen=True, slots=True)
class Key:
    """A key that has the right form. `token_uri` is where the token is really fetched."""

    info: Mapping[str, Any] = field(repr=False)
    email: str
    project: str
    token_uri: str


def read_key(storage: GcsStorage, token_uri: str | None) -> Key | Refusal:
    """The configured key; `token_uri` is the operator's own choice and replaces Google's.

    Of an address without a path, the path is Google's own.
    """
    if token_uri and urlsplit(token_uri).path in {"", "/"}:
        token_uri = f"{token_uri.rstrip('/')}/token"
    if not storage.credentials:
        return malformed("no service account key is configured", "missing-credentials")
    try:
        info = json.loads(storage.credentials.reveal())
    except (ValueError, RecursionError) as error:
        return malformed(f"the service account key is not JSON: {_shape(error)}", "not-json")
    if not isinstance(info, dict):
        return malformed("the service account key is not a JSON object", "not-an-object")
    return _judge(info, storage, token_uri)


def malformed(message: str, code: str) -> Refusal:
    """A refusal of our own, before anything was sent."""
    return Refusal(provider="gcs", stage="config", operation="load credentials", code=code, message=message)


def _judge(info: dict[str, Any], storage: GcsStorage, token_uri: str | None) -> Key | Refusal:
    if info.get("type") != "service_account":
        kind = info.get("type") if isinstance(info.get("type"), str) else None
        return malformed(f"the type of the key file is {kind!r}, not 'service_account'", "wrong-type")
    wanted = ("client_email", "private_key")
    absent = [name for name in wanted if not isinstance(info.get(name), str) or not info[name]]
    if absent:
        return malformed(f"the service account key has no {' and no '.join(absent)}", "missing-fields")
    if info.get("universe_domain", GOOGLE) != GOOGLE:
        said = f"the key belongs to the universe domain {info['universe_domain']!r}, not {GOOGLE}"
        return malformed(said, "foreign-universe-domain")
    named = info.get("token_uri") or TOKEN_URI  # which every library takes where the file names none
    if not isinstance(named, str) or not (_is_google(named) or named == token_uri):
        return malformed(f"token_uri is {named!r}, which is not Google's: nothing was sent there", "foreign-token-uri")
    project = info.get("project_id")
    return Key(
        info,
        info["client_email"],
        project if isinstance(project, str) else storage.project_id,
        token_uri or named,
    )


def _is_google(uri: str) -> bool:
    """Whether an assertion may go there: over TLS, to a host of Google's, and to no other port."""
    parts = urlsplit(uri)
    return (parts.scheme, parts.netloc) in {("https", host) for host in _TOKEN_HOSTS}


def _shape(error: Exception) -> str:
    """What is wrong with the text, without any of the text."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else type(error).__name__
