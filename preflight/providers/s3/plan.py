"""What a Terraform plan (`terraform show -json`) says about buckets and keys, as AWS itself would say it.

A plan leaves out what is known only after apply, and prints as null or empty what nobody sets: absent is not empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from preflight.documents import Part, UnrecognisedError
from preflight.documents.terraform import Told, Values, blocks, resources
from preflight.model import Setting
from preflight.providers.s3.plan_users import of_users
from preflight.providers.s3.shapes import of_setting


class _LaterError(Exception):
    """A value that the plan leaves out, since it is known only after apply."""

    def __str__(self) -> str:
        return f"{self.args[0]} is known only after apply"


def of_plan(plan: object) -> tuple[Part, ...]:
    """The parts of a plan, or of a state."""
    told = resources(plan)
    parts = (*_of_buckets(told), *_of_keys(told), *of_users(told))
    if not parts:
        raise UnrecognisedError("the plan says nothing about a bucket's policy or settings; expected aws_s3_bucket_*")
    return parts


def _of_buckets(told: Told) -> Iterator[Part]:
    """The settings of every bucket. What refers to a bucket that is not made yet is that of the only one made."""
    made = [values.get("bucket") for kind, values in told if kind == "aws_s3_bucket"]
    for kind, values in told:
        if kind in _SETTINGS:
            setting, said = _SETTINGS[kind]
            bucket = values.get("bucket") or (made[0] if len(made) == 1 else "")
            try:
                if not bucket:
                    _now(values, "bucket")
                yield _part(setting, bucket, said(values))
            except _LaterError as later:
                yield _part(setting, bucket, {}, str(later))


def _part(setting: Setting, bucket: object, said: Values, later: str = "") -> Part:
    what = f"the {setting} in a Terraform plan"
    shaped = of_setting(setting, said, "the output of terraform show -json")
    return Part(setting=setting, what=what, said=shaped, bucket=str(bucket or ""), later=later)


def _now(values: Values, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if name not in values:
        raise _LaterError(name)
    return values[name]


def _first(values: Values, name: str) -> Values:
    """The first block of a name, empty where there is none."""
    _now(values, name)
    return next(iter(blocks(values, name)), {})


def _policy(values: Values) -> Values:
    if not isinstance(values.get("policy"), str):
        raise _LaterError("policy")
    return {"document": values["policy"]}


def _public_access(values: Values) -> Values:
    names = {
        "block_public_acls": "BlockPublicAcls",
        "ignore_public_acls": "IgnorePublicAcls",
        "block_public_policy": "BlockPublicPolicy",
        "restrict_public_buckets": "RestrictPublicBuckets",
    }
    return {"PublicAccessBlockConfiguration": {theirs: bool(_now(values, name)) for name, theirs in names.items()}}


def _ownership(values: Values) -> Values:
    rule = {"ObjectOwnership": _now(_first(values, "rule"), "object_ownership")}
    return {"OwnershipControls": {"Rules": [rule]}}


def _encryption(values: Values) -> Values:
    default = _first(_first(values, "rule"), "apply_server_side_encryption_by_default")
    rule = {"SSEAlgorithm": _now(default, "sse_algorithm")}
    if str(rule["SSEAlgorithm"]).startswith("aws:kms"):
        rule["KMSMasterKeyID"] = _now(default, "kms_master_key_id") or None
    return {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]}}


def _payer(values: Values) -> Values:
    return {"Payer": _now(values, "payer")}


def _retention(values: Values) -> Values:
    lock: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
    if rule := _first(values, "rule"):
        default = _first(rule, "default_retention")
        kept = {"Mode": _now(default, "mode"), "Days": default.get("days"), "Years": default.get("years")}
        lock["Rule"] = {"DefaultRetention": kept}
    return {"ObjectLockConfiguration": lock}


def _lifecycle(values: Values) -> Values:
    """Nothing hangs on it but a note, so that what is known only after apply may count as not set."""
    rules = []
    for rule in blocks(values, "rule"):
        chosen = next(iter(blocks(rule, "filter")), {}).get("prefix") or rule.get("prefix")
        aborts = next(iter(blocks(rule, "abort_incomplete_multipart_upload")), {}).get("days_after_initiation")
        rules.append(
            {
                "Status": rule.get("status"),
                "Filter": {"Prefix": chosen} if chosen else {},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": aborts},
            }
        )
    return {"Rules": rules}


_SETTINGS: Mapping[str, tuple[Setting, Callable[[Values], Values]]] = {
    "aws_s3_bucket_policy": (Setting.POLICY, _policy),
    "aws_s3_bucket_public_access_block": (Setting.PUBLIC_ACCESS, _public_access),
    "aws_s3_bucket_ownership_controls": (Setting.OWNERSHIP, _ownership),
    "aws_s3_bucket_server_side_encryption_configuration": (Setting.ENCRYPTION, _encryption),
    "aws_s3_bucket_request_payment_configuration": (Setting.PAYER, _payer),
    "aws_s3_bucket_object_lock_configuration": (Setting.RETENTION, _retention),
    "aws_s3_bucket_lifecycle_configuration": (Setting.LIFECYCLE, _lifecycle),
}


def _of_keys(told: Told) -> Iterator[Part]:
    """The only key that has a policy, for whichever bucket; of several, each for the buckets that name it."""
    keys: dict[str, Values] = {}
    for kind, values in told:
        if kind in {"aws_kms_key", "aws_kms_key_policy"} and isinstance(values.get("policy"), str):
            keys.setdefault(values["policy"], values)  # a state tells the policy of one key twice
    if len(keys) == 1:
        yield from (_key(values) for values in keys.values())
        return
    for part in _of_buckets(told):
        if part.setting is Setting.ENCRYPTION and not part.later:
            named = _named(part)
            yield from (_key(values, part.bucket) for values in keys.values() if named and named in _names(values))


def _named(encryption: Part) -> str:
    (rule,) = encryption.said["ServerSideEncryptionConfiguration"]["Rules"]
    return str(rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID") or "")


def _names(values: Values) -> set[str]:
    return {str(values[name]) for name in ("arn", "key_id", "id") if values.get(name)}


def _key(values: Values, bucket: str = "") -> Part:
    metadata = {"KeyMetadata": {"Arn": values["arn"]}} if values.get("arn") else {}
    said = {"document": values["policy"], **metadata}
    return Part(setting=Setting.KEY_POLICY, what="a key in a Terraform plan", said=said, bucket=bucket)
