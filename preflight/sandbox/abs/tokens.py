"""Tokens as Entra ID makes them (version 1), signed with a key of the sandbox's own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from preflight.sandbox.abs.state import Application

LIFETIME = 3599  # seconds


def mint(key: bytes, application: Application, audience: str, now: int) -> str:
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{application.tenant}/",
        "iat": now - 300,
        "nbf": now - 300,
        "exp": now + LIFETIME,
        "appid": application.client_id,
        "appidacr": "1",
        "idtyp": "app",
        "oid": application.object_id,
        "sub": application.object_id,
        "tid": application.tenant,
        "ver": "1.0",
    }
    signed = f"{_encode({'typ': 'JWT', 'alg': 'HS256'})}.{_encode(claims)}"
    return f"{signed}.{_text(_signature(key, signed))}"


def read(key: bytes, token: str) -> dict[str, Any] | None:
    """The claims of a token of ours, or none."""
    signed, _, signature = token.rpartition(".")
    if not signed or not hmac.compare_digest(_text(_signature(key, signed)), signature):
        return None
    payload = signed.partition(".")[2]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _signature(key: bytes, signed: str) -> bytes:
    return hmac.digest(key, signed.encode(), hashlib.sha256)


def _encode(part: Mapping[str, Any]) -> str:
    return _text(json.dumps(part).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
