"""What a Terraform plan (`terraform show -json`) says about buckets, users and keys, as AWS itself would say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from preflight.documents import Part, UnrecognisedError
from preflight.documents.terraform import Values, blocks, resources
from preflight.model import Setting


def of_plan(plan: object) -> tuple[Part, ...]:
    """The parts of a plan, or of a state."""
    told = resources(plan)
    users = {str(values.get("user")) for kind, values in told if kind == "aws_iam_user_policy"}
    if len(users) > 1:
        names = ", ".join(sorted(users))
        raise UnrecognisedError(f"the plan has policies of several users ({names}); name the writer's: identity=PATH")
    parts = tuple(part for kind, values in told if kind in _TOLD for part in _TOLD[kind](values))
    if not parts:
        raise UnrecognisedError("the plan says nothing about a bucket's policy or settings; expected aws_s3_bucket_*")
    return parts


def _first(values: Values, name: str) -> Values:
    return next(iter(blocks(values, name)), {})


def _part(setting: Setting, values: Values, said: Values) -> Part:
    return Part(
        setting=setting, what=f"the {setting} in a Terraform plan", said=said, bucket=str(values.get("bucket") or "")
    )


def _policy(values: Values) -> Iterator[Part]:
    if isinstance(values.get("policy"), str):
        yield _part(Setting.POLICY, values, {"document": values["policy"]})


def _public_access(values: Values) -> Iterator[Part]:
    names = {
        "block_public_acls": "BlockPublicAcls",
        "ignore_public_acls": "IgnorePublicAcls",
        "block_public_policy": "BlockPublicPolicy",
        "restrict_public_buckets": "RestrictPublicBuckets",
    }
    blocks = {theirs: bool(values.get(name)) for name, theirs in names.items()}
    yield _part(Setting.PUBLIC_ACCESS, values, {"PublicAccessBlockConfiguration": blocks})


def _ownership(values: Values) -> Iterator[Part]:
    rule = {"ObjectOwnership": _first(values, "rule").get("object_ownership")}
    yield _part(Setting.OWNERSHIP, values, {"OwnershipControls": {"Rules": [rule]}})


def _encryption(values: Values) -> Iterator[Part]:
    default = _first(_first(values, "rule"), "apply_server_side_encryption_by_default")
    rule = {"SSEAlgorithm": default.get("sse_algorithm"), "KMSMasterKeyID": default.get("kms_master_key_id") or None}
    rules = [{"ApplyServerSideEncryptionByDefault": rule}]
    yield _part(Setting.ENCRYPTION, values, {"ServerSideEncryptionConfiguration": {"Rules": rules}})


def _payer(values: Values) -> Iterator[Part]:
    yield _part(Setting.PAYER, values, {"Payer": values.get("payer")})


def _retention(values: Values) -> Iterator[Part]:
    default = _first(_first(values, "rule"), "default_retention")
    rule = {"Mode": default.get("mode"), "Days": default.get("days"), "Years": default.get("years")}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": rule}}
    yield _part(Setting.RETENTION, values, {"ObjectLockConfiguration": lock})


def _lifecycle(values: Values) -> Iterator[Part]:
    rules = [
        {
            "Status": rule.get("status"),
            "Filter": {"Prefix": prefix}
            if (prefix := _first(rule, "filter").get("prefix") or rule.get("prefix"))
            else {},
            "AbortIncompleteMultipartUpload": {
                "DaysAfterInitiation": _first(rule, "abort_incomplete_multipart_upload").get("days_after_initiation")
            },
        }
        for rule in blocks(values, "rule")
    ]
    yield _part(Setting.LIFECYCLE, values, {"Rules": rules})


def _identity(values: Values) -> Iterator[Part]:
    if isinstance(values.get("policy"), str):
        said = {"document": values["policy"], "name": str(values.get("name") or "")}
        yield Part(setting=Setting.IDENTITY, what="a user policy in a Terraform plan", said=said)


def _user(values: Values) -> Iterator[Part]:
    if ":user/" in str(values.get("arn") or ""):
        said = {"principal": values["arn"], "account": str(values["arn"]).split(":")[4]}
        yield Part(setting=Setting.IDENTITY, what="a user in a Terraform plan", said=said)


def _key(values: Values) -> Iterator[Part]:
    if isinstance(values.get("policy"), str):
        metadata = {"KeyMetadata": {"Arn": values["arn"]}} if values.get("arn") else {}
        said = {"document": values["policy"], **metadata}
        yield Part(setting=Setting.KEY_POLICY, what="a key in a Terraform plan", said=said)


_TOLD: Mapping[str, Callable[[Values], Iterator[Part]]] = {
    "aws_s3_bucket_policy": _policy,
    "aws_s3_bucket_public_access_block": _public_access,
    "aws_s3_bucket_ownership_controls": _ownership,
    "aws_s3_bucket_server_side_encryption_configuration": _encryption,
    "aws_s3_bucket_request_payment_configuration": _payer,
    "aws_s3_bucket_object_lock_configuration": _retention,
    "aws_s3_bucket_lifecycle_configuration": _lifecycle,
    "aws_iam_user_policy": _identity,
    "aws_iam_user": _user,
    "aws_kms_key": _key,
    "aws_kms_key_policy": _key,
}
