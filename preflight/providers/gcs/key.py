"""Reads the service account key, so that nothing in it can make us sign in anywhere but at Google."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.model import GcsStorage, Refusal

GOOGLE = "googleapis.com"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a password
TOKEN_URIS = frozenset(
    {
        TOKEN_URI,
        "https://accounts.google.com/o/oauth2/token",
        "https://www.googleapis.com/oauth2/v3/token",
        "https://www.googleapis.com/oauth2/v4/token",
    }
)
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"  # no write-only scope is known


@dataclass(frozen=True, slots=True)
class Key:
    """A key that has the right form. `token_uri` is where the token is really fetched."""

    info: Mapping[str, Any] = field(repr=False)
    email: str
    project: str
    token_uri: str


def read_key(storage: GcsStorage, token_uri: str | None) -> Key | Refusal:
    """The configured key; `token_uri` is the operator's own choice and replaces Google's."""
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
    wanted = ("client_email", "private_key", "token_uri")
    absent = [name for name in wanted if not isinstance(info.get(name), str) or not info[name]]
    if absent:
        return malformed(f"the service account key has no {' and no '.join(absent)}", "missing-fields")
    if info.get("universe_domain", GOOGLE) != GOOGLE:
        said = f"the key belongs to the universe domain {info['universe_domain']!r}, not {GOOGLE}"
        return malformed(said, "foreign-universe-domain")
    if info["token_uri"] not in TOKEN_URIS | {token_uri}:
        said = f"token_uri is {info['token_uri']!r}, which is not Google's: nothing was sent there"
        return malformed(said, "foreign-token-uri")
    project = info.get("project_id")
    return Key(
        info,
        info["client_email"],
        project if isinstance(project, str) else storage.project_id,
        token_uri or info["token_uri"],
    )


def _shape(error: Exception) -> str:
    """What is wrong with the text, without any of the text."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else type(error).__name__
