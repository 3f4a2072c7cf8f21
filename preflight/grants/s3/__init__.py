"""The grants of Amazon S3: a bucket policy for Stream's account, or a policy of the user whose key writes."""

from __future__ import annotations

import json
import shlex
from typing import Any

from preflight import stream
from preflight.grants.kinds import Extras, Grant, Mended, UngrantableError
from preflight.grants.s3.statements import POLICY_NAME, key_statement, policy, statement, use_key
from preflight.grants.terraform import block, encoded, label, text
from preflight.iam.aws.s3 import partition_of
from preflight.model import Permission, S3Storage, Storage, Store

__all__ = ["least", "mend"]


def least(storage: Storage, permissions: tuple[Permission, ...], extras: Extras) -> tuple[Grant, ...]:
    assert isinstance(storage, S3Storage)  # noqa: S101 - found by the storage's type
    if storage.keyless and partition_of(storage.region) != "aws":
        raise UngrantableError(f"Stream has no account in the partition of {storage.region}: configure a key there")
    if extras.kms_key and (extras.kms_key.count(":") < 5 or not extras.kms_key.startswith("arn:")):
        raise UngrantableError(f"{extras.kms_key!r} is no ARN of a key; expected arn:aws:kms:REGION:ACCOUNT:key/ID")
    if not storage.keyless:
        return (_user_policy(storage, permissions, extras.kms_key),)
    found = [_bucket_policy(storage, permissions)]
    if extras.kms_key:
        found.append(_key_policy(storage, extras.kms_key))
    return tuple(found)


def mend(storage: Storage, current: Store) -> Mended:
    from preflight.grants.s3.mending import mend as mended

    assert isinstance(storage, S3Storage)  # noqa: S101 - likewise
    return mended(storage, current)


def _bucket_policy(storage: S3Storage, permissions: tuple[Permission, ...]) -> Grant:
    document = policy([statement(permissions, stream.PRINCIPAL)], stream.POLICY_ID)
    arguments = {"bucket": text(storage.bucket), "policy": encoded(document)}
    return Grant(
        name="bucket-policy",
        document=document,
        terraform="# replaces the whole bucket policy: where there is one, add the statement to it\n"
        + block("aws_s3_bucket_policy", label(storage.name), arguments),
        commands=(
            "# replaces the whole bucket policy: where there is one, `preflight policy fix` adds to it",
            put_bucket_policy(storage, document),
        ),
    )


def _user_policy(storage: S3Storage, permissions: tuple[Permission, ...], kms_key: str | None) -> Grant:
    statements = [statement(permissions), *([use_key(kms_key)] if kms_key else [])]
    document = policy(statements)
    arguments = {"name": text(POLICY_NAME), "user": text("<USER>"), "policy": encoded(document)}
    return Grant(
        name="user-policy",
        document=document,
        terraform="# <USER> is the name of the user whose key is configured\n"
        + block("aws_iam_user_policy", label(storage.name), arguments),
        commands=("# <USER> is the name of the user whose key is configured", put_user_policy("<USER>", document)),
    )


def _key_policy(storage: S3Storage, key: str) -> Grant:
    document = key_statement(storage, stream.PRINCIPAL, key)
    name = label(storage.name)
    expression = encoded(document).removeprefix("jsonencode(").removesuffix(")")
    return Grant(
        name="key-policy-statement",
        document=document,
        terraform="# one statement to add to the policy of the key: aws_kms_key_policy replaces the whole policy\n"
        f"locals {{\n  {name}_key_statement = {expression}\n}}\n",
        commands=(
            "# one statement to add to the policy of the key",
            shlex.join(["aws", "kms", "get-key-policy", "--key-id", key, "--policy-name", "default"])
            + " > key-policy.json",
            "preflight policy fix "
            + shlex.quote(storage.origin.argument or "FILE")
            + " --document key-policy.json --document POLICY",
        ),
    )


def put_bucket_policy(storage: S3Storage, document: Any) -> str:  # noqa: ANN401 - any JSON value
    which = ["aws", "s3api", "put-bucket-policy", "--bucket", storage.bucket]
    return shlex.join([*which, "--policy", json.dumps(document)])


def put_user_policy(user: str, document: Any) -> str:  # noqa: ANN401 - likewise
    return put_inline_policy("user", user, document, POLICY_NAME)


def put_inline_policy(kind: str, holder: str, document: Any, name: str) -> str:  # noqa: ANN401 - likewise
    """For a policy that is written within a user, group or role."""
    who = ["aws", "iam", f"put-{kind}-policy", f"--{kind}-name", holder]
    return shlex.join([*who, "--policy-name", name, "--policy-document", json.dumps(document)])


def put_policy_version(arn: str, document: Any) -> str:  # noqa: ANN401 - likewise
    which = ["aws", "iam", "create-policy-version", "--policy-arn", arn, "--set-as-default"]
    return shlex.join([*which, "--policy-document", json.dumps(document)])


def put_key_policy(key: str, document: Any) -> str:  # noqa: ANN401 - likewise
    which = ["aws", "kms", "put-key-policy", "--key-id", key, "--policy-name", "default"]
    return shlex.join([*which, "--policy", json.dumps(document)])
