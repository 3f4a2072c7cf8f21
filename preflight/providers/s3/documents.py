"""AWS's documents as people have them in files: policies, answers of the command line, a Terraform plan."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from preflight.documents import Part, UnrecognisedError
from preflight.model import S3Storage, Setting, Storage
from preflight.providers.s3.facts import FACTS
from preflight.providers.s3.plan import of_plan
from preflight.providers.s3.plan_users import of_writer
from preflight.providers.s3.shapes import of_setting

KINDS: Mapping[str, str] = {
    "policy": "the bucket policy, or the output of aws s3api get-bucket-policy",
    "identity": "a policy of the writer: user policy, managed policy, or the output of aws iam get-user-policy",
    "boundary": "the permissions boundary of the writer",
    "caller": "the output of aws sts get-caller-identity as the writer, or of aws iam get-user",
    "key-policy": "the policy of the encryption key, or the output of aws kms get-key-policy",
    "encryption": "the output of aws s3api get-bucket-encryption",
    "ownership": "the output of aws s3api get-bucket-ownership-controls",
    "public-access": "the output of aws s3api get-public-access-block",
    "payer": "the output of aws s3api get-bucket-request-payment",
    "retention": "the output of aws s3api get-object-lock-configuration",
    "lifecycle": "the output of aws s3api get-bucket-lifecycle-configuration",
    "location": "the output of aws s3api get-bucket-location",
    "plan": "the output of terraform show -json",
}

# Answers of the command line that are known by the name of their only member.
_ANSWERS = {
    "ServerSideEncryptionConfiguration": Setting.ENCRYPTION,
    "OwnershipControls": Setting.OWNERSHIP,
    "PublicAccessBlockConfiguration": Setting.PUBLIC_ACCESS,
    "ObjectLockConfiguration": Setting.RETENTION,
    "Payer": Setting.PAYER,
    "Rules": Setting.LIFECYCLE,
    "LocationConstraint": Setting.LOCATION,
    "KeyMetadata": Setting.KEY_POLICY,
}
_WHO = re.compile(r"arn:[^:]+:(iam|sts)::\d{12}:(user|assumed-role|root)\b")
_ABOUT = ("principal", "account", "boundary", "boundary_unread")
_SETTINGS = {"boundary": Setting.IDENTITY, "caller": Setting.IDENTITY}


def recognise(value: Any, kind: str | None) -> tuple[Part, ...]:  # noqa: ANN401 - any JSON value
    """What a file holds, by its content, or as `kind` says. Raises `UnrecognisedError` for what could be two things."""
    if not isinstance(value, Mapping):
        if kind:
            raise UnrecognisedError(f"expected {KINDS[kind]}, which is a JSON object")
        return ()
    if kind == "plan" or (kind is None and "format_version" in value):
        return of_plan(value)
    for name, setting in _ANSWERS.items():
        if name in value and kind in {None, setting.value}:
            what = KINDS[setting.value]
            return (Part(setting=setting, what=what, said=of_setting(setting, value, what)),)
    held = _held(value)
    if held is None:
        if kind:
            raise UnrecognisedError(f"expected {KINDS[kind]}")
        return ()
    policy, pointer, named = held
    return (_policy(policy, pointer, kind or named or _kind(policy), value),)


def absent(kind: str) -> Part:
    """There is none: AWS's defaults hold."""
    setting = _SETTINGS.get(kind) or Setting(kind) if kind not in {"plan", "caller"} else None
    if setting is None:
        raise UnrecognisedError(f"{kind}=none says nothing")
    nothing: Mapping[str, dict[str, Any]] = {"identity": {"none": True}, "boundary": {"boundary": None}}
    said = nothing.get(kind, {})
    return Part(setting=setting, what=f"there is no {kind}", said=said)


def facts(setting: Setting, parts: Sequence[Part], storage: Storage) -> dict[str, Any]:
    assert isinstance(storage, S3Storage)  # noqa: S101 - this drawer is opened for S3 storages only
    if setting is Setting.IDENTITY:
        return {} if storage.keyless else _identity(of_writer(parts))
    texts = [part for part in parts if "document" in part.said]
    if len(texts) > 1 or (len(parts) > 1 and setting is not Setting.KEY_POLICY):
        raise UnrecognisedError(f"{len(parts)} documents give {setting}; expected one")
    said = {name: value for part in parts for name, value in part.said.items()}
    found = FACTS[setting](said, storage)
    return {**found, "document": said["document"]} if texts else found


def _identity(parts: Sequence[Part]) -> dict[str, Any]:
    """All that is told of the writer: who they are, what they hold, what bounds them."""
    held = [part.said for part in parts if "document" in part.said]
    unread = [part.said["unread"] for part in parts if "unread" in part.said]
    found: dict[str, Any] = {}
    none = any("none" in part.said for part in parts)
    if held or unread or none:
        found = {"names": [one["name"] for one in held], "documents": [one["document"] for one in held]}
        found["holders"] = [one.get("holder", ("", "")) for one in held]
        found |= {"unread": unread, "others": not none}
    for part in parts:
        found |= {name: part.said[name] for name in _ABOUT if name in part.said}
    return found


