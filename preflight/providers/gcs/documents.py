"""Google's documents as people have them in files: answers of `gcloud` and of the APIs, a Terraform plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from preflight.documents import Part, UnrecognisedError
from preflight.model import Setting, Storage
from preflight.providers.gcs import plan, settings
from preflight.providers.gcs.paper_store import LEVELS

PROJECT, ABOVE = LEVELS

KINDS: Mapping[str, str] = {
    "policy": "the IAM policy of the bucket, the output of gcloud storage buckets get-iam-policy",
    "project-policy": "the IAM policy of the project, the output of gcloud projects get-iam-policy",
    "above-policy": "the IAM policy of a folder or of the organization, the output of their get-iam-policy",
    "role": "a custom role, the output of gcloud iam roles describe",
    "deny-policy": "a deny policy, the output of gcloud iam policies get",
    "key-policy": "the IAM policy of the encryption key, the output of gcloud kms keys get-iam-policy",
    "bucket": "the bucket, the output of gcloud storage buckets describe --raw",
    "plan": "the output of terraform show -json",
}

_BUCKETS = "projects/_/buckets/"
_OF_BUCKETS = ("roles/storage.", "projectOwner:", "projectEditor:", "projectViewer:")
_TOLD_BY_BUCKET = (
    Setting.ENCRYPTION,
    Setting.OWNERSHIP,
    Setting.RETENTION,
    Setting.PUBLIC_ACCESS,
    Setting.LOCATION,
    Setting.VERSIONING,
    Setting.PAYER,
    Setting.NETWORK,
    Setting.LIFECYCLE,
    Setting.ACCOUNT,
)


def recognise(value: Any, kind: str | None) -> tuple[Part, ...]:  # noqa: ANN401 - any JSON value
    """What a file holds, by its content, or as `kind` says. Raises `UnrecognisedError` for what could be two things."""
    if not isinstance(value, Mapping):
        if kind:
            raise UnrecognisedError(f"expected {KINDS[kind]}, which is an object")
        return ()
    found = kind or _kind(value)
    if found is None:
        return ()
    match found:
        case "bucket":
            return tuple(_bucket(value))
        case "plan":
            return tuple(plan.parts(value))
        case "policy" | "key-policy":
            return (_policy(value, found),)
        case _:
            return (_part(Setting.IDENTITY, found, _above(value, found)),)


def absent(kind: str) -> Part:
    """There is none, and what its absence means."""
    nothing: Mapping[str, tuple[Setting, dict[str, Any]]] = {
        "policy": (Setting.POLICY, {"document": {}}),
        "project-policy": (Setting.IDENTITY, {"above": {PROJECT: {}}}),
        "above-policy": (Setting.IDENTITY, {"above": {ABOVE: {}}}),
        "deny-policy": (Setting.IDENTITY, {"denials": []}),
    }
    if kind not in nothing:
        raise UnrecognisedError(f"{kind}=none says nothing")
    setting, said = nothing[kind]
    return Part(setting=setting, what=f"there is no {kind}", said=said)


def facts(setting: Setting, parts: Sequence[Part], storage: Storage) -> dict[str, Any]:
    del storage
    if setting is Setting.IDENTITY:
        return _together(parts)
    if setting is Setting.OWNERSHIP:  # a plan tells what the bucket will be, and its resource what it is
        return {"uniform": all(part.said["uniform"] for part in parts)}
    if len(parts) > 1:
        raise UnrecognisedError(f"{len(parts)} documents give {setting}; expected one")
    return dict(parts[0].said)


def _together(parts: Sequence[Part]) -> dict[str, Any]:
    """All that is told of the levels above the bucket. Several policies of folders are one level."""
    found: dict[str, Any] = {}
    for part in parts:
        for level, policy in part.said.get("above", {}).items():
            before = found.setdefault("above", {}).get(level, {})
            bindings = [*before.get("bindings", ()), *policy.get("bindings", ())]
            found["above"][level] = {**policy, "bindings": bindings} if bindings else policy
        for name in ("roles", "denials"):
            if name in part.said:
                found[name] = [*found.get(name, ()), *part.said[name]]
    return found


def _kind(value: Mapping[str, Any]) -> str | None:
    if "format_version" in value:
        return "plan"
    if settings.is_bucket(value):
        return "bucket"
    if "includedPermissions" in value:
        return "role"
    if "rules" in value and "bindings" not in value:
        return "deny-policy"
    return _of_bindings(value) if "bindings" in value or settings.is_policy(value) else None


def _of_bindings(value: Mapping[str, Any]) -> str:
    """Whose policy it is: the answer says, or its bindings do."""
    if str(value.get("resourceId", "")).startswith(_BUCKETS):
        return "policy"
    roles, members = list(_texts(value, "role")), list(_texts(value, "members"))
    if roles and all(role.startswith("roles/cloudkms.") for role in roles):
        return "key-policy"
    hints = [*roles, *(member for member in members if member.startswith("project"))]
    if settings.is_policy(value) or (hints and all(hint.startswith(_OF_BUCKETS) for hint in hints)):
        return "policy"
    if any(role in {"roles/owner", "roles/editor", "roles/viewer"} for role in roles):
        return "project-policy"
    raise UnrecognisedError(
        "this IAM policy does not tell what it is attached to; expected --document policy=PATH for the bucket, "
        "project-policy=PATH, above-policy=PATH or key-policy=PATH"
    )


def _texts(value: Mapping[str, Any], name: str) -> Iterator[str]:
    bindings = value.get("bindings")
    for binding in bindings if isinstance(bindings, list) else ():
        found = binding.get(name) if isinstance(binding, Mapping) else None
        yield from (one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str))


def _policy(value: Mapping[str, Any], kind: str) -> Part:
    named = str(value.get("resourceId", "")).removeprefix(_BUCKETS)
    bucket = named if kind == "policy" else ""
    return Part(setting=Setting(kind), what=KINDS[kind], said={"document": value}, bucket=bucket)


def _above(value: Mapping[str, Any], kind: str) -> dict[str, Any]:
    match kind:
        case "role":
            return {"roles": [value]}
        case "deny-policy":
            return {"denials": [value]}
        case "project-policy":
            return {"above": {PROJECT: value}}
        case _:
            return {"above": {ABOVE: value}}


def _part(setting: Setting, kind: str, said: Mapping[str, Any], bucket: str = "") -> Part:
    return Part(setting=setting, what=KINDS[kind], said=said, bucket=bucket)


def _bucket(value: Mapping[str, Any]) -> Iterator[Part]:
    """Every setting that the bucket's own resource tells."""
    if not settings.is_bucket(value):
        raise UnrecognisedError(f"expected {KINDS['bucket']}, with `kind: storage#bucket`")
    for setting in _TOLD_BY_BUCKET:
        yield _part(setting, "bucket", settings.read(setting, value), str(value.get("name") or ""))
