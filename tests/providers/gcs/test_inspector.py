"""The inspector reads settings as the operator, and only settings."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from preflight.model import GcsStorage, Put, Read, Setting, Store
from preflight.providers import Reach, gcs
from preflight.sandbox.scenario import merge
from tests.providers.gcs.conftest import KEY, OPERATOR, WITH_OPERATOR, Open, Room, signal

Inspect = Callable[[Room], Store]

RESOURCE = {
    "location": "EUROPE-WEST1",
    "locationType": "region",
    "iamConfiguration": {
        "uniformBucketLevelAccess": {"enabled": True},
        "publicAccessPrevention": "enforced",
    },
    "encryption": {"defaultKmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"},
    "retentionPolicy": {"retentionPeriod": "172800", "isLocked": True},
    "defaultEventBasedHold": True,
    "softDeletePolicy": {"retentionDurationSeconds": "604800"},
    "versioning": {"enabled": True},
    "hierarchicalNamespace": {"enabled": True},
    "lifecycle": {
        "rule": [
            {"action": {"type": "Delete"}, "condition": {"age": 1}},
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}},
        ]
    },
    "ipFilter": {"mode": "Enabled", "publicNetworkSource": {"allowedIpCidrRanges": ["198.51.100.0/24"]}},
}


def test_every_setting_has_its_facts(open_room: Open, inspect: Inspect) -> None:
    """The facts have the names that all providers share, with what Google's resource holds."""
    room = open_room(changes=merge(WITH_OPERATOR, {"buckets": {"my-recordings": {"resource": RESOURCE}}}))
    store = inspect(room)

    def facts(setting: Setting) -> dict[str, Any]:
        reply = store.ask(Read(setting))
        assert reply.ok, reply
        return dict(reply.facts)

    assert facts(Setting.OWNERSHIP)["uniform"] is True
    assert facts(Setting.PUBLIC_ACCESS)["blocks"] == {"publicAccessPrevention": True}
    assert facts(Setting.ENCRYPTION)["key"].endswith("cryptoKeys/k")
    assert facts(Setting.ENCRYPTION)["customer_key"] is True
    retention = facts(Setting.RETENTION)
    assert (retention["locked"], retention["days"], retention["hold"]) == (True, 2, True)
    assert retention["until"]
    assert facts(Setting.LOCATION)["region"] == "europe-west1"
    assert (facts(Setting.VERSIONING)["enabled"], facts(Setting.VERSIONING)["soft_delete_days"]) == (True, 7)
    assert facts(Setting.PAYER)["requester_pays"] is False
    assert facts(Setting.NETWORK)["default"] == "deny"
    assert facts(Setting.NETWORK)["rules"] == ["198.51.100.0/24"]
    assert facts(Setting.LIFECYCLE)["aborts_uploads_after_days"] == 7
    assert facts(Setting.ACCOUNT)["hierarchical"] is True
    assert facts(Setting.ACCOUNT)["project_number"] == "123456789012"
    assert room.lines == ["GET /storage/v1/b/my-recordings"], "one read answers them all"


def test_a_plain_bucket_has_everything_off(open_room: Open, inspect: Inspect) -> None:
    """What the resource leaves out is switched off."""
    store = inspect(open_room(changes=WITH_OPERATOR))
    assert store.ask(Read(Setting.RETENTION)).facts["locked"] is False
    assert store.ask(Read(Setting.RETENTION)).facts["until"] is None
    assert store.ask(Read(Setting.ENCRYPTION)).facts["key"] is None
    assert store.ask(Read(Setting.NETWORK)).facts["default"] == "allow"
    assert store.ask(Read(Setting.LIFECYCLE)).facts["aborts_uploads_after_days"] is None


@pytest.mark.parametrize("ip_filter", [{}, {"ipFilter": RESOURCE["ipFilter"]}], ids=["none is set", "one is set"])
@pytest.mark.parametrize(
    ("role", "unset", "hint"),
    [
        ("roles/storage.admin", "allow", None),
        ("roles/storage.legacyBucketReader", None, "storage.buckets.getIpFilter"),
    ],
)
def test_a_hidden_filter_of_addresses_is_no_open_bucket(
    open_room: Open, inspect: Inspect, role: str, unset: str | None, hint: str | None, ip_filter: dict[str, Any]
) -> None:
    """The filter is left out for who lacks its permission, so that only who holds it knows that there is none."""
    binding = {"role": role, "members": [f"serviceAccount:{OPERATOR}"]}
    policy = {"projects": {"my-project": {"policy": json.dumps({"bindings": [binding]})}}}
    bucket = {"buckets": {"my-recordings": {"resource": ip_filter}}}
    room = open_room(changes=merge(merge(WITH_OPERATOR, policy), bucket))

    facts = inspect(room).ask(Read(Setting.NETWORK)).facts

    assert facts["default"] == ("deny" if ip_filter and unset else unset)
    assert facts.get("shown_to") == hint


