"""Decides as IAM does, with the same engine that judges policies: what it leaves open is not granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from preflight.iam.examples import Examples
from preflight.iam.gcp import members
from preflight.iam.gcp.document import DenyPolicy, DenyRule, read_policy
from preflight.iam.gcp.weighing import Layers, Request, objects, weigh
from preflight.iam.globs import Glob
from preflight.sandbox.gcs.state import Account, Bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether this account (None: anybody) may do this to the bucket, or to one object in it."""

    account: Account | None
    permission: str
    bucket: Bucket
    roles: Mapping[str, frozenset[str]]
    now: datetime
    key: str | None = None

    @property
    def request(self) -> Request:
        base, _ = objects(self.bucket.name)
        kind = "Bucket" if self.key is None else "Object"
        return Request(
            account=_known(self.account, self.bucket),
            permission=self.permission,
            asked=Glob.literal(self.bucket.resource_name if self.key is None else base + self.key),
            base=self.bucket.resource_name if self.key is None else base + self.key,
            typed=f"storage.googleapis.com/{kind}",
            now=self.now,
        )


def allowed(question: Question) -> bool:
    bucket = question.bucket
    rules = tuple(
        DenyRule(pointer="/rules/0", principals=one.principals, permissions=one.permissions, spared=one.exceptions)
        for one in bucket.project.deny
    )
    layers = Layers(
        bucket=read_policy(bucket.policy, "bucket policy"),
        above=(read_policy(bucket.project.policy, "project policy"),),
        unread=(),
        denials=(DenyPolicy(label="deny policy", rules=rules),),
        roles=question.roles,
        uniform=bool(bucket.setting("iamConfiguration", "uniformBucketLevelAccess", "enabled")),
    )
    request = question.request
    return Examples.of(request.asked, weigh(request, layers).allowed).truth is True


def _known(account: Account | None, bucket: Bucket) -> members.Account:
    prevented = bucket.setting("iamConfiguration", "publicAccessPrevention") == "enforced"
    if account is None:
        return members.Account(email="", prevented=prevented, groups=frozenset())
    return members.Account(email=account.email, prevented=prevented, groups=frozenset(account.groups))
