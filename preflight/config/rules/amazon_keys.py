"""Rules about the key pair of an S3 storage. The values themselves are never told."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from preflight.config.entry import Entry
from preflight.config.rules.endpoints import ENDPOINT, on_amazon
from preflight.config.rules.pasting import LOOSE, malformed, pasted
from preflight.config.rules.regions import SHAPE
from preflight.model import Cause, Problem

KEY = "aws_s3.s3_api_key"
SECRET = "aws_s3.s3_secret"  # noqa: S105 - a field's name

_KEY_ID = re.compile(r"(AKIA|ASIA)[A-Z0-9]{12,}")
_AWS_SECRET = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9/+]{40}")

# Key ids that belong to another service, and how to reach it.
_OTHER_SERVICES = (
    (r"GOOG[A-Z0-9]{8,}", "Google's S3 interface", "prefer storage_type: gcs with gcs_credentials"),
    (r"DO00[A-Z0-9]{8,}|DO801[A-Z0-9]{8,}", "DigitalOcean Spaces", "add s3_custom_endpoint_url: https://<region>.digitaloceanspaces.com"),
    (r"00[0-9a-f]{23}", "Backblaze B2", "add s3_custom_endpoint_url: https://s3.<region>.backblazeb2.com"),
)  # fmt: skip


def shape_keys(entry: Entry) -> Iterator[Problem]:
    if entry.kind != "s3":
        return
    for rule in (_key, _secret):
        if problem := next(rule(entry), None):
            yield problem


def _key(entry: Entry) -> Iterator[Problem]:
    key, amazon = entry.text(KEY), on_amazon(entry)
    if not key:
        return
    if problem := pasted(entry, KEY, defaults=amazon):
        yield problem
    if SHAPE.fullmatch(key):
        yield malformed(entry, KEY, "holds a region; key and region look swapped", "swap the two values")
    if key.startswith("arn:"):
        yield malformed(
            entry,
            KEY,
            "is an ARN; Stream has no field for a role",
            "leave key and secret out and let the bucket policy name Stream's account, or use a user's key",
        )
    if _AWS_SECRET.fullmatch(key) and amazon:
        swapped = _KEY_ID.fullmatch(entry.text(SECRET))
        yield malformed(
            entry,
            KEY,
            "looks like a secret access key; expected the key's id, which begins with AKIA",
            "swap the two values" if swapped else "write the access key id",
        )
    if re.fullmatch(r"ASIA[A-Z0-9]{12,}", key):
        yield malformed(
            entry,
            KEY,
            "is a temporary key (ASIA…); it needs a session token, and Stream has no field for one",
            "create a long-lived key of a user that may only write",
            cause=Cause.SESSION_TOKEN_INVALID,
        )
    if entry.lacks(ENDPOINT):
        yield from _of_another_service(entry, key)
    if amazon and re.fullmatch(r"AKIA.*", key) and not re.fullmatch(r"[A-Z0-9]{20}", key):
        yield malformed(
            entry,
            KEY,
            f"begins like a key id of AWS but has {len(key)} characters or other letters; expected 20 of A-Z and 0-9",
            "copy it anew",
            check=LOOSE,
        )
    if amazon and not key.startswith(("AKIA", "ASIA")):
        yield malformed(
            entry,
            KEY,
            "does not look like a key id of AWS, which begins with AKIA",
            "copy the access key id from the console; for another service add s3_custom_endpoint_url",
            check=LOOSE,
        )


def _of_another_service(entry: Entry, key: str) -> Iterator[Problem]:
    for pattern, service, remedy in _OTHER_SERVICES:
        if re.fullmatch(pattern, key):
            yield malformed(
                entry,
                KEY,
                f"is a key of {service}, and without a custom endpoint AWS is asked",
                remedy,
                cause=Cause.ENDPOINT_WRONG,
            )


def _secret(entry: Entry) -> Iterator[Problem]:
    secret, amazon = entry.text(SECRET), on_amazon(entry)
    if not secret:
        return
    if problem := pasted(entry, SECRET, defaults=amazon):
        yield problem
    if secret == entry.text(KEY) and amazon:
        yield malformed(entry, SECRET, "is the same as s3_api_key", "write the secret access key")
    if _KEY_ID.fullmatch(secret):
        yield malformed(
            entry,
            SECRET,
            "holds a key id; expected the secret access key",
            "swap the two values" if _AWS_SECRET.fullmatch(entry.text(KEY)) else "write the secret access key",
        )
    if amazon and _wraps_secret(secret):
        yield malformed(entry, SECRET, "is in base64; expected the secret access key as AWS shows it", "decode it")
    if amazon and len(secret) != 40 and entry.text(KEY).startswith("AKIA"):
        yield malformed(
            entry, SECRET, f"has {len(secret)} characters; secrets of AWS have 40", "copy it anew", check=LOOSE
        )


def _wraps_secret(text: str) -> bool:
    """Whether base64 of a secret stands here, as in a Kubernetes secret."""
    try:
        inner = base64.b64decode(text, validate=True).decode("ascii")
    except ValueError:
        return False
    return bool(_AWS_SECRET.fullmatch(inner.strip()))
