"""One call of the JSON API on its way through: who asks what of which bucket, and whether IAM lets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from preflight.sandbox.exchange import Request
from preflight.sandbox.gcs.iam import Question, allowed
from preflight.sandbox.gcs.refusal import ANONYMOUS, denied
from preflight.sandbox.gcs.state import Account, Bucket, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`key` is the object that the address names; an upload names its own in the body."""

    request: Request
    state: State
    account: Account | None
    bucket: Bucket
    now: datetime
    endpoint: str
    key: str | None = None

    @property
    def who(self) -> str:
        return self.account.email if self.account else ANONYMOUS

    def may(self, permission: str, key: str | None = None) -> bool:
        return allowed(
            Question(
                account=self.account,
                permission=permission,
                bucket=self.bucket,
                roles=self.state.roles,
                now=self.now,
                key=key,
            )
        )

    def demand(self, permission: str, key: str | None = None) -> None:
        """Raise the refusal that Google gives unless IAM lets the account."""
        if not self.may(permission, key):
            kind = permission.split(".")[1]
            on = {"objects": "object", "buckets": "bucket", "folders": "folder"}[kind]
            raise denied(self.who, permission, on="bucket" if key is None else on)
