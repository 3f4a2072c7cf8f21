"""Who can call, what they hold, and the encryption keys that have a policy of their own."""

from __future__ import annotations

from dataclasses import dataclass

from preflight.iam.aws.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    number: str
    organization: str = ""
    service_control: tuple[Document, ...] = ()
    resource_control: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A policy that can be attached to many."""

    arn: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Users who share policies."""

    name: str
    policies: tuple[Document, ...] = ()
    attached: tuple[Managed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who signed a request; without an ARN, nobody did."""

    arn: str = ""
    access_key: str = ""
    secret: str = ""
    policies: tuple[Document, ...] = ()
    attached: tuple[Managed, ...] = ()
    groups: tuple[Group, ...] = ()
    boundary: Document | None = None
    session_policy: Document | None = None
    token: str = ""
    expired: bool = False
    disabled: bool = False

    @property
    def account(self) -> str:
        return self.arn.split(":")[4] if self.arn else ""

    @property
    def name(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def effective(self) -> tuple[Document, ...]:
        """All identity policies that count: its own, attached ones, and those of its groups."""
        holders: tuple[Caller | Group, ...] = (self, *self.groups)
        own = (policy for holder in holders for policy in holder.policies)
        attached = (managed.document for holder in holders for managed in holder.attached)
        return (*own, *attached)

    @property
    def unique_id(self) -> str:
        """Looks like AWS's unique ids: four letters for the kind, then seventeen more."""
        kind = "AROA" if ":assumed-role/" in self.arn else "AIDA"
        return kind + "".join(c for c in self.arn.upper() if c.isalnum())[-17:].rjust(17, "A")


ANONYMOUS = Caller()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An encryption key."""

    arn: str
    policy: Document | None = None
    state: str = "Enabled"
    managed: bool = False

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]