@pytest.mark.parametrize("prevention", ["inherited", "unspecified", None])
def test_prevention_that_is_not_the_buckets_own_is_not_known(
    open_room: Open, inspect: Inspect, prevention: str | None
) -> None:
    """An organization policy may prevent public access all the same: neither on nor off is told."""
    table = {"resource": {"iamConfiguration": {"publicAccessPrevention": prevention}}}
    store = inspect(open_room(changes=merge(WITH_OPERATOR, {"buckets": {"my-recordings": table}})))
    assert store.ask(Read(Setting.PUBLIC_ACCESS)).facts["blocks"] == {"publicAccessPrevention": None}


def test_a_filter_that_is_switched_off_lets_everybody_in(open_room: Open, inspect: Inspect) -> None:
    """A mode that was shown needs no second question."""
    off = {"buckets": {"my-recordings": {"resource": {"ipFilter": {"mode": "Disabled"}}}}}
    room = open_room(changes=merge(WITH_OPERATOR, off))
    assert inspect(room).ask(Read(Setting.NETWORK)).facts["default"] == "allow"
    assert room.lines == ["GET /storage/v1/b/my-recordings"]


def test_the_policy_comes_with_its_conditions(open_room: Open, inspect: Inspect) -> None:
    """Version 3 is asked for: below it, a conditional grant would look like an unconditional one."""
    room = open_room("gcs/other-prefix", changes=WITH_OPERATOR)
    document = inspect(room).ask(Read(Setting.POLICY)).facts["document"]
    assert document["version"] == 3
    assert "uploads/" in document["bindings"][0]["condition"]["expression"]


def test_who_may_not_look_is_told_what_is_missing(open_room: Open, inspect: Inspect) -> None:
    """The refusal names the permission that the operator lacks."""
    operator = {"accounts": WITH_OPERATOR["accounts"]}
    store = inspect(open_room(changes=operator))
    for setting, permission in (
        (Setting.RETENTION, "storage.buckets.get"),
        (Setting.POLICY, "storage.buckets.getIamPolicy"),
    ):
        reply = store.ask(Read(setting))
        assert signal(reply)[1:] == (403, "forbidden")
        assert f"does not have {permission} access" in (reply.message or "")


def test_what_google_does_not_have_is_not_offered(open_room: Open, inspect: Inspect) -> None:
    """Identity documents and key policies are not read here."""
    store = inspect(open_room(changes=WITH_OPERATOR))
    for setting in (Setting.IDENTITY, Setting.KEY_POLICY):
        assert store.ask(Read(setting)).code == "not-offered"


def test_the_inspector_never_writes(open_room: Open, inspect: Inspect) -> None:
    """Anything but a question about a setting is our own bug."""
    room = open_room(changes=WITH_OPERATOR)
    store = inspect(room)
    with pytest.raises(ValueError, match="only looks"):
        store.ask(Put(KEY))
    assert room.asked == []


def test_without_a_login_it_says_so(open_room: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """No application default credentials: a refusal in Google's words, not a crash."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    room = open_room()
    store = gcs.inspector(room.storage, room.reach)
    assert not isinstance(store, str)
    assert signal(store.ask(Read(Setting.RETENTION))) == ("config", None, "DefaultCredentialsError")


def test_the_configurations_key_is_not_the_inspectors(open_room: Open, inspect: Inspect) -> None:
    """The inspector signs in as the operator; the writer's key is never used to look."""
    room = open_room(changes=WITH_OPERATOR)
    inspect(room).ask(Read(Setting.RETENTION))
    asked = [request for service, request in room.box.world.served if service == "google-token"]
    claims = asked[0].form["assertion"].split(".")[1]
    who = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]
    assert who == "operator@my-project.iam.gserviceaccount.com"


def test_reach_without_inspection_is_a_sentence() -> None:
    """Why nobody looks is one sentence for the report."""
    storage = GcsStorage(name="s", storage_type="gcs", bucket="my-recordings")
    assert "application default credentials" in str(gcs.inspector(storage, Reach()))
