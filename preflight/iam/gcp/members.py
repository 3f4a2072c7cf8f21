"""Whether a member of a binding, or a principal of a deny rule, is the service account that writes.

Sources: IAM documentation, "Principal identifiers"; Cloud Storage, "Public access prevention".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from preflight.iam.regions import Truth, every, negate, some

PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})
_KINDS = frozenset(
    {"user", "serviceAccount", "group", "domain", "principal", "principalSet", "deleted"}
    | {"projectOwner", "projectEditor", "projectViewer"}
)
_OPEN = frozenset({"group", "domain", "principalSet", "projectOwner", "projectEditor", "projectViewer"})
_ACCOUNT = re.compile(r"principal://iam\.googleapis\.com/projects/[^/]+/serviceAccounts/(?P<email>.+)")
_EVERYBODY = frozenset({"principalSet://goog/public:all"})


def well_formed(member: str) -> bool:
    return member in PUBLIC or (member.partition(":")[0] in _KINDS and bool(member.partition(":")[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The service account; `prevented`: whether public access prevention voids grants to the public.

    `groups` are those that it is in, None where nobody can tell. Without an e-mail it is an anonymous caller.
    """

    email: str
    prevented: Truth = None
    groups: frozenset[str] | None = None

    @property
    def member(self) -> str:
        return f"serviceAccount:{self.email}"

    def is_among(self, members: Iterable[str]) -> Truth:
        """Whether a binding's members include the account; a group's membership is not known."""
        return some(map(self._is_member, members))

    def _is_member(self, member: str) -> Truth:
        if member in PUBLIC:
            return negate(self.prevented) if self.email or member == "allUsers" else False
        kind, _, name = member.partition(":")
        if kind == "group" and self.groups is not None:
            return name in self.groups
        if kind in _OPEN:
            return None
        return kind == "serviceAccount" and name.lower() == self.email.lower()

    def is_denied_by(self, principals: Iterable[str], spared: Iterable[str]) -> Truth:
        """Whether a deny rule names the account, and does not except it."""
        return every((some(map(self._is_principal, principals)), negate(some(map(self._is_principal, spared)))))

    def _is_principal(self, principal: str) -> Truth:
        if principal in _EVERYBODY:
            return True
        if principal.startswith("principalSet:"):
            return None
        found = _ACCOUNT.fullmatch(principal)
        return bool(found) and found["email"].lower() == self.email.lower() if found else False

    def deleted(self, members: Iterable[str]) -> str | None:
        """The member that names an account of this e-mail which was deleted: a grant that came to nothing."""
        dead = f"deleted:{self.member}?uid=".lower()
        return next((member for member in members if member.lower().startswith(dead)), None)
