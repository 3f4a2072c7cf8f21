"""What can be read about a bucket, in AWS's documents, and AWS's codes for what nobody has set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from preflight.iam.aws.public import is_public
from preflight.sandbox.exchange import Response
from preflight.sandbox.s3.buckets import Bucket
from preflight.sandbox.s3.refusal import RefusedError
from preflight.sandbox.s3.wire import document, element

_XML = {"Content-Type": "application/xml"}


def _policy(bucket: Bucket) -> Response:
    if bucket.policy is None:
        raise _unset(bucket, "NoSuchBucketPolicy", "The bucket policy does not exist")
    return Response(200, {"Content-Type": "application/json"}, bucket.policy.text.encode())


def _policy_status(bucket: Bucket) -> Response:
    if bucket.policy is None:
        raise _unset(bucket, "NoSuchBucketPolicy", "The bucket policy does not exist")
    return _xml("PolicyStatus", element("IsPublic", is_public([bucket.policy]) is not False))


def _public_access_block(bucket: Bucket) -> Response:
    if not bucket.settings.blocks:
        raise _unset(
            bucket,
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
        )
    inner = "".join(element(name, value) for name, value in bucket.settings.blocks.items())
    return _xml("PublicAccessBlockConfiguration", inner)


def _ownership(bucket: Bucket) -> Response:
    if not bucket.settings.ownership:
        raise _unset(bucket, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
    return _xml("OwnershipControls", f"<Rule>{element('ObjectOwnership', bucket.settings.ownership)}</Rule>")


def _encryption(bucket: Bucket) -> Response:
    default = bucket.settings.encryption
    if not default:
        raise _unset(
            bucket,
            "ServerSideEncryptionConfigurationNotFoundError",
            "The server side encryption configuration was not found",
        )
    inner = element("SSEAlgorithm", default["algorithm"])
    if default.get("key"):
        inner += element("KMSMasterKeyID", default["key"])
    rule = f"<ApplyServerSideEncryptionByDefault>{inner}</ApplyServerSideEncryptionByDefault>"
    return _xml("ServerSideEncryptionConfiguration", f"<Rule>{rule}{element('BucketKeyEnabled', 'false')}</Rule>")


def _object_lock(bucket: Bucket) -> Response:
    lock = bucket.settings.lock
    if not lock:
        raise _unset(
            bucket,
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
        )
    retention = element("Mode", lock["mode"]) + element("Days", lock["days"])
    rule = f"<Rule><DefaultRetention>{retention}</DefaultRetention></Rule>"
    return _xml("ObjectLockConfiguration", element("ObjectLockEnabled", "Enabled") + rule)


def _location(bucket: Bucket) -> Response:
    region = "" if bucket.region == "us-east-1" else bucket.region
    return Response(
        200,
        _XML,
        document("LocationConstraint", region),
    )


def _versioning(bucket: Bucket) -> Response:
    status = bucket.settings.versioning
    return _xml("VersioningConfiguration", element("Status", status) if status else "")


def _payer(bucket: Bucket) -> Response:
    return _xml("RequestPaymentConfiguration", element("Payer", bucket.settings.payer))


def _lifecycle(bucket: Bucket) -> Response:
    days = bucket.settings.abort_uploads_after_days
    if not days:
        raise _unset(bucket, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
    after = element("DaysAfterInitiation", days)
    abort = f"<AbortIncompleteMultipartUpload>{after}</AbortIncompleteMultipartUpload>"
    inner = element("ID", "abort-uploads") + "<Filter><Prefix></Prefix></Filter>" + element("Status", "Enabled")
    return _xml("LifecycleConfiguration", f"<Rule>{inner}{abort}</Rule>")


OPERATIONS: Mapping[str, Callable[[Bucket], Response]] = {
    "GetBucketPolicy": _policy,
    "GetBucketPolicyStatus": _policy_status,
    "GetPublicAccessBlock": _public_access_block,
    "GetBucketOwnershipControls": _ownership,
    "GetBucketEncryption": _encryption,
    "GetObjectLockConfiguration": _object_lock,
    "GetBucketLocation": _location,
    "GetBucketVersioning": _versioning,
    "GetBucketRequestPayment": _payer,
    "GetBucketLifecycleConfiguration": _lifecycle,
}


def _xml(root: str, inner: str) -> Response:
    return Response(200, _XML, document(root, inner))


def _unset(bucket: Bucket, code: str, message: str) -> RefusedError:
    return RefusedError(404, code, message, {"BucketName": bucket.name})
