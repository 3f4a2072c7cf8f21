"""Decides as IAM does: deny policies first, then any one binding, of the bucket or its project, that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from preflight.sandbox.gcs.conditions import holds
from preflight.sandbox.gcs.state import Account, Bucket, Deny

_PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})


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
    def context(self) -> dict[str, Any]:
        name, kind = self.bucket.resource_name, "Bucket"
        if self.key is not None:
            name, kind = f"{name}/objects/{self.key}", "Object"
        return {
            "resource.name": name,
            "resource.type": f"storage.googleapis.com/{kind}",
            "resource.service": "storage.googleapis.com",
            "request.time": self.now,
        }


def allowed(question: Question) -> bool:
    project = question.bucket.project
    if any(_denies(rule, question) for rule in project.deny):
        return False
    bindings = [*question.bucket.policy.get("bindings", ()), *project.policy.get("bindings", ())]
    return any(_grants(binding, question) for binding in bindings)


def _grants(binding: Mapping[str, Any], question: Question) -> bool:
    if question.permission not in question.roles.get(binding["role"], ()):
        return False
    members = frozenset(question.account.members if question.account else {"allUsers"})
    if question.bucket.setting("iamConfiguration", "publicAccessPrevention") == "enforced":
        members -= _PUBLIC
    if members.isdisjoint(binding["members"]):
        return False
    condition = binding.get("condition")
    return condition is None or holds(condition["expression"], question.context)


def _denies(rule: Deny, question: Question) -> bool:
    service, _, action = question.permission.partition(".")
    spelled = f"{service}.googleapis.com/{action}"
    if question.account is None or spelled not in rule.permissions:
        return False
    return _named(rule.principals, question.account) and not _named(rule.exceptions, question.account)


def _named(principals: Iterable[str], account: Account) -> bool:
    own = f"principal://iam.googleapis.com/projects/-/serviceAccounts/{account.email}"
    return not {own, "principalSet://goog/public:all"}.isdisjoint(principals)
