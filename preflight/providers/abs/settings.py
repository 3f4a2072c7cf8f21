"""What Azure's resources say, in the facts of `Setting`. Pure: JSON in, facts out; null is what nobody set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from preflight.model import Setting

Facts = dict[str, Any]
Json = Mapping[str, Any]

LIFECYCLE: Facts = {"aborts_uploads_after_days": 7}  # uncommitted blocks are discarded, always


def network(account: Json) -> Facts:
    """`default` is deny also where the public network is switched off altogether."""
    found = account["properties"]
    acls = found.get("networkAcls") or {}
    closed = (found.get("publicNetworkAccess") or "Enabled") != "Enabled"
    denies = closed or acls.get("defaultAction") == "Deny"
    kinds = ("ipRules", "virtualNetworkRules", "resourceAccessRules")
    rules = [{"kind": kind, **rule} for kind in kinds for rule in acls.get(kind) or []]
    return {"default": "deny" if denies else "allow", "rules": rules, "public_network": not closed}


def account(resource: Json) -> Facts:
    found = resource["properties"]
    return {
        "kind": resource.get("kind"),
        "sku": (resource.get("sku") or {}).get("name"),
        "hierarchical": bool(found.get("isHnsEnabled")),
        "shared_key": found.get("allowSharedKeyAccess") is not False,  # absent means allowed
        "tls": found.get("minimumTlsVersion"),
        "https_only": found.get("supportsHttpsTrafficOnly") is not False,
    }


def made_for(facts: Json) -> str:
    """What an account of this kind holds in place of block blobs, which recordings are; nothing where it takes them."""
    kind, sku = str(facts.get("kind")).lower(), str(facts.get("sku")).lower()
    if kind == "filestorage":
        return "file shares"
    return "page blobs" if kind in {"storage", "storagev2"} and sku.startswith("premium") else ""


def encryption(account: Json) -> Facts:
    found = account["properties"].get("encryption") or {}
    vault = found.get("keyvaultproperties") or {}
    ours = (found.get("keySource") or "Microsoft.Storage").lower() == "microsoft.keyvault"
    key = f"{(vault.get('keyvaulturi') or '').rstrip('/')}/keys/{vault.get('keyname') or ''}" if ours else None
    return {"algorithm": "AES256", "key": key, "customer_key": ours}


def location(account: Json) -> Facts:
    return {"region": account.get("location")}


def public_access(account: Json, container: Json) -> Facts:
    return {
        "blocks": {
            "account forbids anonymous access": account["properties"].get("allowBlobPublicAccess") is False,
            "container is private": (container["properties"].get("publicAccess") or "None") == "None",
        }
    }


def retention(account: Json, container: Json) -> Facts:
    found = container["properties"]
    policy = (found.get("immutabilityPolicy") or {}).get("properties") or _inherited(account, found)
    days = policy.get("immutabilityPeriodSinceCreationInDays")
    hold = bool(found.get("hasLegalHold"))
    return {
        "locked": bool(days) or hold,
        "mode": policy.get("state"),  # Locked or Unlocked
        "days": days,
        "until": None,  # counts from each blob's creation
        "hold": hold,
    }


def _inherited(account: Json, container: Json) -> Json:
    """The account's default policy, which reaches containers that keep versions and have no policy of their own."""
    kept = account["properties"].get("immutableStorageWithVersioning") or {}
    policy = kept.get("immutabilityPolicy") or {}
    reached = (container.get("immutableStorageWithVersioning") or {}).get("enabled")
    return policy if kept.get("enabled") and reached and policy.get("state") != "Disabled" else {}


def versioning(service: Json) -> Facts:
    found = service["properties"]
    soft = found.get("deleteRetentionPolicy") or {}
    days = soft.get("days") if soft.get("enabled") else None
    return {"enabled": bool(found.get("isVersioningEnabled")), "soft_delete_days": days}


OF_ACCOUNT: Mapping[Setting, Callable[[Json], Facts]] = {
    Setting.NETWORK: network,
    Setting.ACCOUNT: account,
    Setting.ENCRYPTION: encryption,
    Setting.LOCATION: location,
}
"""The settings that the account's own resource tells."""
