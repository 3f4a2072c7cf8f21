"""Reads allow policies, deny policies and custom roles, as Google's APIs and `gcloud` give them.

Sources: IAM REST reference, `Policy`, `v2 policies`, `roles`; Cloud Storage JSON API, `Buckets: getIamPolicy`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from preflight.iam.findings import Finding, Findings, parse
from preflight.iam.gcp.cel import Condition
from preflight.iam.gcp.cel import parse as parse_condition
from preflight.iam.gcp.members import well_formed
from preflight.model import Severity

CONDITIONAL = 3
"""The version that a policy with conditions must have."""

_BASIC = frozenset({"roles/owner", "roles/editor", "roles/viewer"})
_PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One role for some members, on a condition or without. `index` counts from 0 in `policy`'s label.

    `doubt` says why it is open whether the binding will be in the policy at all.
    """

    index: int
    pointer: str
    role: str
    members: tuple[str, ...]
    condition: Condition | None = None
    title: str = ""
    doubt: str = ""

    @property
    def label(self) -> str:
        return f"#{self.index + 1} ({self.role})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An allow policy. With an error among its findings it cannot be in force as it stands: nothing is decided."""

    label: str
    bindings: tuple[Binding, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        return _valid(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class DenyRule:
    """One rule of a deny policy; its permissions are spelled `storage.googleapis.com/objects.create`."""

    pointer: str
    principals: tuple[str, ...]
    permissions: tuple[str, ...]
    spared: tuple[str, ...] = ()
    spared_permissions: tuple[str, ...] = ()
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DenyPolicy:
    """A deny policy; `organizational` where it is attached above the project."""

    label: str
    rules: tuple[DenyRule, ...] = ()
    findings: tuple[Finding, ...] = ()
    organizational: bool = False

    @property
    def valid(self) -> bool:
        return _valid(self.findings)


def _valid(findings: tuple[Finding, ...]) -> bool:
    return not any(finding.severity is Severity.ERROR for finding in findings)


def read_policy(source: object, label: str, doubts: Sequence[str] = ()) -> Policy:
    """An allow policy from JSON text or a parsed value. Never raises: see `findings`.

    `doubts` says of each binding why it is open whether it stays, or nothing.
    """
    findings = Findings()
    value = parse(source, findings)
    if findings.found:
        return Policy(label=label, findings=tuple(findings.found))
    policy = findings.mapping(value, "", "a policy")
    bindings = tuple(
        replace(binding, doubt=doubts[binding.index]) if binding.index < len(doubts) else binding
        for binding in _bindings(policy.get("bindings"), findings)
    )
    _check_version(policy.get("version"), bindings, findings)
    return Policy(label=label, bindings=bindings, findings=tuple(findings.found))


def _check_version(version: object, bindings: tuple[Binding, ...], findings: Findings) -> None:
    if version is not None and (isinstance(version, bool) or version not in (0, 1, 2, CONDITIONAL)):
        findings.error("/version", f"must be 1 or {CONDITIONAL}")
    elif any(binding.condition for binding in bindings) and version != CONDITIONAL:
        findings.warn("/version", f"a policy with conditions has version {CONDITIONAL}")


def _bindings(value: object, findings: Findings) -> Iterator[Binding]:
    for index, (pointer, item) in enumerate(findings.items(value, "/bindings")):
        binding = findings.mapping(item, pointer, "a binding")
        if not binding:
            continue
        role = findings.text(binding.get("role"), f"{pointer}/role")
        if role and "roles/" not in role:
            findings.error(f"{pointer}/role", f"`{role}` is no role: expected roles/… or projects/…/roles/…")
        members = findings.texts(binding.get("members"), f"{pointer}/members")
        for place, member in enumerate(members):
            if member and not well_formed(member):
                findings.error(f"{pointer}/members/{place}", f"`{member}` is no member: expected serviceAccount:…")
        condition, title = _condition(binding.get("condition"), f"{pointer}/condition", findings)
        if condition and (role in _BASIC or _PUBLIC & set(members)):
            who = "a basic role" if role in _BASIC else "allUsers and allAuthenticatedUsers"
            findings.error(f"{pointer}/condition", f"{who} cannot be granted on a condition")
        yield Binding(index=index, pointer=pointer, role=role, members=members, condition=condition, title=title)


def _condition(value: object, pointer: str, findings: Findings) -> tuple[Condition | None, str]:
    if value is None:
        return None, ""
    given = findings.mapping(value, pointer, "a condition")
    expression = findings.text(given.get("expression"), f"{pointer}/expression")
    condition = parse_condition(expression)
    for problem in condition.problems if expression else ():
        findings.warn(f"{pointer}/expression", problem)
    return condition, findings.optional(given.get("title"), f"{pointer}/title")


def read_deny(source: object, label: str) -> DenyPolicy:
    """A deny policy of IAM's v2 API. Never raises: see `findings`."""
    findings = Findings()
    value = parse(source, findings)
    if findings.found:
        return DenyPolicy(label=label, findings=tuple(findings.found))
    policy = findings.mapping(value, "", "a deny policy")
    name = findings.optional(policy.get("name"), "/name")
    return DenyPolicy(
        label=label,
        rules=tuple(_rules(policy.get("rules"), findings)),
        findings=tuple(findings.found),
        organizational="folders%2f" in name.lower() or "organizations%2f" in name.lower(),
    )


def _rules(value: object, findings: Findings) -> Iterator[DenyRule]:
    for pointer, item in findings.items(value, "/rules"):
        where = f"{pointer}/denyRule"
        rule = findings.mapping(findings.mapping(item, pointer, "a rule").get("denyRule"), where, "a deny rule")
        lists = {
            name: findings.texts(rule.get(name), f"{where}/{name}")
            for name in ("deniedPrincipals", "deniedPermissions", "exceptionPrincipals", "exceptionPermissions")
        }
        condition, _ = _condition(rule.get("denialCondition"), f"{where}/denialCondition", findings)
        yield DenyRule(
            pointer=where,
            principals=lists["deniedPrincipals"],
            permissions=lists["deniedPermissions"],
            spared=lists["exceptionPrincipals"],
            spared_permissions=lists["exceptionPermissions"],
            condition=condition,
        )


def read_role(source: object) -> tuple[str, frozenset[str]] | None:
    """Name and permissions of a custom role, as `gcloud iam roles describe` prints it; None if it is none."""
    value: Any = parse(source, Findings())
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    held = value.get("includedPermissions", [])
    gone = value.get("deleted") is True or value.get("stage") == "DISABLED"
    if not isinstance(held, list):
        return None
    return value["name"], frozenset() if gone else frozenset(str(one) for one in held)
