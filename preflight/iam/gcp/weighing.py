"""What each binding and each deny rule says to a request, and what they come to together.

Source: IAM documentation, "Policy evaluation": deny policies first, then any one binding, of the bucket or of
anything above it, that holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from preflight.iam.gcp.cel import LIST_PREFIX, Text, claims
from preflight.iam.gcp.conditions import Context, holds
from preflight.iam.gcp.document import Binding, DenyPolicy, DenyRule, Policy
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.roles import Held, includes
from preflight.iam.globs import SOMETHING, Glob
from preflight.iam.regions import ALL, NONE, OPEN, Region, Truth, meet, region, union


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Whether `account` holds `permission` on every name of `asked`.

    Names are those of `resource.name`, and all that are asked about begin with `base`; `typed` is `resource.type`,
    None where it is not known how conditions see it; `prefix` is what a list asks for.
    """

    account: Account
    permission: str
    asked: Glob
    base: str = ""
    typed: str | None = "storage.googleapis.com/Object"
    prefix: str | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def context(self) -> Context:
        texts = {"resource.service": f"{self.permission.partition('.')[0]}.googleapis.com"}
        if self.typed:
            texts["resource.type"] = self.typed
        return Context(now=self.now, base=self.base, texts=texts, named=self.typed is not None, prefix=self.prefix)

    def at(self, name: str) -> Request:
        return replace(self, asked=Glob.literal(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """All that takes part. A level that was not read is unknown, not empty; what was not read is None.

    `above` are the policies of project, folders and organization that were read, `unread` the levels that were
    not. `denials` None: that no deny policy forbids it is an assumption, which the decision prints. `uniform`:
    whether uniform bucket-level access is on.
    """

    bucket: Policy | None = None
    above: tuple[Policy, ...] = ()
    unread: tuple[str, ...] = ("project", "folders and organization above it")
    denials: tuple[DenyPolicy, ...] | None = None
    roles: Held = field(default_factory=dict)
    uniform: Truth = None

    @property
    def policies(self) -> tuple[Policy, ...]:
        return ((self.bucket,) if self.bucket else ()) + self.above

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes of lists that conditions speak of."""
        found = [binding.condition for policy in self.policies for binding in policy.bindings if binding.condition]
        asked = (claim for condition in found for claim in claims(condition.claim) if isinstance(claim, Text))
        return tuple(dict.fromkeys(claim.wanted for claim in asked if claim.attribute == LIST_PREFIX))

    @property
    def missing(self) -> tuple[str, ...]:
        return (() if self.bucket else ("bucket",)) + self.unread


@dataclass(frozen=True, slots=True)
class Grant:
    """What one binding does for a request. `names` are those for which its condition holds."""

    policy: Policy
    binding: Binding
    member: Truth
    role: Truth
    names: Region

    @property
    def allows(self) -> Region:
        return meet((region(self.member), region(self.role), self.names))


@dataclass(frozen=True, slots=True)
class Denial:
    """What one deny rule does for a request."""

    policy: DenyPolicy
    rule: DenyRule
    denies: Region


@dataclass(frozen=True, slots=True)
class Weighing:
    request: Request
    grants: tuple[Grant, ...]
    denials: tuple[Denial, ...]
    doubt: Region  # what levels that were not read, or cannot be in force as they stand, may allow
    mistrust: Region  # and what they may deny

    @property
    def allowed(self) -> Region:
        granted = union((*(grant.allows for grant in self.grants), self.doubt))
        return granted & ~union((*(denial.denies for denial in self.denials), self.mistrust))


def objects(bucket: str, path: str = "") -> tuple[str, Glob]:
    """What the names of a bucket's objects begin with, and all names below a path, as conditions see them."""
    base = f"projects/_/buckets/{bucket}/objects/"
    return base, Glob((f"{base}{path}",)) + SOMETHING


def weigh(request: Request, layers: Layers) -> Weighing:
    """What each binding and each rule says, and what they come to together."""
    valid = [policy for policy in layers.policies if policy.valid]
    whole = len(valid) == len(layers.policies) and not layers.missing
    rules = [(policy, rule) for policy in layers.denials or () if policy.valid for rule in policy.rules]
    return Weighing(
        request=request,
        grants=tuple(_grant(request, layers, policy, one) for policy in valid for one in policy.bindings),
        denials=tuple(Denial(policy, rule, _denies(request, rule)) for policy, rule in rules),
        doubt=NONE if whole else OPEN,
        mistrust=NONE if all(policy.valid for policy in layers.denials or ()) else OPEN,
    )


def _grant(request: Request, layers: Layers, policy: Policy, binding: Binding) -> Grant:
    role: Truth = includes(binding.role, request.permission, layers.roles)
    names = ALL
    if binding.condition:
        # Without uniform access a bucket refuses conditions: what one that is there does, nobody tells.
        sound = not binding.condition.problems and (policy is not layers.bucket or layers.uniform is not False)
        names = holds(binding.condition.claim, request.context) if sound else OPEN
    elif "_withcond_" in binding.role:
        role, names = includes(binding.role.partition("_withcond_")[0], request.permission, layers.roles), OPEN
    names = names & OPEN if binding.doubt else names
    return Grant(policy, binding, request.account.is_among(binding.members), role, names)


def _denies(request: Request, rule: DenyRule) -> Region:
    named = _lists(rule.permissions, request.permission) and not _lists(rule.spared_permissions, request.permission)
    if not named:
        return NONE
    reached = region(request.account.is_denied_by(rule.principals, rule.spared))
    if rule.condition is None:
        return reached
    return reached & (OPEN if rule.condition.problems else holds(rule.condition.claim, request.context))


def _lists(patterns: tuple[str, ...], permission: str) -> bool:
    service, _, action = permission.partition(".")
    return any(Glob.parse(pattern).matches(f"{service}.googleapis.com/{action}") for pattern in patterns)
