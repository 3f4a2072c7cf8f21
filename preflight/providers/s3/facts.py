"""What AWS's own answers about a bucket come to, in the facts of `Setting`. Pure: the parsed answer in, facts out.

An empty answer stands for a setting that nobody has made, so each function also says what AWS does then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from preflight.model import S3Storage, Setting

Facts = dict[str, Any]
Said = Mapping[str, Any]


def _policy(said: Said, _: S3Storage) -> Facts:
    return {"document": said.get("Policy") or None}


def _key_policy(said: Said, _: S3Storage) -> Facts:
    metadata = said.get("KeyMetadata", {})
    return {
        "document": said.get("Policy") or None,
        "key": metadata.get("Arn"),
        "state": metadata.get("KeyState"),
        "managed": metadata.get("KeyManager") == "AWS",
    }


def _encryption(said: Said, _: S3Storage) -> Facts:
    rules = said.get("ServerSideEncryptionConfiguration", {}).get("Rules") or [{}]
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    key = default.get("KMSMasterKeyID")
    algorithm = default.get("SSEAlgorithm", "AES256")  # what a bucket without the setting does since 2023
    customer_key = bool(key) and not str(key).endswith("alias/aws/s3")
    return {"algorithm": algorithm, "key": key, "customer_key": customer_key}


def _ownership(said: Said, _: S3Storage) -> Facts:
    rules = said.get("OwnershipControls", {}).get("Rules") or [{}]
    # a bucket without the setting is older than it: the writer owns what it writes
    return {"ownership": rules[0].get("ObjectOwnership", "ObjectWriter")}


def _retention(said: Said, _: S3Storage) -> Facts:
    lock = said.get("ObjectLockConfiguration", {})
    default = lock.get("Rule", {}).get("DefaultRetention", {})
    days = default.get("Days") or (default.get("Years") or 0) * 365 or None
    return {"locked": lock.get("ObjectLockEnabled") == "Enabled", "mode": default.get("Mode"), "days": days}


def _public_access(said: Said, _: S3Storage) -> Facts:
    found = said.get("PublicAccessBlockConfiguration", {})
    return {"blocks": {name: bool(found.get(name, False)) for name in BLOCKS}}


def _location(said: Said, _: S3Storage) -> Facts:
    # the two oldest regions answer in words of their own
    constraint = said.get("LocationConstraint") or "us-east-1"
    return {"region": "eu-west-1" if constraint == "EU" else constraint}


def _versioning(said: Said, _: S3Storage) -> Facts:
    return {"enabled": said.get("Status") == "Enabled"}


def _payer(said: Said, _: S3Storage) -> Facts:
    return {"requester_pays": said.get("Payer") == "Requester"}


def _lifecycle(said: Said, storage: S3Storage) -> Facts:
    rules = [rule for rule in said.get("Rules", []) if rule.get("Status") == "Enabled" and _reaches(rule, storage.path)]
    days = [rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation") for rule in rules]
    return {"aborts_uploads_after_days": min((day for day in days if day), default=None)}


def _reaches(rule: Said, path: str) -> bool:
    """Whether a rule is for every object under the path."""
    chosen = rule.get("Filter") or {}
    narrower = set(chosen) - {"Prefix"}
    return not narrower and path.startswith(str(chosen.get("Prefix") or rule.get("Prefix") or ""))


BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

FACTS: Mapping[Setting, Callable[[Said, S3Storage], Facts]] = {
    Setting.POLICY: _policy,
    Setting.KEY_POLICY: _key_policy,
    Setting.ENCRYPTION: _encryption,
    Setting.OWNERSHIP: _ownership,
    Setting.RETENTION: _retention,
    Setting.PUBLIC_ACCESS: _public_access,
    Setting.LOCATION: _location,
    Setting.VERSIONING: _versioning,
    Setting.PAYER: _payer,
    Setting.LIFECYCLE: _lifecycle,
}
