"""The least permissions of each ask, in the words of AWS."""

from __future__ import annotations

from preflight.model import (
    Ask,
    Delete,
    Get,
    List,
    Permission,
    Put,
    PutParts,
    Read,
    S3Storage,
    Setting,
    Storage,
    WhoAmI,
)

# Source: S3 User Guide, "Required permissions for Amazon S3 API operations"; KMS and IAM likewise.
_SETTINGS = {
    Setting.POLICY: ("s3:GetBucketPolicy",),
    Setting.IDENTITY: (
        "iam:GetUser",
        "iam:ListUserPolicies",
        "iam:GetUserPolicy",
        "iam:ListAttachedUserPolicies",
        "iam:ListGroupsForUser",
        "iam:ListGroupPolicies",
        "iam:GetGroupPolicy",
        "iam:ListAttachedGroupPolicies",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
    ),
    Setting.ENCRYPTION: ("s3:GetEncryptionConfiguration",),
    Setting.KEY_POLICY: ("kms:DescribeKey", "kms:GetKeyPolicy"),
    Setting.OWNERSHIP: ("s3:GetBucketOwnershipControls",),
    Setting.RETENTION: ("s3:GetBucketObjectLockConfiguration",),
    Setting.PUBLIC_ACCESS: ("s3:GetBucketPublicAccessBlock",),
    Setting.LOCATION: ("s3:GetBucketLocation",),
    Setting.VERSIONING: ("s3:GetBucketVersioning",),
    Setting.PAYER: ("s3:GetBucketRequestPayment",),
    Setting.LIFECYCLE: ("s3:GetLifecycleConfiguration",),
    Setting.ACCOUNT: ("s3:GetBucketLocation",),
}


def needs(ask: Ask, storage: Storage) -> tuple[Permission, ...]:
    bucket = f"arn:{partition(storage)}:s3:::{storage.bucket}"
    objects = f"{bucket}/{storage.path}*"
    match ask:
        case Put() | PutParts():
            return (Permission("s3:PutObject", objects),)
        case Get():
            return (Permission("s3:GetObject", objects),)
        case Delete():
            return (Permission("s3:DeleteObject", objects),)
        case List():
            return (Permission("s3:ListBucket", bucket),)
        case Read(setting=setting):
            return tuple(
                Permission(action, bucket if action.startswith("s3:") else "*") for action in _SETTINGS.get(setting, ())
            )
        case WhoAmI():
            return ()


def partition(storage: Storage) -> str:
    """The partition that the configured region belongs to."""
    region = storage.region if isinstance(storage, S3Storage) else ""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
