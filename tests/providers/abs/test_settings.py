"""What Azure's resources say, read from JSON as Resource Manager and `az` give it."""

from collections.abc import Mapping
from typing import Any

import pytest

from preflight.model import Setting
from preflight.providers.abs import settings

Json = Mapping[str, Any]

UNSET: list[Json] = [
    {},
    {"publicNetworkAccess": None, "networkAcls": None, "encryption": None},
    {"publicNetworkAccess": None, "networkAcls": {"defaultAction": None, "ipRules": None}},
    {"encryption": {"keySource": None, "keyvaultproperties": None}},
]


@pytest.mark.parametrize("properties", UNSET)
def test_what_is_null_is_not_set(properties: Json) -> None:
    """`az` prints what nobody set as null: the network is then open, and the key is Microsoft's."""
    account = {"properties": properties}
    assert settings.network(account) == {"default": "allow", "rules": [], "public_network": True}
    assert settings.encryption(account) == {"algorithm": "AES256", "key": None, "customer_key": False}


@pytest.mark.parametrize("access", ["Disabled", "SecuredByPerimeter"])
def test_a_public_network_that_is_off_lets_nobody_in(access: str) -> None:
    """What is set, is read: Stream comes over the public network."""
    found = settings.OF_ACCOUNT[Setting.NETWORK]({"properties": {"publicNetworkAccess": access}})
    assert (found["default"], found["public_network"]) == ("deny", False)


@pytest.mark.parametrize(
    ("container", "private"), [({}, True), ({"publicAccess": None}, True), ({"publicAccess": "Blob"}, False)]
)
def test_a_container_is_private_unless_it_says_otherwise(container: Json, *, private: bool) -> None:
    """Null is none here too."""
    found = settings.public_access({"properties": {}}, {"properties": container})
    assert found["blocks"]["container is private"] is private


def test_a_key_without_a_name_names_nothing() -> None:
    """A customer's key whose vault is null is still a customer's, and its address holds no word of ours."""
    encryption = {"keySource": "Microsoft.Keyvault", "keyvaultproperties": {"keyvaulturi": None, "keyname": None}}
    found = settings.encryption({"properties": {"encryption": encryption}})
    assert found["customer_key"]
    assert "None" not in str(found["key"])


def immutable(days: int | None, state: str | None, *, enabled: bool = True) -> Json:
    """An account whose default policy keeps every version."""
    policy = {"immutabilityPeriodSinceCreationInDays": days, "state": state, "allowProtectedAppendWrites": False}
    return {"properties": {"immutableStorageWithVersioning": {"enabled": enabled, "immutabilityPolicy": policy}}}


VERSIONED: Json = {"properties": {"immutableStorageWithVersioning": {"enabled": True}, "immutabilityPolicy": None}}
OPEN: Json = {"locked": False, "mode": None, "days": None, "until": None, "hold": False}


@pytest.mark.parametrize("state", ["Locked", "Unlocked"])
def test_a_container_inherits_the_accounts_default_policy(state: str) -> None:
    """Where versions can be kept, and the container says nothing of its own, the account's policy keeps them."""
    found = settings.retention(immutable(7, state), VERSIONED)
    assert found == {"locked": True, "mode": state, "days": 7, "until": None, "hold": False}


def test_a_containers_own_policy_comes_before_the_accounts() -> None:
    """It is the one that new blobs get."""
    own = {"immutabilityPolicy": {"properties": {"immutabilityPeriodSinceCreationInDays": 2, "state": "Unlocked"}}}
    found = settings.retention(immutable(7, "Locked"), {"properties": {**VERSIONED["properties"], **own}})
    assert (found["days"], found["mode"]) == (2, "Unlocked")


@pytest.mark.parametrize(
    ("account", "container"),
    [
        ({"properties": {}}, VERSIONED),
        ({"properties": {"immutableStorageWithVersioning": None}}, VERSIONED),
        ({"properties": {"immutableStorageWithVersioning": {"enabled": True}}}, VERSIONED),
        (immutable(7, "Disabled"), VERSIONED),
        (immutable(None, None), VERSIONED),
        (immutable(7, "Locked"), {"properties": {}}),
        (immutable(7, "Locked"), {"properties": {"immutableStorageWithVersioning": {"enabled": False}}}),
    ],
)
def test_what_does_not_reach_a_container_keeps_nothing(account: Json, container: Json) -> None:
    """A policy that is off, or a container that keeps no versions, leaves blobs free to be deleted."""
    assert settings.retention(account, container) == OPEN
