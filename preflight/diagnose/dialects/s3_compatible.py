"""What the S3-compatible products say in words of their own: R2, B2, MinIO, Ceph, Spaces, Wasabi, OSS, OCI."""

from preflight.diagnose.rule import Rule
from preflight.model import Cause

FAMILIES = frozenset({"s3"})
RANK = 15

RULES = (
    # MinIO
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "MinIO knows no such key, or its user is disabled",
        codes="InvalidAccessKeyId",
        who="MinIO",
        beside=(Cause.CREDENTIAL_DISABLED, Cause.ENDPOINT_WRONG),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.ENDPOINT_WRONG,
        "MinIO keeps the path /minio to itself: the endpoint or the bucket names it",
        says=("all access to this resource has been disabled", "all access to this bucket has been disabled"),
        who="MinIO",
        beside=(Cause.BUCKET_NOT_YOURS, Cause.BUCKET_NAME_INVALID),
        field="aws_s3.s3_custom_endpoint_url",
    ),
    Rule(
        Cause.BUCKET_NOT_YOURS,
        "this name is switched off for everybody, which real answers show for placeholder and mistyped bucket names",
        says=(
            "all access to this resource has been disabled",
            "all access to this bucket has been disabled",
            "all access to this object has been disabled",
        ),
        beside=(Cause.ENDPOINT_WRONG, Cause.BUCKET_NAME_INVALID, Cause.ACCOUNT_SUSPENDED),
        field="bucket",
    ),
    # Cloudflare R2
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "an R2 key id has 32 characters; this one is another provider's or is cut",
        says=("credential access key has length", "should be 32"),
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.ENDPOINT_WRONG),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.ACCOUNT_SUSPENDED,
        "R2 is not enabled on this account",
        says=("please enable r2",),
        beside=(Cause.API_DISABLED,),
    ),
    Rule(
        Cause.ENDPOINT_WRONG,
        "the bucket belongs to another jurisdiction than this endpoint",
        says=("jurisdiction",),
        who="Cloudflare R2",
        beside=(Cause.BUCKET_MISSING,),
        field="aws_s3.s3_custom_endpoint_url",
    ),
    # Backblaze B2
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "B2 does not know this key, or it belongs to another cluster",
        says=("malformed access key id", "the key * is not valid"),
        who="Backblaze B2",
        beside=(Cause.ENDPOINT_WRONG, Cause.CREDENTIAL_MALFORMED),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.PERMISSION_MISSING,
        "the B2 application key lacks this capability, or is limited to another bucket or prefix",
        says=("not entitled",),
        beside=(Cause.BUCKET_NOT_YOURS, Cause.NOT_NEEDED),
    ),
    # Wasabi, OSS and others
    Rule(
        Cause.ACCESS_DENIED,
        "the client replaced the answer by a sentence of its own",
        says=("insufficient permissions to access this",),
        beside=(Cause.PERMISSION_MISSING, Cause.EXPLICIT_DENY, Cause.BUCKET_POLICY_MISSING),
    ),
    Rule(
        Cause.SECRET_WRONG,
        "OCI did not accept the key pair",
        says=("required information to complete authentication was not provided or was incorrect",),
        who="Oracle OCI",
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.REGION_WRONG),
        field="aws_s3.s3_secret",
    ),
    Rule(
        Cause.PERMISSION_MISSING,
        "OSS finds no grant for this RAM user",
        says=("you have no right to access this object because of bucket acl", "no right to access this object"),
        who="Alibaba OSS",
        beside=(Cause.BUCKET_POLICY_MISSING, Cause.EXPLICIT_DENY),
    ),
)
