"""A bucket with its settings, its objects in all their versions, and its unfinished uploads."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from preflight.iam.aws.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a bucket is set to, with AWS's defaults. An empty mapping is a setting that nobody made."""

    ownership: str = "BucketOwnerEnforced"
    encryption: Mapping[str, str] = field(default_factory=lambda: {"algorithm": "AES256"})  # and `key`
    lock: Mapping[str, Any] = field(default_factory=dict)  # `mode` and `days` of the default retention
    versioning: str = ""
    payer: str = "BucketOwner"
    blocks: Mapping[str, bool] = field(
        default_factory=lambda: dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
    )
    abort_uploads_after_days: int = 0


@dataclass(slots=True, kw_only=True)
class Version:
    """One stored version of an object; a delete marker has no body."""

    id: str
    body: bytes | None
    etag: str
    modified: datetime
    headers: Mapping[str, str]
    locked_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Upload:
    key: str
    headers: Mapping[str, str]
    parts: dict[int, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Bucket:
    name: str
    account: str
    region: str
    policy: Document | None
    settings: Settings
    objects: dict[str, list[Version]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"

    def latest(self, key: str) -> Version | None:
        versions = self.objects.get(key)
        return versions[-1] if versions and versions[-1].body is not None else None

    def store(self, key: str, version: Version) -> Version:
        """Keep a version; in a bucket without versioning it takes the place of what was there."""
        if self.settings.versioning == "Enabled":
            version.id = secrets.token_urlsafe(24)
            self.objects.setdefault(key, []).append(version)
        else:
            self.objects[key] = [version]
        return version
