"""Signature Version 4, verified as AWS verifies it: who signed, with which secret, when, for which region."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from preflight.sandbox.exchange import Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]+)"
)
_UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True)
class Signature:
    """What an `Authorization` header claims."""

    access_key: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    signed_at: datetime

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def read(request: Request) -> Signature | None:
    """The signature of a request, or None if it cannot be read as one."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not found:
        return None
    credential = found["credential"].rsplit("/", 4)
    if len(credential) != 5 or credential[4] != "aws4_request":
        return None
    try:
        signed_at = datetime.strptime(request.headers.get("x-amz-date", "") + "+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        return None
    headers = tuple(found["headers"].split(";"))
    key, date, region, service, _ = credential
    return Signature(key, date, region, service, headers, found["signature"], signed_at)


def canonical_request(request: Request, headers: tuple[str, ...]) -> str:
    pairs = (pair.partition("=") for pair in request.raw_query.split("&") if pair)
    query = sorted((_encode(name), _encode(value)) for name, _, value in pairs)
    payload = request.headers.get("x-amz-content-sha256") or hashlib.sha256(request.body).hexdigest()
    return "\n".join(
        (
            request.method,
            quote(unquote(request.raw_path), safe=f"/{_UNRESERVED}"),
            "&".join(f"{name}={value}" for name, value in query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in headers),
            "",
            ";".join(headers),
            payload,
        )
    )


def string_to_sign(signature: Signature, canonical: str) -> str:
    stamp = signature.signed_at.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"AWS4-HMAC-SHA256\n{stamp}\n{signature.scope}\n{digest}"


def genuine(signature: Signature, secret: str, text: str) -> bool:
    """Whether this secret gives this signature."""
    key = f"AWS4{secret}".encode()
    for part in (signature.date, signature.region, signature.service, "aws4_request", text):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(key.hex(), signature.signature)


def skewed(signature: Signature, now: datetime, allowed: timedelta) -> bool:
    return abs(now - signature.signed_at) > allowed


def evidence(request: Request, signature: Signature) -> Mapping[str, str]:
    """What AWS echoes to whoever signed wrongly."""
    canonical = canonical_request(request, signature.headers)
    text = string_to_sign(signature, canonical)
    return {
        "AWSAccessKeyId": signature.access_key,
        "StringToSign": text,
        "SignatureProvided": signature.signature,
        "StringToSignBytes": text.encode().hex(" "),
        "CanonicalRequest": canonical,
        "CanonicalRequestBytes": canonical.encode().hex(" "),
    }


def _encode(text: str) -> str:
    return quote(unquote(text), safe=_UNRESERVED)