def _held(value: Mapping[str, Any]) -> tuple[Any, str, str] | None:
    """The policy in an answer, where it stands, and what kind of answer it is; none where there is none."""
    if "Statement" in value:
        return value, "", ""
    if "Policy" in value and not isinstance(value["Policy"], Mapping):
        return value["Policy"], "/Policy", "key-policy" if "PolicyName" in value else ""
    if "PolicyDocument" in value:
        return _unquoted(value["PolicyDocument"]), "/PolicyDocument", "identity"
    version = value.get("PolicyVersion")
    if isinstance(version, Mapping) and "Document" in version:
        return _unquoted(version["Document"]), "/PolicyVersion/Document", "identity"
    user = value.get("User", value)
    if isinstance(user, Mapping) and _WHO.match(str(user.get("Arn", ""))):
        return user, "", "caller"
    return None


def _unquoted(document: Any) -> Any:  # noqa: ANN401 - any JSON value
    """IAM gives documents as URL-encoded text to some clients."""
    return unquote(document) if isinstance(document, str) and document.lstrip().startswith("%7B") else document


def _policy(policy: Any, pointer: str, kind: str, value: Mapping[str, Any]) -> Part:  # noqa: ANN401 - likewise
    match kind:
        case "caller":
            arn = str(policy["Arn"])
            said = {"principal": arn, "account": arn.split(":")[4]}
            if bound := policy.get("PermissionsBoundary"):
                named = bound.get("PermissionsBoundaryArn") if isinstance(bound, Mapping) else bound
                said["boundary_unread"] = f"permissions boundary {named}"
            return Part(setting=Setting.IDENTITY, what=KINDS[kind], said=said)
        case "boundary":
            return Part(setting=Setting.IDENTITY, what=KINDS[kind], said={"boundary": policy}, pointer=pointer)
        case "identity":
            name = str(value.get("PolicyName", ""))
            held = {"document": policy, "name": name, "holder": _holder(value)}
            return Part(setting=Setting.IDENTITY, what=KINDS[kind], said=held, pointer=pointer)
        case "policy" | "key-policy":
            return Part(
                setting=Setting(kind),
                what=KINDS[kind],
                said={"document": policy},
                pointer=pointer,
                buckets=_buckets(policy) if kind == "policy" else frozenset(),
            )
        case _:
            raise UnrecognisedError(f"this is a policy; expected {KINDS[kind]}")


def _holder(value: Mapping[str, Any]) -> tuple[str, str]:
    """In whom an answer says that the policy is written (user, group, role), or that it is a managed one."""
    for kind in ("user", "group", "role"):
        if isinstance(name := value.get(f"{kind.capitalize()}Name"), str):
            return kind, name
    return ("managed" if "PolicyVersion" in value else ""), ""


def _kind(policy: Any) -> str:  # noqa: ANN401 - likewise
    """Whose policy it is, by what its statements say. Raises `UnrecognisedError` where they do not tell."""
    statements = _statements(policy)
    if any({"Principal", "NotPrincipal"} & one.keys() for one in statements):
        services = {action.partition(":")[0].lower() for one in statements for action in _texts(one, "Action")}
        if "kms" in services:
            return "key-policy"
        if services & {"sqs", "sns"}:
            raise UnrecognisedError("this policy is for a queue or topic; expected one that is attached to the bucket")
        resources = [text for one in statements for text in (*_texts(one, "Resource"), *_texts(one, "NotResource"))]
        if services <= {"s3", "*"} or any(":s3:::" in text for text in resources):
            return "policy"
        raise UnrecognisedError(
            f"this resource policy is about {', '.join(sorted(services)) or 'no action'}; say what it is attached to: "
            "--document policy=PATH for the bucket, key-policy=PATH for the key"
        )
    if any({"Action", "NotAction"} & one.keys() for one in statements):
        return "identity"
    raise UnrecognisedError(
        "this policy has no statement that tells what it is attached to; expected --document policy=PATH, "
        "identity=PATH, boundary=PATH or key-policy=PATH"
    )


def _statements(policy: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - likewise
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except (ValueError, RecursionError):
            return []
    found = policy.get("Statement") if isinstance(policy, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, Mapping)]


def _texts(statement: Mapping[str, Any], name: str) -> list[str]:
    found = statement.get(name)
    return [text for text in (found if isinstance(found, list) else [found]) if isinstance(text, str)]


def _buckets(policy: Any) -> frozenset[str]:  # noqa: ANN401 - likewise
    """The buckets that a policy speaks of by name."""
    resources = [text for one in _statements(policy) for text in _texts(one, "Resource")]
    return frozenset(text.partition(":::")[2].partition("/")[0] for text in resources if ":s3:::" in text)
