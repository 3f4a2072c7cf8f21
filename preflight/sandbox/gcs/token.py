"""Google's token endpoint: a signed assertion of a service account against an access token."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.gcs.keys import TOKEN_URI, private_key
from preflight.sandbox.gcs.state import Account, State
from preflight.sandbox.world import World

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPES = "https://www.googleapis.com/auth/"
_LIFETIME = 3600
_LENIENCE = 300  # seconds that an assertion may come from the future
_UNTIMELY = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat "
    "and exp values and use a clock with skew to account for clock differences between systems."
)


class TokenRefusedError(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for."""

    account: Account
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tokens:
    world: World
    state: State
    grants: dict[str, Grant] = field(default_factory=dict)

    def handle(self, request: Request) -> Response:
        if (request.method, request.path) != ("POST", "/token"):
            return _say({"error": "not_found", "error_description": "no such endpoint"}, 404)
        try:
            grant = self._grant(request.form)
        except TokenRefusedError as refusal:
            return _say({"error": refusal.error, "error_description": refusal.description}, refusal.status)
        token = f"ya29.c.{secrets.token_urlsafe(48)}"
        self.grants[token] = grant
        return _say({"access_token": token, "expires_in": _LIFETIME - 1, "token_type": "Bearer"})

    def refuse(self, request: Request, fault: Fault) -> Response:  # noqa: ARG002 - the contract of a service
        return _say({"error": fault.code, "error_description": fault.message}, fault.status, fault.headers)

    def _grant(self, form: Mapping[str, str]) -> Grant:
        if form.get("grant_type") != _GRANT:
            raise TokenRefusedError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        signed, claims, signature = _open(form.get("assertion", ""))
        account = self.state.accounts.get(str(claims.get("iss")))
        if account is None or account.state != "enabled":
            raise TokenRefusedError("invalid_grant", "Invalid grant: account not found")
        self._verify(account, signed, signature)
        if claims.get("aud") != TOKEN_URI:
            raise TokenRefusedError("invalid_grant", "Invalid JWT: Failed audience check.")
        self._keep_time(claims)
        return Grant(account, _scopes(claims))

    @staticmethod
    def _verify(account: Account, signed: bytes, signature: bytes) -> None:
        """A key that was taken from its account, or never was its own, is a bad signature to Google."""
        try:
            public = private_key(account.email).public_key()
            public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise TokenRefusedError("invalid_grant", "Invalid JWT Signature.") from None
        if account.key != "known":
            raise TokenRefusedError("invalid_grant", "Invalid JWT Signature.")

    def _keep_time(self, claims: Mapping[str, Any]) -> None:
        now, start, end = self.world.now().timestamp(), claims.get("iat"), claims.get("exp")
        timely = (
            isinstance(start, int)
            and isinstance(end, int)
            and end - start <= _LIFETIME
            and start - _LENIENCE <= now < end
        )
        if not timely:
            raise TokenRefusedError("invalid_grant", _UNTIMELY)


def _open(assertion: str) -> tuple[bytes, Mapping[str, Any], bytes]:
    """What was signed, what it claims, and the signature."""
    try:
        head, body, signature = assertion.split(".")
        header, claims = json.loads(_unpack(head)), json.loads(_unpack(body))
        known, opened = header.get("alg") == "RS256", _unpack(signature)
    except (ValueError, AttributeError, binascii.Error):
        known, claims, opened = False, None, b""
    if not known or not isinstance(claims, dict):
        raise TokenRefusedError("invalid_grant", "Bad Request")
    return f"{head}.{body}".encode(), claims, opened


def _unpack(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    scopes = frozenset(str(claims.get("scope", "")).split())
    if not scopes:
        raise TokenRefusedError("invalid_scope", "Empty or missing scope not allowed.")
    if any(not scope.startswith(_SCOPES) for scope in scopes):
        raise TokenRefusedError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return scopes


def _say(document: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    known = {"Content-Type": "application/json; charset=UTF-8", "Server": "scaffolding on HTTPServer2"}
    return Response(status, {**known, **(headers or {})}, json.dumps(document).encode())
