"""How Stream writes, as condition keys: what its requests surely carry, surely lack, and what nobody can know.

Sources: Stream's storage documentation; AWS Service Authorization Reference for Amazon S3; AWS global
condition context keys.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

from preflight.iam.aws.values import ABSENT, SOME, UNKNOWN, Context, OneOf, Unknown, Value
from preflight.iam.globs import Glob, Wild


class Operation(Enum):
    """The requests of one upload. All are authorised as `s3:PutObject`."""

    PUT = "PutObject"
    CREATE = "CreateMultipartUpload"
    PART = "UploadPart"
    COMPLETE = "CompleteMultipartUpload"

    @property
    def creates(self) -> bool:
        """Whether the request makes the object come to be (`s3:ObjectCreationOperation`)."""
        return self in {Operation.PUT, Operation.COMPLETE}


# Headers that Stream does not send, and keys that only other requests have.
_NOT_SENT = (
    "s3:AccessGrantsInstanceArn",
    "s3:AccessPointNetworkOrigin",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:ExistingObjectTag/*",
    "s3:RequestObjectTag/*",
    "s3:RequestObjectTagKeys",
    "s3:VersionId",
    "s3:delimiter",
    "s3:if-match",
    "s3:if-none-match",
    "s3:locationconstraint",
    "s3:max-keys",
    "s3:object-lock-legal-hold",
    "s3:object-lock-mode",
    "s3:object-lock-remaining-retention-days",
    "s3:object-lock-retain-until-date",
    "s3:prefix",
    "s3:x-amz-acl",
    "s3:x-amz-copy-source",
    "s3:x-amz-grant-full-control",
    "s3:x-amz-grant-read",
    "s3:x-amz-grant-read-acp",
    "s3:x-amz-grant-write",
    "s3:x-amz-grant-write-acp",
    "s3:x-amz-metadata-directive",
    "s3:x-amz-object-ownership",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-server-side-encryption-customer-algorithm",
    "s3:x-amz-storage-class",
    "s3:x-amz-website-redirect-location",
    # A request made directly, not by a service on someone's behalf.
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:RequestTag/*",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    "aws:TagKeys",
)

_CHOSEN = ("s3:ExistingObjectTag/*", "s3:VersionId", "s3:delimiter", "s3:max-keys", "s3:prefix")


def writing(
    operation: Operation = Operation.PUT,
    *,
    tls: bool | None = True,
    now: datetime | None = None,
    bucket_account: str | None = None,
    region: str = "",
) -> Context:
    """The context of one of Stream's requests to write an object."""
    keys = _common(tls=tls, now=now, bucket_account=bucket_account, region=region)
    keys["s3:ObjectCreationOperation"] = "true" if operation.creates else "false"
    return Context(keys)


def asking(
    *, tls: bool | None = True, now: datetime | None = None, bucket_account: str | None = None, region: str = ""
) -> Context:
    """The context of a request that writes nothing (read, list, delete, abort) and may choose what it asks for."""
    keys = _common(tls=tls, now=now, bucket_account=bucket_account, region=region)
    return Context(keys | dict.fromkeys(_CHOSEN, UNKNOWN))


def encrypting(context: Context, *, account: str, region: str, bucket_arn: str) -> Context:
    """The context of the call that Amazon S3 makes to KMS on the writer's behalf.

    The encryption context is the ARN of the object, or with a bucket key that of the bucket.
    """
    host = "amazonaws.com.cn" if bucket_arn.startswith("arn:aws-cn:") else "amazonaws.com"
    return context.with_(
        {
            "kms:CallerAccount": account or SOME,
            "kms:ViaService": f"s3.{region}.{host}" if region else SOME,
            "kms:EncryptionContext:aws:s3:arn": Unknown(Glob((bucket_arn, Wild.MANY)), present=True),
            "kms:EncryptionContextKeys": ("aws:s3:arn",),
            "kms:GrantIsForAWSResource": ABSENT,
            **dict.fromkeys(_BY_SERVICE, UNKNOWN),
        }
    )


# What AWS shows of a call that a service makes for someone else is not documented for Amazon S3 and KMS.
_BY_SERVICE = (
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ResourceAccount",
    "aws:ViaAWSService",
)


def _common(*, tls: bool | None, now: datetime | None, bucket_account: str | None, region: str) -> dict[str, Value]:
    moment = now or datetime.now(UTC)
    transport: Value = SOME if tls is None else "true" if tls else "false"
    version: Value = OneOf(("1.2", "1.3")) if tls else UNKNOWN if tls is None else ABSENT
    return {
        **dict.fromkeys(_NOT_SENT, ABSENT),
        "aws:CurrentTime": moment.isoformat(),
        "aws:EpochTime": str(int(moment.timestamp())),
        "aws:RequestedRegion": region or SOME,
        "aws:ResourceAccount": bucket_account or SOME,
        "aws:SecureTransport": transport,
        "aws:UserAgent": UNKNOWN,
        "aws:ViaAWSService": "false",
        "s3:ResourceAccount": bucket_account or SOME,
        "s3:TlsVersion": version,
        "s3:authType": OneOf(("REST-HEADER", "REST-QUERY-STRING")),
        "s3:signatureAge": SOME,
        "s3:signatureversion": OneOf(("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "AWS")),
        "s3:x-amz-content-sha256": SOME,
    }
