"""Settings of every cloud in files: whatever stands in one, it is read or refused with its file and field."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from preflight.documents import Part, UnrecognisedError
from preflight.model import AbsStorage, GcsStorage, S3Storage, Setting, Storage
from tests.policy.conftest import KEY, Desk

KEY_AND_DEFAULT = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "s3": [
        {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": KEY_AND_DEFAULT}]}},
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
        {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": True}},
        {
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 1}},
            }
        },
        {"Payer": "Requester"},
        {
            "Rules": [
                {
                    "Status": "Enabled",
                    "Filter": {"Prefix": "x"},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
        {"LocationConstraint": "eu-west-1"},
        {"KeyMetadata": {"Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER"}},
    ],
    "gcs": [
        {
            "kind": "storage#bucket",
            "name": "my-recordings",
            "encryption": {"defaultKmsKeyName": "k"},
            "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}},
            "retentionPolicy": {"retentionPeriod": "10", "isLocked": True},
            "softDeletePolicy": {"retentionDurationSeconds": "10"},
            "lifecycle": {"rule": [{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 1}}]},
            "ipFilter": {"mode": "Enabled", "publicNetworkSource": {"allowedIpCidrRanges": ["203.0.113.0/24"]}},
        }
    ],
    "abs": [
        {
            "type": "Microsoft.Storage/storageAccounts",
            "name": "acct",
            "kind": "StorageV2",
            "location": "westeurope",
            "sku": {"name": "Standard_LRS"},
            "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]},
            "publicNetworkAccess": "Enabled",
            "encryption": {
                "keySource": "Microsoft.Keyvault",
                "keyVaultProperties": {"keyName": "k", "keyVaultUri": "u"},
            },
        },
        {
            "type": "Microsoft.Storage/storageAccounts",
            "name": "acct",
            "properties": {
                "networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": "x"}]},
                "encryption": {"keySource": "Microsoft.Keyvault", "keyvaultproperties": {"keyname": "k"}},
            },
        },
    ],
}
NAMED: dict[str, Any] = {"name": "n", "bucket": "my-recordings", "path": "recordings/"}
STORAGES: dict[str, Storage] = {
    "s3": S3Storage(storage_type="s3", region="eu-central-1", **NAMED),
    "gcs": GcsStorage(storage_type="gcs", **NAMED),
    "abs": AbsStorage(storage_type="abs", **NAMED),
}
OTHERS: tuple[Any, ...] = (None, 0, "x", [], {}, ["x"], [[]], [None], {"a": 1}, True, -1.5)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, as the keys and indices that lead there."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*at, key))


def spoiled(document: Any, at: tuple[Any, ...], other: Any) -> Any:
    whole = copy.deepcopy(document)
    inner = whole
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = other
    return whole


@pytest.mark.parametrize("cloud", SETTINGS)
def test_any_value_anywhere_in_a_setting_is_read_or_refused(cloud: str) -> None:
    """A file that was edited, cut or made by something else is never a crash of ours."""
    room = importlib.import_module(f"preflight.providers.{cloud}.documents")
    recognise: Callable[[Any, str | None], tuple[Part, ...]] = room.recognise
    facts: Callable[[Setting, Sequence[Part], Storage], dict[str, Any]] = room.facts
    refused = 0
    for document in SETTINGS[cloud]:
        for at in [place for place in places(document) if place]:
            for other in OTHERS:
                try:
                    for part in recognise(spoiled(document, at, other), None):
                        assert facts(part.setting, [part], STORAGES[cloud])
                except UnrecognisedError:
                    refused += 1
    assert refused or cloud == "gcs"  # whose reader takes what has another shape for what nobody has set


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"ServerSideEncryptionConfiguration": {"Rules": [5]}}', "/ServerSideEncryptionConfiguration/Rules/0"),
        ('{"ServerSideEncryptionConfiguration": []}', "/ServerSideEncryptionConfiguration"),
        ('{"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": "no"}}', "RestrictPublicBuckets"),
        ('{"Rules": [7]}', "/Rules/0"),
        ('{"KeyMetadata": 5}', "/KeyMetadata"),
    ],
)
def test_a_misshapen_setting_is_a_usage_error_with_its_field(desk: Desk, text: str, says: str) -> None:
    """The file, the place in it and what belongs there."""
    said = desk.policy("test", desk.storage(), "-d", desk.write("setting.json", text))

    assert (said.code, said.out) == (2, "")
    assert all(words in said.err for words in ("setting.json", says, "must be", "the output of aws"))


def test_null_is_what_nobody_has_set(desk: Desk) -> None:
    """AWS's command line prints null for the oldest region, and other tools for whatever is not there."""
    lock = desk.write("lock.json", {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": None}})
    region = desk.write("region.json", {"LocationConstraint": None})
    code, found = desk.tested(desk.storage(s3_region="us-east-1"), lock, region, "policy=none")

    assert (code, found["release-test-objects"]["status"], found["match-region"]["status"]) == (1, "pass", "pass")
