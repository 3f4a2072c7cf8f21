"""The shapes of AWS's answers about a bucket, as far as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preflight.documents.shapes import Shape, shaped
from preflight.model import Setting
from preflight.providers.s3.facts import BLOCKS

_DEFAULT: Shape = {"SSEAlgorithm": str, "KMSMasterKeyID": str}
_RETENTION: Shape = {"Mode": str, "Days": int, "Years": int}
_RULE: Shape = {
    "Status": str,
    "Prefix": str,
    "Filter": {"Prefix": str},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": int},
}

SHAPES: Mapping[Setting, Shape] = {
    Setting.ENCRYPTION: {
        "ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": _DEFAULT}]}
    },
    Setting.OWNERSHIP: {"OwnershipControls": {"Rules": [{"ObjectOwnership": str}]}},
    Setting.PUBLIC_ACCESS: {"PublicAccessBlockConfiguration": dict.fromkeys(BLOCKS, bool)},
    Setting.RETENTION: {
        "ObjectLockConfiguration": {"ObjectLockEnabled": str, "Rule": {"DefaultRetention": _RETENTION}}
    },
    Setting.PAYER: {"Payer": str},
    Setting.LIFECYCLE: {"Rules": [_RULE]},
    Setting.LOCATION: {"LocationConstraint": str},
    Setting.KEY_POLICY: {"KeyMetadata": {"Arn": str, "KeyState": str, "KeyManager": str}},
}


def of_setting(setting: Setting, said: Mapping[str, Any], expected: str) -> Mapping[str, Any]:
    """What is said of a setting. Raises `UnrecognisedError` where it does not have the shape of an answer."""
    found: Mapping[str, Any] = shaped(said, SHAPES[setting], expected) if setting in SHAPES else said
    return found
