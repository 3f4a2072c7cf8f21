"""Default encryption: a write needs the bucket's key, and a key has its own ideas of who may use it."""

from __future__ import annotations

from preflight.iam.aws.document import Document, Kind, read
from preflight.sandbox.s3.context import bucket_context
from preflight.sandbox.s3.decide import Question, refused_key
from preflight.sandbox.s3.identities import Caller, Key
from preflight.sandbox.s3.objects import Job
from preflight.sandbox.s3.refusal import RefusedError
from preflight.sandbox.s3.state import State

_NEEDS = {
    "PutObject": "kms:GenerateDataKey",
    "CreateMultipartUpload": "kms:GenerateDataKey",
    "UploadPart": "kms:Decrypt",
    "CompleteMultipartUpload": "kms:Decrypt",
    "GetObject": "kms:Decrypt",
    "GetObjectVersion": "kms:Decrypt",
}
_UNUSABLE = {
    "Disabled": ("KMS.DisabledException", "is disabled"),
    "PendingDeletion": ("KMS.KMSInvalidStateException", "is pending deletion"),
}


def use_key(state: State, caller: Caller, operation: str, job: Job) -> None:
    """Raise what S3 answers if the operation needs the bucket's default key and cannot have it."""
    arn = job.bucket.settings.encryption.get("key", "")
    if not arn or operation not in _NEEDS:
        return
    key = state.keys.get(arn)
    if key is None or key.region != job.bucket.region:
        raise RefusedError(400, "KMS.NotFoundException", _not_found(arn, job.bucket.region))
    refusal = refused_key(state, _question(state, caller, _NEEDS[operation], key, job))
    if refusal is not None:
        raise refusal
    if key.state in _UNUSABLE:
        code, text = _UNUSABLE[key.state]
        raise RefusedError(400, code, f"{arn} {text}.")


def _question(state: State, caller: Caller, action: str, key: Key, job: Job) -> Question:
    via = {
        **bucket_context(job.request, state, caller, job.bucket, job.now),
        # S3 asks on the caller's behalf, from its own addresses.
        "aws:ViaAWSService": "true",
        "aws:SourceIp": "AWS Internal",
        "aws:ResourceAccount": key.account,
        "kms:ViaService": f"s3.{key.region}.amazonaws.com",
        "kms:CallerAccount": caller.account,
        "kms:EncryptionContext:aws:s3:arn": f"{job.bucket.arn}/{job.key}",
    }
    return Question(
        caller=caller, action=action, resource=key.arn, owner=key.account, policy=policy_of(key), context=via
    )


def policy_of(key: Key) -> Document | None:
    return _managed_policy(key) if key.managed else key.policy


def _managed_policy(key: Key) -> Document:
    """What AWS writes for `aws/s3`: everybody of the account, through S3, and nobody else ever."""
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    through = {"kms:CallerAccount": key.account, "kms:ViaService": f"s3.{key.region}.amazonaws.com"}
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": actions,
        "Resource": "*",
        "Condition": {"StringEquals": through},
    }
    return read({"Version": "2012-10-17", "Statement": [allowed]}, Kind.KEY)


def _not_found(arn: str, region: str) -> str:
    elsewhere = arn.split(":")[3:4]
    return f"Invalid arn {elsewhere[0]}" if elsewhere and elsewhere[0] != region else f"Key '{arn}' does not exist"
