"""Healthy entries of each kind, to be broken in one place at a time."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from preflight.config import Configuration, load
from preflight.model import Problem

KEY = "AKIAQ3EGRX2MPLEKEYID"
SECRET = "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"
CLIENT_SECRET = "Zx8Q~aBcDeFgHiJkLmNoPqRsTuVwXyZ012345-_6"
ACCOUNT_KEY = "A1b2" * 21 + "Ag=="
TENANT = "11111111-2222-4333-8444-555555555555"
CLIENT = "99999999-8888-4777-8666-555555555555"


@functools.cache
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def key_file(**changes: object) -> dict[str, Any]:
    """A service account key as Google gives it out."""
    return _without_none(
        {
            "type": "service_account",
            "project_id": "my-project",
            "private_key_id": "0123456789abcdef0123456789abcdef01234567",
            "private_key": pem(),
            "client_email": "writer@my-project.iam.gserviceaccount.com",
            "client_id": "123456789012345678901",
            "token_uri": "https://oauth2.googleapis.com/token",
            "universe_domain": "googleapis.com",
            **changes,
        }
    )


def s3(**changes: object) -> dict[str, Any]:
    """A storage on Amazon S3; `s3_` fields are changed in their table, a field that is None is left out."""
    inner = {"s3_region": "eu-central-1", "s3_api_key": KEY, "s3_secret": SECRET}
    inner |= {name: changes.pop(name) for name in list(changes) if name.startswith("s3_")}  # type: ignore[misc]  # as given
    entry = {"name": "my-s3", "storage_type": "s3", "bucket": "my-recordings", "path": "recordings/"}
    return _without_none({**entry, "aws_s3": _without_none(inner), **changes})


def compatible(**changes: object) -> dict[str, Any]:
    """A storage on a service of one's own."""
    return s3(**{"s3_custom_endpoint_url": "https://minio.example.com:9000", **changes})


def gcs(**changes: object) -> dict[str, Any]:
    entry = {"name": "my-gcs", "storage_type": "gcs", "bucket": "my-recordings", "path": "recordings/"}
    return _without_none({**entry, "gcs_credentials": json.dumps(key_file()), **changes})


def azure(**changes: object) -> dict[str, Any]:
    """A storage on Azure; `abs_` fields are changed in their table, except the account key, which is outside."""
    inner = {
        "abs_account_name": "myaccount",
        "abs_tenant_id": TENANT,
        "abs_client_id": CLIENT,
        "abs_client_secret": CLIENT_SECRET,
    }
    inner |= {n: changes.pop(n) for n in list(changes) if n.startswith("abs_") and n != "abs_account_key"}  # type: ignore[misc]  # as given
    entry = {"name": "my-abs", "storage_type": "abs", "bucket": "recordings", "path": "recordings/"}
    return _without_none({**entry, "azure_blob": _without_none(inner), **changes})


def _without_none(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value is not None}


def read(text: str, **environ: str) -> Configuration:
    """What standard input with this text says."""
    return load(["-"], stdin=io.StringIO(text), environ=environ)


def read_entries(*entries: object, **environ: str) -> Configuration:
    return read(json.dumps({"storages": entries}), **environ)


def problems(*entries: object, **environ: str) -> tuple[Problem, ...]:
    return read_entries(*entries, **environ).problems


def checks(found: Iterable[Problem]) -> list[str]:
    return [problem.check for problem in found]
