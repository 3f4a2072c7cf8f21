"""Which field of the configuration a cause points at, for each kind of storage."""

from collections.abc import Mapping

from preflight.model import Cause

_KEY = {"s3": "aws_s3.s3_api_key", "gcs": "gcs_credentials", "abs": "azure_blob.abs_client_id"}
_SECRET = {"s3": "aws_s3.s3_secret", "gcs": "gcs_credentials.private_key", "abs": "azure_blob.abs_client_secret"}
_BUCKET = {"s3": "bucket", "gcs": "bucket", "abs": "bucket"}

FIELDS: Mapping[Cause, Mapping[str, str]] = {
    Cause.CREDENTIAL_MISSING: _KEY,
    Cause.CREDENTIAL_MALFORMED: _KEY,
    Cause.CREDENTIAL_UNKNOWN: _KEY,
    Cause.CREDENTIAL_DISABLED: _KEY,
    Cause.SESSION_TOKEN_INVALID: {"s3": "aws_s3.s3_api_key"},
    Cause.SECRET_WRONG: _SECRET,
    Cause.CREDENTIAL_EXPIRED: _SECRET | {"s3": "aws_s3.s3_api_key"},
    Cause.TENANT_WRONG: {"abs": "azure_blob.abs_tenant_id", "gcs": "gcs_credentials.universe_domain"},
    Cause.BUCKET_MISSING: _BUCKET,
    Cause.BUCKET_NAME_INVALID: _BUCKET,
    Cause.BUCKET_NOT_YOURS: _BUCKET,
    Cause.REGION_WRONG: {"s3": "aws_s3.s3_region"},
    Cause.ENDPOINT_WRONG: {"s3": "aws_s3.s3_custom_endpoint_url"},
    Cause.HTTPS_REQUIRED: {"s3": "aws_s3.s3_custom_endpoint_url"},
    Cause.ACCOUNT_NAME_WRONG: {"abs": "azure_blob.abs_account_name"},
}


def field_of(cause: Cause, families: frozenset[str]) -> str | None:
    """The field, if it is known which kind of storage is meant, or if all kinds call it the same.

    Google's interoperability speaks both vocabularies and is configured as S3.
    """
    names = FIELDS.get(cause, {})
    if families == {"s3", "gcs"}:
        return names.get("s3")
    if len(families) == 1:
        return names.get(next(iter(families)))
    return "bucket" if names is _BUCKET else None
