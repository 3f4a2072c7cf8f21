"""Reads a bucket's metadata, as `buckets.get` gives it, into the settings that every provider's checks share."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from preflight.model import Setting

SHOWS_FILTER = "storage.buckets.getIpFilter"
_DAY = 86_400
_FAMILIES: Mapping[str, Any] = {"IPv4": ipaddress.ip_network("0.0.0.0/0"), "IPv6": ipaddress.ip_network("::/0")}
_MODES = {"Enabled": "deny", "Disabled": "allow"}


def is_bucket(document: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(document, dict) and document.get("kind") == "storage#bucket"


def is_policy(document: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(document, dict) and document.get("kind") == "storage#policy"


def read(setting: Setting, bucket: Mapping[str, Any]) -> dict[str, Any]:  # noqa: C901, PLR0911 - one answer for each setting
    """The facts of `model.Setting`; a part that is missing in the metadata is switched off."""
    match setting:
        case Setting.ENCRYPTION:
            return _encryption(_part(bucket, "encryption"))
        case Setting.OWNERSHIP:
            uniform = _part(_part(bucket, "iamConfiguration"), "uniformBucketLevelAccess")
            return {"uniform": bool(uniform.get("enabled"))}
        case Setting.RETENTION:
            return _retention(bucket)
        case Setting.PUBLIC_ACCESS:
            prevention = _part(bucket, "iamConfiguration").get("publicAccessPrevention")
            # what is not enforced here is inherited: an organization policy may enforce it, and is not in the answer
            return {"blocks": {"publicAccessPrevention": True if prevention == "enforced" else None}}
        case Setting.LOCATION:
            return {"region": str(bucket.get("location", "")).lower(), "kind": bucket.get("locationType")}
        case Setting.VERSIONING:
            kept = _seconds(_part(bucket, "softDeletePolicy").get("retentionDurationSeconds"))
            return {"enabled": bool(_part(bucket, "versioning").get("enabled")), "soft_delete_days": kept / _DAY}
        case Setting.PAYER:
            return {"requester_pays": bool(_part(bucket, "billing").get("requesterPays"))}
        case Setting.NETWORK:
            return network(_part(bucket, "ipFilter"))
        case Setting.LIFECYCLE:
            return {"aborts_uploads_after_days": _aborts(_part(bucket, "lifecycle").get("rule"))}
        case Setting.ACCOUNT:
            hierarchical = bool(_part(bucket, "hierarchicalNamespace").get("enabled"))
            number = bucket.get("projectNumber")
            told = {"kind": "bucket", "hierarchical": hierarchical, "shared_key": None, "tls": None}
            return {**told, "project_number": str(number) if number else None}
        case Setting.POLICY | Setting.IDENTITY | Setting.HELD | Setting.KEY_POLICY:
            raise ValueError(f"not in a bucket's metadata: {setting}")


def _encryption(encryption: Mapping[str, Any]) -> dict[str, Any]:
    """`default_refused`: the bucket restricts the very encryption that an upload gets which names none."""
    key = encryption.get("defaultKmsKeyName")
    kind = "customerManaged" if key else "googleManaged"
    mode = _part(encryption, f"{kind}EncryptionEnforcementConfig").get("restrictionMode")
    return {
        "algorithm": "cloud-kms" if key else "google-managed",
        "key": key,
        "customer_key": bool(key),
        "default_refused": mode == "FullyRestricted",
    }


def _retention(bucket: Mapping[str, Any]) -> dict[str, Any]:
    """`until` is when an object that is written now could be deleted."""
    policy = _part(bucket, "retentionPolicy")
    seconds = _seconds(policy.get("retentionPeriod"))
    until = datetime.now(UTC) + timedelta(seconds=min(seconds, 100 * 366 * _DAY))
    return {
        "locked": bool(policy.get("isLocked")),
        "mode": "retention-policy" if seconds else None,
        "days": seconds / _DAY,
        "until": until.isoformat(timespec="seconds") if seconds else None,
        "hold": bool(bucket.get("defaultEventBasedHold")),
    }


def network(ip_filter: Mapping[str, Any], *, shown: bool = False) -> dict[str, Any]:
    """Shown only to who also holds `SHOWS_FILTER`: without a filter in the answer, there is none or it is hidden.

    `shown`: whoever got this answer holds the permission, so that nothing means no filter. `open_to` are the families
    of addresses of which a filter lets every one in; with both, it shuts out nobody who comes over the internet.
    """
    public = [str(source) for source in _list(_part(ip_filter, "publicNetworkSource").get("allowedIpCidrRanges"))]
    private = _list(ip_filter.get("vpcNetworkSources"))
    rules = public + [str(source.get("network", "")) for source in private if isinstance(source, dict)]
    default = _MODES.get(str(ip_filter.get("mode")), "allow" if shown else None)
    whole = _whole(public)
    if default == "deny" and len(whole) == len(_FAMILIES):
        default = "allow"
    hidden = {} if default else {"shown_to": SHOWS_FILTER}
    return {"default": default, "rules": rules, "open_to": whole, **hidden}


def _whole(ranges: Sequence[str]) -> list[str]:
    """The families of addresses that the ranges cover together, by name."""
    given = [*_networks(ranges)]
    return [
        name
        for name, family in _FAMILIES.items()
        if family in ipaddress.collapse_addresses([one for one in given if one.version == family.version])
    ]


def _networks(ranges: Sequence[str]) -> Iterator[Any]:
    """IPv4 and IPv6 networks; what is none lets nobody in."""
    for text in ranges:
        with contextlib.suppress(ValueError):
            yield ipaddress.ip_network(text, strict=False)


def _aborts(rules: object) -> int | None:
    """The soonest day on which a rule for every name drops an unfinished XML multipart upload."""
    ages = [
        _part(rule, "condition").get("age")
        for rule in _list(rules)
        if isinstance(rule, dict) and _part(rule, "action").get("type") == "AbortIncompleteMultipartUpload"
    ]
    return min((age for age in ages if isinstance(age, int)), default=None)


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _seconds(value: object) -> int:
    """64-bit numbers travel as text in Google's JSON."""
    try:
        return int(value) if isinstance(value, str | int) else 0
    except ValueError:
        return 0
