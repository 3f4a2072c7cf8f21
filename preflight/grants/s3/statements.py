"""The statements that grant Stream's writes, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from preflight.iam.aws.s3 import partition_of
from preflight.model import Permission, S3Storage

Json = dict[str, Any]

SID = "StreamWritesRecordings"
KEY_SID = "StreamUsesTheKey"
POLICY_NAME = "StreamExternalStorage"
KEY_ACTIONS = ["kms:GenerateDataKey", "kms:Decrypt"]  # the second one for parts


def policy(statements: Sequence[Json], policy_id: str = "") -> Json:
    named = {"Id": policy_id} if policy_id else {}
    return {"Version": "2012-10-17", **named, "Statement": list(statements)}


def statement(permissions: Sequence[Permission], principal: str = "", sid: str = SID) -> Json:
    """An Allow for the permissions, all of which are on objects under one path."""
    who = {"Principal": {"AWS": principal}} if principal else {}
    actions = list(dict.fromkeys(permission.action for permission in permissions))
    resources = list(dict.fromkeys(literal(permission.resource) for permission in permissions))
    return {"Sid": sid, "Effect": "Allow", **who, "Action": actions, "Resource": resources}


def literal(resource: str) -> str:
    """A pattern whose only wildcard is the `*` at its end: those within a path are names, and have to be escaped."""
    head, tail = (resource[:-1], "*") if resource.endswith("*") else (resource, "")
    return re.sub(r"[*?]|\$(?=\{)", lambda found: f"${{{found[0]}}}", head) + tail


def use_key(key: str) -> Json:
    """What a user needs of the bucket's encryption key."""
    return {"Sid": KEY_SID, "Effect": "Allow", "Action": list(KEY_ACTIONS), "Resource": key}


def key_statement(storage: S3Storage, principal: str, key: str) -> Json:
    """What a key policy says to let a writer of another account in, through S3 of the key's region only."""
    region = key.split(":")[3] if key.count(":") >= 5 else storage.region
    host = "amazonaws.com.cn" if partition_of(region) == "aws-cn" else "amazonaws.com"
    return {
        "Sid": KEY_SID,
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": list(KEY_ACTIONS),
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.{host}"}},
    }
