"""Which operation a request is: from method, address and sub-resource, with the permission it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from preflight.sandbox.exchange import Request
from preflight.sandbox.s3.refusal import RefusedError, wrong_method

_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+?)\.(?:s3[.-].*amazonaws\.com|localhost)")


@dataclass(frozen=True, slots=True)
class Operation:
    """`action` is the permission, or empty where none is needed."""

    name: str
    action: str


_OBJECT = {
    ("PUT", ""): Operation("PutObject", "s3:PutObject"),
    ("POST", "uploads"): Operation("CreateMultipartUpload", "s3:PutObject"),
    ("PUT", "uploadId"): Operation("UploadPart", "s3:PutObject"),
    ("POST", "uploadId"): Operation("CompleteMultipartUpload", "s3:PutObject"),
    ("DELETE", "uploadId"): Operation("AbortMultipartUpload", "s3:AbortMultipartUpload"),
    ("GET", "uploadId"): Operation("ListParts", "s3:ListMultipartUploadParts"),
    ("GET", ""): Operation("GetObject", "s3:GetObject"),
    ("HEAD", ""): Operation("HeadObject", "s3:GetObject"),
    ("DELETE", ""): Operation("DeleteObject", "s3:DeleteObject"),
    ("DELETE", "versionId"): Operation("DeleteObjectVersion", "s3:DeleteObjectVersion"),
    ("GET", "versionId"): Operation("GetObjectVersion", "s3:GetObjectVersion"),
}
_BUCKET = {
    ("HEAD", ""): Operation("HeadBucket", "s3:ListBucket"),
    ("GET", ""): Operation("ListObjects", "s3:ListBucket"),
    ("GET", "list-type"): Operation("ListObjectsV2", "s3:ListBucket"),
    ("GET", "uploads"): Operation("ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("GET", "location"): Operation("GetBucketLocation", "s3:GetBucketLocation"),
    ("GET", "policy"): Operation("GetBucketPolicy", "s3:GetBucketPolicy"),
    ("GET", "policyStatus"): Operation("GetBucketPolicyStatus", "s3:GetBucketPolicyStatus"),
    ("GET", "publicAccessBlock"): Operation("GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("GET", "ownershipControls"): Operation("GetBucketOwnershipControls", "s3:GetBucketOwnershipControls"),
    ("GET", "encryption"): Operation("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("GET", "object-lock"): Operation("GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
    ("GET", "versioning"): Operation("GetBucketVersioning", "s3:GetBucketVersioning"),
    ("GET", "requestPayment"): Operation("GetBucketRequestPayment", "s3:GetBucketRequestPayment"),
    ("GET", "lifecycle"): Operation("GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
}
# Sub-resources that exist on AWS and not here are refused, never taken for a listing.
_ELSEWHERE = {"acl", "tagging", "retention", "legal-hold", "cors", "website", "versions", "delete"}


def address(request: Request) -> tuple[str, str]:
    """Bucket and key, from the host name or from the path; either may be empty."""
    host = request.host.rpartition(":")[0] or request.host
    virtual = _VIRTUAL_HOST.fullmatch(host)
    path = request.raw_path.removeprefix("/")
    if virtual:
        return virtual["bucket"], unquote(path)
    bucket, _, key = path.partition("/")
    return unquote(bucket), unquote(key)


def operation(request: Request, key: str) -> Operation:
    """The operation on this object, or on the bucket without a key. Raises RefusedError for any other."""
    table = _OBJECT if key else _BUCKET
    kind = "OBJECT" if key else "BUCKET"
    query = request.query
    sub_resources = {sub for _, sub in table if sub} | _ELSEWHERE
    sub = next((name for name in query if name in sub_resources), "")
    found = table.get((request.method, sub))
    if found is None:
        raise wrong_method(request.method, kind)
    if found.name == "UploadPart" and not query.get("partNumber", "").isdecimal():
        text = "Part number must be an integer between 1 and 10000, inclusive"
        raise RefusedError(400, "InvalidArgument", text, {"ArgumentName": "partNumber"})
    return found
