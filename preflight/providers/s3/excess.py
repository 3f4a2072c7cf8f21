"""What nobody needs to write recordings: rights that read, delete, list or change the bucket, by S3's own names.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
"""

from __future__ import annotations

from preflight.model import Delete, Get, List

READS = ("s3:GetObject", "s3:GetObjectVersion")
DELETES = ("s3:DeleteObject", "s3:DeleteObjectVersion")
LISTS = ("s3:ListBucket", "s3:ListBucketVersions")

ALTERNATIVES: dict[type[Get | Delete | List], tuple[str, ...]] = {Get: READS, Delete: DELETES, List: LISTS}
"""Each of these rights is enough for what is asked."""

OF_OBJECTS = (
    "s3:BypassGovernanceRetention",
    "s3:ObjectOwnerOverrideToBucketOwner",
    "s3:PutObjectAcl",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutObjectVersionAcl",
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
)

OF_BUCKET = (
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketCORS",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketRequestPayment",
    "s3:PutBucketVersioning",
    "s3:PutBucketWebsite",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
)
