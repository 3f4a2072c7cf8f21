"""The grant of Google Cloud Storage: one binding of the role that creates objects, for names below the path only."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from preflight.grants.kinds import Extras, Grant, Mended, UngrantableError
from preflight.grants.terraform import block, label, text
from preflight.model import GcsStorage, Permission, Storage, Store

__all__ = ["least", "mend"]

ROLE = "roles/storage.objectCreator"  # what Stream asks for: it creates, and neither reads, lists nor deletes
KEY_ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
TITLE = "stream-recordings"
_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")
_UNIFORM = "# a condition needs uniform bucket-level access: without it, leave the condition out"

Json = dict[str, Any]


def least(storage: Storage, permissions: tuple[Permission, ...], extras: Extras) -> tuple[Grant, ...]:
    assert isinstance(storage, GcsStorage)  # noqa: S101 - found by the storage's type
    del permissions  # one role of Google's holds them all, and nothing that reads
    if extras.kms_key and not _KEY.fullmatch(extras.kms_key):
        expected = "projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY"
        raise UngrantableError(f"{extras.kms_key!r} is no name of a key; expected {expected}")
    return (
        _bucket_binding(storage, conditional=extras.below_path),
        *([_key_binding(storage, extras.kms_key)] if extras.kms_key else []),
    )


def mend(storage: Storage, current: Store) -> Mended:
    from preflight.grants.gcs.mending import mend as mended

    assert isinstance(storage, GcsStorage)  # noqa: S101 - likewise
    return mended(storage, current)


def binding(storage: GcsStorage, *, conditional: bool = True) -> Json:
    """The role for the writer; with a path, on the condition that names are below it."""
    bound: Json = {"role": ROLE, "members": [member(storage)]}
    if not storage.path or not conditional:
        return bound
    prefix = json.dumps(f"projects/_/buckets/{storage.bucket}/objects/{storage.path}", ensure_ascii=False)
    return {**bound, "condition": {"title": TITLE, "expression": f"resource.name.startsWith({prefix})"}}


def member(storage: GcsStorage) -> str:
    return f"serviceAccount:{storage.client_email or '<SERVICE_ACCOUNT_EMAIL>'}"


def add_binding(storage: GcsStorage, bound: Json) -> str:
    """Adds to what is there. The separators of the condition are chosen so that none stands in it."""
    command = ["gcloud", "storage", "buckets", "add-iam-policy-binding", f"gs://{storage.bucket}"]
    command += [f"--member={bound['members'][0]}", f"--role={bound['role']}"]
    condition = bound.get("condition")
    if condition is None:
        return shlex.join([*command, "--condition=None"])
    apart = next(mark for mark in ("", ":", ";", "|", "#", "@@", "%%%") if (mark or ",") not in condition["expression"])
    listed = (apart or ",").join(f"{name}={condition[name]}" for name in ("title", "expression"))
    return shlex.join([*command, f"--condition=^{apart}^{listed}" if apart else f"--condition={listed}"])


def _bucket_binding(storage: GcsStorage, *, conditional: bool) -> Grant:
    bound = binding(storage, conditional=conditional)
    arguments = {"bucket": text(storage.bucket), "role": text(ROLE), "member": text(bound["members"][0])}
    written = block("google_storage_bucket_iam_member", label(storage.name), arguments)
    condition = bound.get("condition")
    if condition:
        lines = [f"    {name.ljust(10)} = {text(condition[name])}" for name in ("title", "expression")]
        written = "\n".join([_UNIFORM, written.removesuffix("}\n"), "  condition {", *lines, "  }", "}", ""])
    return Grant(
        name="bucket-binding",
        document=bound,
        terraform=written,
        commands=(*([_UNIFORM] if condition else []), add_binding(storage, bound)),
    )


def _key_binding(storage: GcsStorage, key: str) -> Grant:
    """Not the writer's: Cloud Storage's own account in the bucket's project uses the key."""
    agent = "serviceAccount:service-<PROJECT_NUMBER>@gs-project-accounts.iam.gserviceaccount.com"
    name = label(storage.name)
    arguments = {
        "crypto_key_id": text(key),
        "role": text(KEY_ROLE),
        "member": f'"serviceAccount:${{data.google_storage_project_service_account.{name}.email_address}}"',
    }
    return Grant(
        name="key-binding",
        document={"role": KEY_ROLE, "members": [agent]},
        terraform=f'data "google_storage_project_service_account" "{name}" {{\n}}\n\n'
        + block("google_kms_crypto_key_iam_member", name, arguments),
        commands=(
            "# <PROJECT> is the project of the bucket, whose Cloud Storage account uses the key",
            shlex.join(["gcloud", "storage", "service-agent", "--project=<PROJECT>", f"--authorize-cmek={key}"]),
        ),
    )
