"""What policies may ask about a request: the condition keys that AWS fills in, all known here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from preflight.sandbox.exchange import Request
from preflight.sandbox.s3.buckets import Bucket
from preflight.sandbox.s3.identities import Caller
from preflight.sandbox.s3.state import State

_FROM_HEADERS = {
    "s3:x-amz-acl": "x-amz-acl",
    "s3:x-amz-content-sha256": "x-amz-content-sha256",
    "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-storage-class": "x-amz-storage-class",
    "s3:if-none-match": "if-none-match",
    "s3:if-match": "if-match",
    "s3:object-lock-mode": "x-amz-object-lock-mode",
}
_FROM_QUERY = {"s3:prefix": "prefix", "s3:delimiter": "delimiter", "s3:max-keys": "max-keys"}


def bucket_context(request: Request, state: State, caller: Caller, bucket: Bucket, now: datetime) -> dict[str, str]:
    """Every condition key of a request to S3."""
    query = request.query
    return {
        **context(request, state, caller, bucket.account, now),
        **{key: request.headers[name] for key, name in _FROM_HEADERS.items() if name in request.headers},
        **{key: query[name] for key, name in _FROM_QUERY.items() if name in query},
        "aws:RequestedRegion": bucket.region,
        "s3:ResourceAccount": bucket.account,
        "s3:authType": "REST-HEADER",
        "s3:signatureversion": "AWS4-HMAC-SHA256",
        **({"s3:TlsVersion": "1.3"} if state.secure else {}),
    }


def context(request: Request, state: State, caller: Caller, owner: str, now: datetime) -> dict[str, str]:
    """The condition keys that a request to any service has; `owner` is the account of the resource."""
    headers = {"aws:UserAgent": "user-agent", "aws:Referer": "referer"}
    return {
        **{key: request.headers[name] for key, name in headers.items() if name in request.headers},
        "aws:SecureTransport": "true" if state.secure else "false",
        "aws:SourceIp": state.source,
        "aws:CurrentTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:ViaAWSService": "false",
        "aws:ResourceAccount": owner,
        **_organization("aws:ResourceOrgID", state, owner),
        **_principal(state, caller),
    }


def _principal(state: State, caller: Caller) -> Mapping[str, str]:
    if not caller.arn:
        return {"aws:PrincipalType": "Anonymous", "aws:userid": "anonymous"}
    kind, _, name = caller.arn.split(":", 5)[5].partition("/")
    role = f"arn:aws:iam::{caller.account}:role/{name.partition('/')[0]}"
    kinds = {"user": "User", "assumed-role": "AssumedRole", "root": "Account"}
    return {
        "aws:PrincipalArn": role if kind == "assumed-role" else caller.arn,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalType": kinds.get(kind, "User"),
        "aws:userid": caller.account if kind == "root" else caller.unique_id,
        **({"aws:username": caller.name} if kind == "user" else {}),
        **_organization("aws:PrincipalOrgID", state, caller.account),
    }


def _organization(key: str, state: State, account: str) -> Mapping[str, str]:
    organization = state.account(account).organization
    return {key: organization} if organization else {}
