"""Who sent a request: the key known, the clock near, the token good, the signature right, in that order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from preflight.sandbox.exchange import Request
from preflight.sandbox.s3 import signature as sigv4
from preflight.sandbox.s3.identities import ANONYMOUS, Caller
from preflight.sandbox.s3.refusal import RefusedError, invalid
from preflight.sandbox.s3.signature import Signature
from preflight.sandbox.s3.state import State

_SKEW = timedelta(minutes=15)
_QUERY_SKEW = timedelta(minutes=5)


def s3_caller(request: Request, state: State, now: datetime) -> Caller:
    """The caller in S3's eyes. Raises RefusedError in S3's words; without any signature, nobody called."""
    if "authorization" not in request.headers:
        return ANONYMOUS
    signed = _readable(request)
    caller = state.callers.get(signed.access_key)
    token = request.headers.get("x-amz-security-token", "")
    if caller is None or caller.disabled or (caller.token and not token):
        text = "The AWS Access Key Id you provided does not exist in our records."
        raise RefusedError(403, "InvalidAccessKeyId", text, {"AWSAccessKeyId": signed.access_key})
    if sigv4.skewed(signed, now, _SKEW):
        raise RefusedError(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            {
                "RequestTime": f"{signed.signed_at:%Y%m%dT%H%M%SZ}",
                "ServerTime": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "MaxAllowedSkewMilliseconds": str(int(_SKEW.total_seconds() * 1000)),
            },
        )
    if token != caller.token:
        text = "The provided token is malformed or otherwise invalid."
        raise RefusedError(400, "InvalidToken", text, {"Token-0": token})
    if caller.expired:
        raise RefusedError(400, "ExpiredToken", "The provided token has expired.", {"Token-0": token})
    if not _genuine(request, signed, caller):
        text = (
            "The request signature we calculated does not match the signature you provided. Check your key "
            "and signing method."
        )
        raise RefusedError(403, "SignatureDoesNotMatch", text, sigv4.evidence(request, signed))
    return caller


def query_caller(request: Request, state: State, now: datetime) -> Caller:
    """The caller in the eyes of STS, IAM and KMS. Raises RefusedError in their words."""
    signed = sigv4.read(request)
    if signed is None:
        raise RefusedError(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
    caller = state.callers.get(signed.access_key)
    if caller is None or caller.disabled or request.headers.get("x-amz-security-token", "") != caller.token:
        text = "The security token included in the request is invalid."
        raise RefusedError(403, "InvalidClientTokenId", text)
    if sigv4.skewed(signed, now, _QUERY_SKEW):
        raise RefusedError(403, "SignatureDoesNotMatch", _out_of_time(signed, now))
    if caller.expired:
        text = "The security token included in the request is expired"
        raise RefusedError(403, "ExpiredToken", text)
    if not _genuine(request, signed, caller):
        text = (
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details."
        )
        raise RefusedError(403, "SignatureDoesNotMatch", text)
    return caller


def _readable(request: Request) -> Signature:
    signed = sigv4.read(request)
    if signed is None:
        if request.headers["authorization"].startswith("AWS4-HMAC-SHA256"):
            text = "The authorization header is malformed; the authorization header requires three components."
            raise RefusedError(400, "AuthorizationHeaderMalformed", text)
        raise invalid("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
    if signed.service != "s3":
        text = (
            f'The authorization header is malformed; incorrect service "{signed.service}". '
            'This endpoint belongs to "s3".'
        )
        raise RefusedError(400, "AuthorizationHeaderMalformed", text)
    if "x-amz-content-sha256" not in request.headers:
        raise invalid("Missing required header for this request: x-amz-content-sha256")
    return signed


def _genuine(request: Request, signed: Signature, caller: Caller) -> bool:
    canonical = sigv4.canonical_request(request, signed.headers)
    return sigv4.genuine(signed, caller.secret, sigv4.string_to_sign(signed, canonical))


def _out_of_time(signed: Signature, now: datetime) -> str:
    sent, limit = signed.signed_at, _QUERY_SKEW
    stamps = (f"{moment:%Y%m%dT%H%M%SZ}" for moment in (sent, now, now - limit, now + limit))
    signed_at, here, earliest, latest = stamps
    if sent < now:
        return f"Signature expired: {signed_at} is now earlier than {earliest} ({here} - 5 min.)"
    return f"Signature not yet current: {signed_at} is still later than {latest} ({here} + 5 min.)"
