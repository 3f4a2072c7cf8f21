"""Claims about a bucket ("may put every key under this path") as requests, and their decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from preflight.iam.aws.document import Document
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import ASSUMED, Layer, Layers, Levels, Without
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.shape import Operation, asking, encrypting, writing
from preflight.iam.aws.values import Context
from preflight.iam.decision import Answer, Decision, Need
from preflight.iam.findings import Finding
from preflight.iam.globs import SOMETHING, Glob


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The bucket that is written, and what is known of it. `account` None: the owner is not known."""

    name: str
    partition: str = "aws"
    account: str | None = None
    region: str = ""
    tls: bool | None = True

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.name}"

    @property
    def alias(self) -> bool:
        """Whether the name is an access point's alias: AWS then authorises on an ARN that the name does not show."""
        return self.name.endswith(("-s3alias", "--ol-s3"))

    def keys(self, path: str) -> Glob:
        """The ARNs of all objects whose key is `path` and at least one character more.

        The key that equals `path` is left out: it is the marker of a folder, never a recording.
        """
        return Glob((f"{self.arn}/{path}",)) + SOMETHING

    def key(self, arn: str | None) -> str | None:
        """The key of an object's ARN, as in a decision's examples."""
        return None if arn is None else arn.removeprefix(f"{self.arn}/")


def partition_of(region: str) -> str:
    """The partition that a region belongs to."""
    prefixes = {
        "cn-": "aws-cn",
        "us-gov-": "aws-us-gov",
        "us-iso-": "aws-iso",
        "us-isob-": "aws-iso-b",
        "eusc-": "aws-eusc",
    }
    return next((found for prefix, found in prefixes.items() if region.startswith(prefix)), "aws")


LARGEST = 20 * 1024  # bytes of a bucket policy; S3 User Guide, "Bucket policies"


def unstorable(document: Document, bucket: Bucket) -> Iterator[Finding]:
    """Why S3 would not store this as the policy of this bucket, beside what is wrong with it anywhere."""
    size = len(json.dumps(document.value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace"))
    if size > LARGEST:
        yield Finding("", f"{size} bytes without white space: a bucket policy holds 20 KB at most")
    for statement in document.statements:
        for action in () if statement.not_action else statement.actions:
            service = action.text.partition(":")[0].lower()
            if ":" in action.text and service.isalnum() and not service.startswith("s3"):
                yield Finding(action.pointer, f"`{action.text}` is no action of Amazon S3")
        for resource in () if bucket.alias or statement.not_resource else statement.resources:
            name = resource.text.partition(":::")[2].partition("/")[0]
            if name and not set(name) & set("*?$") and name != bucket.name:
                yield Finding(resource.pointer, f"`{resource.text}` is not in this bucket, `{bucket.name}`")


def may_write(
    caller: Principal,
    bucket: Bucket,
    path: str,
    layers: Layers,
    *,
    now: datetime | None = None,
    operations: tuple[Operation, ...] = (Operation.PUT, Operation.PART),
) -> dict[Operation, Decision]:
    """Whether the caller may write every key under `path` the way Stream writes, for each kind of request.

    A single PutObject and the completion of a multipart upload create the object; starting an upload and sending
    a part do not, and policies can tell them apart: so the default asks one of each.
    """
    contexts = (
        (one, writing(one, tls=bucket.tls, now=now, bucket_account=bucket.account, region=bucket.region))
        for one in operations
    )
    return {one: _ask(caller, "s3:PutObject", bucket, bucket.keys(path), context, layers) for one, context in contexts}


def may(
    caller: Principal, action: str, bucket: Bucket, path: str | None, layers: Layers, *, now: datetime | None = None
) -> Decision:
    """Whether the caller may do `action` on every key under `path`, or (`path` None) on the bucket itself."""
    resource = Glob.literal(bucket.arn) if path is None else bucket.keys(path)
    context = asking(tls=bucket.tls, now=now, bucket_account=bucket.account, region=bucket.region)
    return _ask(caller, action, bucket, resource, context, layers)


def may_encrypt(
    caller: Principal, action: str, key_arn: str, bucket: Bucket, layers: Layers, *, now: datetime | None = None
) -> Decision:
    """Whether the caller may use a KMS key through the bucket: `kms:GenerateDataKey`, for parts also `kms:Decrypt`.

    In `layers`, `resource` is the key policy and `owner` the key's account. Grants (`kms:CreateGrant`) are not seen.
    """
    if ":key/" not in key_arn:
        says = f"{key_arn} is not the ARN of a key: an alias has to be resolved first, for policies name keys"
        return Decision(answer=Answer.UNKNOWN, needs=(Need(says=says),))
    region = key_arn.split(":")[3]
    context = encrypting(
        asking(tls=True, now=now, region=region), account=caller.account, region=region, bucket_arn=bucket.arn
    )
    return decide(Request(caller, action, Glob.literal(key_arn), _of(caller, context)), layers)


def keyless(
    policy: Layer,
    *,
    owner: str | None = None,
    restricted: bool | Without = Without.UNREAD,
    rcps: Levels = ASSUMED,
) -> Layers:
    """The layers when another account writes: its own side cannot be read, and is taken to allow, in so many words."""
    return Layers(
        resource=policy,
        identity=ASSUMED,
        boundary=ASSUMED,
        session=ASSUMED,
        endpoint=ASSUMED,
        scps=ASSUMED,
        rcps=rcps,
        owner=owner,
        restricted=restricted,
    )


def _ask(caller: Principal, action: str, bucket: Bucket, resource: Glob, context: Context, layers: Layers) -> Decision:
    if bucket.alias:
        says = (
            f"{bucket.name} is an access point alias: AWS decides on the access point's ARN and policy, not read here"
        )
        return Decision(answer=Answer.UNKNOWN, needs=(Need(says=says, document="access point policy"),))
    return decide(Request(caller, action, resource, _of(caller, context)), layers)


def _of(caller: Principal, context: Context) -> Context:
    return context.over(caller.keys())
