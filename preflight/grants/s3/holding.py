"""Whose a policy of the writer's is, and how a mended one is put in its place: nothing else takes a Deny away."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from preflight.grants.s3 import put_inline_policy, put_policy_version
from preflight.grants.s3.statements import POLICY_NAME
from preflight.iam.aws.principals import Kind, Principal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The one policy of a file. `kind`: user, group or role (it is written within `holder`), managed, or not told."""

    kind: str = ""
    holder: str = ""
    name: str = ""
    file: str = ""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self | None:
        """The policy that the facts of `Setting.IDENTITY` hold, if it is one only and stands in a file."""
        if not len(facts.get("sources", ())) == len(facts.get("documents", ())) == 1:
            return None
        [(kind, holder)], [name], [source] = facts["holders"], facts["names"], facts["sources"]
        return cls(kind=kind, holder=holder, name=name, file=str(source["file"]))

    def alone(self, caller: Principal) -> bool:
        """Whether nobody but the writer can hold it. A user of whom only the account is known is the file's."""
        match self.kind:
            case "user":
                return caller.kind is Kind.ACCOUNT or caller.arn.endswith((f":user/{self.holder}", f"/{self.holder}"))
            case "role":
                return caller.role == self.holder
            case _:
                return False

    @property
    def shared(self) -> bool:
        """Whether it is made to be held by several."""
        return self.kind in {"group", "managed"}

    @property
    def title(self) -> str:
        if self.kind == "managed":
            return "managed policy of the writer"
        return f"policy {self.name} of the {self.kind} {self.holder}" if self.kind else f"policy in {self.file}"

    def commands(self, document: Json) -> tuple[str, ...]:
        """What replaces it; nothing where the file does not tell what would."""
        match self.kind:
            case "":
                return ()
            case "managed":
                return (put_policy_version("<POLICY_ARN>", document),)
            case kind:
                return (put_inline_policy(kind, self.holder, document, self.name or POLICY_NAME),)

    def notes(self, user: str) -> tuple[str, ...]:
        """What to know before it is replaced. `user` is the name of the writer."""
        lists = f"`aws iam list-attached-user-policies --user-name {shlex.quote(user)}` (or of a group of theirs)"
        match self.kind:
            case "managed":
                return (
                    f"<POLICY_ARN> is its ARN: {lists}",
                    "AWS keeps five versions at most: where there are five, delete one that is not the default first",
                )
            case "":
                return (
                    f"{self.file} does not tell what kind of policy this is: put the whole document in its place by",
                    "  `aws iam put-user-policy` or `put-group-policy` under its name, if it is written within one,",
                    "  `aws iam create-policy-version --set-as-default`, if it is a managed one. To find it:",
                    f"  `aws iam list-user-policies --user-name {shlex.quote(user)}`, {lists}",
                    "another policy beside it would leave this one in force",
                )
            case _:
                return ()
