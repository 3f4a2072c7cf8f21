"""Who calls the blob service: the owner of a token, or whoever holds the account's key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from preflight.sandbox.abs import tokens
from preflight.sandbox.abs.state import Account, State
from preflight.sandbox.abs.wire import RefusedError
from preflight.sandbox.exchange import Request

OLDEST = timedelta(minutes=15)
AUDIENCE = "https://storage.azure.com"
_FAILED = (
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
    "including the signature."
)
_REFER = "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."
_SIGNED = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)


def authenticate(request: Request, account: Account, state: State, now: datetime) -> str | None:
    """The object id of the caller, or None for the holder of the account key, who may do everything."""
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if scheme not in {"Bearer", "SharedKey"}:
        raise RefusedError(401, "NoAuthenticationInformation", _REFER, headers=_challenge(account), front=True)
    _check_date(request, now)
    if scheme == "Bearer":
        return _bearer(credential, account, state, now)
    _shared_key(request, credential, account)
    return None


def _bearer(token: str, account: Account, state: State, now: datetime) -> str:
    claims = tokens.read(state.signing_key, token)
    if claims is None:
        detail = "Signature validation failed. Signature verification failed."
    elif claims["tid"] != account.tenant:
        detail = "Issuer validation failed. Issuer did not match."
    elif claims["aud"].rstrip("/") != AUDIENCE:
        detail = "Audience validation failed. Audience did not match."
    elif claims["exp"] < now.timestamp():
        detail = "Lifetime validation failed. The token is expired."
    else:
        return str(claims["oid"])
    fields = {"AuthenticationErrorDetail": detail}
    raise RefusedError(401, "InvalidAuthenticationInfo", _REFER, fields, _challenge(account), front=True)


def _shared_key(request: Request, credential: str, account: Account) -> None:
    if not account.shared_key:
        message = "Key based authentication is not permitted on this storage account."
        raise RefusedError(403, "KeyBasedAuthenticationNotPermitted", message, front=True)
    name, _, given = credential.partition(":")
    wanted = _sign(request, account) if account.key else ""
    if name != account.name or not hmac.compare_digest(given, wanted):
        detail = f"The MAC signature found in the HTTP request '{given}' is not the same as any computed signature."
        raise RefusedError(403, "AuthenticationFailed", _FAILED, {"AuthenticationErrorDetail": detail}, front=True)


def _sign(request: Request, account: Account) -> str:
    headers = {name: value for name, value in request.headers.items() if value}
    if headers.get("content-length") == "0":
        del headers["content-length"]
    lines = [request.method, *(headers.get(name, "") for name in _SIGNED)]
    lines += [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-ms-")]
    lines.append(f"/{account.name}{request.raw_path}")
    lines += [f"{name.lower()}:{value}" for name, value in sorted(request.query.items())]
    try:
        key = base64.b64decode(account.key)
    except binascii.Error as error:
        raise ValueError(f"the key of account {account.name} is not base64") from error
    return base64.b64encode(hmac.digest(key, "\n".join(lines).encode(), hashlib.sha256)).decode()


def _check_date(request: Request, now: datetime) -> None:
    """Only the past is too old; a date ahead of the service's clock passes."""
    text = request.headers.get("x-ms-date") or request.headers.get("date", "")
    try:
        given = parsedate_to_datetime(text)
    except ValueError:
        given = datetime.fromtimestamp(0, UTC)
    if now - given > OLDEST:
        detail = f"Request date header too old: '{text or format_datetime(given, usegmt=True)}'"
        raise RefusedError(403, "AuthenticationFailed", _FAILED, {"AuthenticationErrorDetail": detail}, front=True)


def _challenge(account: Account) -> dict[str, str]:
    uri = f"https://login.microsoftonline.com/{account.tenant}/oauth2/authorize"
    return {"WWW-Authenticate": f"Bearer authorization_uri={uri} resource_id={AUDIENCE}"}
