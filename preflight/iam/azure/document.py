"""Reads role assignments, role definitions and deny assignments, as Azure Resource Manager and `az` give them.

Sources: Azure RBAC documentation, "Role definition", "Understand deny assignments"; authorization REST API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preflight.iam.azure.actions import matches
from preflight.iam.azure.condition import GUID, Condition, parse
from preflight.iam.findings import Finding, Findings
from preflight.iam.findings import parse as parse_json
from preflight.model import Severity

VERSION = "2.0"
"""The version of the condition language."""

EVERYBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """One permission object. What one object takes away, another one may still give."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    not_data: tuple[str, ...] = ()
    condition: Condition | None = None

    def includes(self, action: str, *, control: bool = False) -> bool:
        """Whether it holds a data action, or (`control`) one that rules over a resource from outside."""
        given, taken = (self.actions, self.not_actions) if control else (self.data, self.not_data)
        return any(matches(action, one) for one in given) and not any(matches(action, one) for one in taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A role; `role` is its name."""

    id: str
    role: str
    permissions: tuple[Permissions, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        return _valid(self.findings)

    @property
    def data(self) -> tuple[str, ...]:
        return tuple(action for one in self.permissions for action in one.data)

    @property
    def controls(self) -> bool:
        """Whether it gives control over resources, and nothing inside them."""
        return not self.data and any(one.actions for one in self.permissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One role for one principal at one scope. `role_id` is the last part of the definition's id, in lower case.

    `application` is the id of the service principal's application, where `principalName` is one: `az` shows whichever
    of its names comes first, and a URI among them tells nobody whose it is.
    """

    pointer: str
    name: str
    principal: str
    kind: str
    application: str
    role_id: str
    role: str
    scope: str
    condition: Condition | None = None

    @property
    def label(self) -> str:
        return self.name or f"#{int(self.pointer.rpartition('/')[2] or 0) + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A deny assignment, as managed applications and deployment stacks make them."""

    pointer: str
    name: str
    scope: str
    permissions: tuple[Permissions, ...]
    principals: tuple[str, ...]
    groups: tuple[str, ...]
    spared: tuple[str, ...]
    spared_groups: tuple[str, ...]
    children: bool = True
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a list held. With an error among the findings nothing is decided from it."""

    assignments: tuple[Assignment, ...] = ()
    denials: tuple[Denial, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        return _valid(self.findings)


def _valid(findings: tuple[Finding, ...]) -> bool:
    return not any(finding.severity is Severity.ERROR for finding in findings)


def read_assignments(source: object) -> Read:
    """Role assignments: a list, or an object whose `value` is one. Never raises: see `findings`."""
    findings = Findings()
    items = _listed(parse_json(source, findings), findings)
    found = tuple(_assignment(item, pointer, findings) for pointer, item in items)
    return Read(assignments=found, findings=tuple(findings.found))


def read_denials(source: object) -> Read:
    """Deny assignments, likewise."""
    findings = Findings()
    items = _listed(parse_json(source, findings), findings)
    found = tuple(_denial(item, pointer, findings) for pointer, item in items)
    return Read(denials=found, findings=tuple(findings.found))


def read_definition(source: object, pointer: str) -> Definition:
    """A role definition: of Resource Manager, of `az role definition list`, or as `az role definition create` takes."""
    findings = Findings()
    value = _flat(findings.mapping(parse_json(source, findings), pointer, "a role definition"))
    listed = value.get("permissions", [value] if "dataactions" in value or "actions" in value else None)
    if listed is None:
        findings.error(f"{pointer}/permissions", "missing")
    return Definition(
        id=str(value.get("name") or value.get("id") or "").rpartition("/")[2].lower(),
        role=findings.optional(value.get("rolename") or value.get("name"), f"{pointer}/roleName"),
        permissions=tuple(_permissions(listed, f"{pointer}/permissions", findings)),
        findings=tuple(findings.found),
    )


def _listed(value: object, findings: Findings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping) and "value" in value:
        value, pointer = value["value"], "/value"
    else:
        pointer = ""
    if value is None and not findings.found:
        findings.error("", "must be a list, is null")
    for where, item in findings.items(value, pointer):
        yield where, _flat(findings.mapping(item, where, "an item"))


def _flat(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Names in lower case; what Resource Manager keeps in `properties` stands beside the rest, as `az` has it."""
    inner = item.get("properties")
    whole = {**item, **inner} if isinstance(inner, Mapping) else item
    return {str(name).lower(): value for name, value in whole.items()}


def _assignment(item: Mapping[str, Any], pointer: str, findings: Findings) -> Assignment:
    role_id = findings.text(item.get("roledefinitionid"), f"{pointer}/roleDefinitionId")
    shown = findings.optional(item.get("principalname"), f"{pointer}/principalName")
    return Assignment(
        pointer=pointer,
        name=findings.optional(item.get("name"), f"{pointer}/name"),
        principal=findings.text(item.get("principalid"), f"{pointer}/principalId").lower(),
        kind=findings.optional(item.get("principaltype"), f"{pointer}/principalType"),
        application=shown.lower() if GUID.fullmatch(shown) else "",
        role_id=role_id.rpartition("/")[2].lower(),
        role=findings.optional(item.get("roledefinitionname"), f"{pointer}/roleDefinitionName"),
        scope=findings.text(item.get("scope"), f"{pointer}/scope"),
        condition=_condition(item, pointer, findings),
    )


def _condition(item: Mapping[str, Any], pointer: str, findings: Findings) -> Condition | None:
    expression = findings.optional(item.get("condition"), f"{pointer}/condition")
    if not expression:
        return None
    version = item.get("conditionversion")
    condition = parse(expression)
    if version not in {None, VERSION}:
        problem = f"version {version} of the condition language is not {VERSION}"
        condition = Condition(expression, None, (problem,))
    for problem in condition.problems:
        findings.warn(f"{pointer}/condition", problem)
    return condition


def _permissions(value: object, pointer: str, findings: Findings) -> Iterator[Permissions]:
    for where, item in findings.items(value, pointer):
        given = _flat(findings.mapping(item, where, "a permission"))
        yield Permissions(
            actions=findings.texts(given.get("actions"), f"{where}/actions"),
            not_actions=findings.texts(given.get("notactions"), f"{where}/notActions"),
            data=findings.texts(given.get("dataactions"), f"{where}/dataActions"),
            not_data=findings.texts(given.get("notdataactions"), f"{where}/notDataActions"),
            condition=_condition(given, where, findings),
        )


def _denial(item: Mapping[str, Any], pointer: str, findings: Findings) -> Denial:
    principals, groups = _holders(item.get("principals"), f"{pointer}/principals", findings)
    spared, spared_groups = _holders(item.get("excludeprincipals"), f"{pointer}/excludePrincipals", findings)
    return Denial(
        pointer=pointer,
        name=findings.optional(item.get("denyassignmentname") or item.get("name"), f"{pointer}/denyAssignmentName"),
        scope=findings.text(item.get("scope"), f"{pointer}/scope"),
        permissions=tuple(_permissions(item.get("permissions"), f"{pointer}/permissions", findings)),
        principals=principals,
        groups=groups,
        spared=spared,
        spared_groups=spared_groups,
        children=item.get("donotapplytochildscopes") is not True,
        condition=_condition(item, pointer, findings),
    )


def _holders(value: object, pointer: str, findings: Findings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of principals, and of those that are groups, in lower case."""
    alone: list[str] = []
    groups: list[str] = []
    for where, item in findings.items(value, pointer):
        holder = _flat(findings.mapping(item, where, "a principal"))
        found = findings.text(holder.get("id"), f"{where}/id").lower()
        (groups if str(holder.get("type", "")).lower() == "group" else alone).append(found)
    return tuple(alone), tuple(groups)
