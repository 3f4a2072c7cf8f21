"""Azure's documents as people have them in files: answers of `az` and of Resource Manager, a Terraform plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from preflight.documents import Part, UnrecognisedError
from preflight.documents.shapes import Shape, shaped
from preflight.documents.terraform import blocks, resources
from preflight.model import Setting, Storage
from preflight.providers.abs import settings

KINDS: Mapping[str, str] = {
    "assignments": "role assignments, the output of az role assignment list",
    "all-assignments": "every assignment that reaches the writer: az role assignment list --assignee OBJECT_ID "
    "--scope CONTAINER_ID --include-inherited --include-groups",
    "definitions": "role definitions, the output of az role definition list --custom-role-only",
    "deny-assignments": "deny assignments, as Resource Manager lists them",
    "principal": "the writer, the output of az ad sp show --id CLIENT_ID",
    "account": "the storage account, the output of az storage account show",
    "plan": "the output of terraform show -json",
}

_LISTS = {
    "assignments": "assignments",
    "all-assignments": "assignments",
    "definitions": "definitions",
    "deny-assignments": "deny_assignments",
}

_RULES: Shape = {"defaultAction": str, "ipRules": [{}], "virtualNetworkRules": [{}], "resourceAccessRules": [{}]}
_KEY: Shape = dict.fromkeys(("keyName", "keyVaultUri", "keyname", "keyvaulturi"), str)
_ENCRYPTION: Shape = {"keySource": str, "keyVaultProperties": _KEY, "keyvaultproperties": _KEY}
_TOLD: Mapping[str, Shape] = {
    "networkRuleSet": _RULES,
    "networkAcls": _RULES,
    "encryption": _ENCRYPTION,
    "publicNetworkAccess": str,
    "isHnsEnabled": bool,
    "allowSharedKeyAccess": bool,
    "minimumTlsVersion": str,
}
_RESOURCE: Shape = {"name": str, "kind": str, "location": str, "sku": {"name": str}, "properties": _TOLD, **_TOLD}


def recognise(value: Any, kind: str | None) -> tuple[Part, ...]:  # noqa: ANN401 - any JSON value
    """What a file holds, by its content, or as `kind` says. Raises `UnrecognisedError` for what could be two things."""
    found = kind or _kind(value)
    match found:
        case None:
            return ()
        case "principal":
            return (_principal(value),)
        case "account":
            return tuple(_account(value))
        case "plan":
            return _plan(value)
        case _:
            return (_listed(value, found),)


def absent(kind: str) -> Part:
    """There is none, and what its absence means."""
    if kind not in _LISTS or kind == "definitions":
        raise UnrecognisedError(f"{kind}=none says nothing")
    said = {_LISTS[kind]: [], **({"complete": True} if kind == "all-assignments" else {})}
    return Part(setting=Setting.POLICY, what=f"there are no {kind}", said=said)


def facts(setting: Setting, parts: Sequence[Part], storage: Storage) -> dict[str, Any]:
    del storage
    if setting is not Setting.POLICY:
        if len(parts) > 1:
            raise UnrecognisedError(f"{len(parts)} documents give {setting}; expected one")
        return dict(parts[0].said)
    document: dict[str, Any] = {}
    for part in parts:
        for name, value in part.said.items():
            if isinstance(value, list):
                document[name] = [*document.get(name, ()), *value]
            elif name != "document":
                document[name] = value
    return {"document": document}


def _kind(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        if "format_version" in value:
            return "plan"
        if "appId" in value and "id" in value:
            return "principal"
        if str(value.get("type", "")).lower() == "microsoft.storage/storageaccounts":
            return "account"
    items = _items(value) or ([value] if isinstance(value, Mapping) else [])
    return _of_item(items[0]) if items else None


def _of_item(item: Mapping[str, Any]) -> str | None:
    names = {str(name).lower() for name in _flat(item)}
    if "denyassignmentname" in names:
        return "deny-assignments"
    if {"principalid", "roledefinitionid"} <= names:
        return "assignments"
    return "definitions" if {"permissions", "dataactions"} & names else None


def _items(value: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - likewise
    listed = value.get("value") if isinstance(value, Mapping) else value
    return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []


def _flat(item: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = item.get("properties")
    return {**item, **inner} if isinstance(inner, Mapping) else item


def _listed(value: Any, kind: str) -> Part:  # noqa: ANN401 - likewise
    """A list, or one of its items alone. Only assignments are pointed at in the file, and that as the list stands."""
    bare = isinstance(value, list)
    listed = value if bare else value.get("value") if isinstance(value, Mapping) and "value" in value else [value]
    if not isinstance(listed, list):
        raise UnrecognisedError(f"expected {KINDS[kind]}, which is a list")
    said: dict[str, Any] = {_LISTS[kind]: listed}
    if kind == "all-assignments":
        said["complete"] = True
    if bare and "assignments" in said:
        said["document"] = listed
    return Part(setting=Setting.POLICY, what=KINDS[kind], said=said)


def _principal(value: Any) -> Part:  # noqa: ANN401 - likewise
    if not isinstance(value, Mapping) or not isinstance(value.get("id"), str):
        raise UnrecognisedError(f"expected {KINDS['principal']}")
    return Part(setting=Setting.POLICY, what=KINDS["principal"], said={"principal": value["id"]})


def _account(value: Any) -> Iterator[Part]:  # noqa: ANN401 - likewise
    """The settings that the account tells; `az` has no `properties`, and names two of them in its own way."""
    if not isinstance(value, Mapping) or "name" not in value:
        raise UnrecognisedError(f"expected {KINDS['account']}")
    value = shaped(value, _RESOURCE, KINDS["account"])
    whole = value if "properties" in value else {**value, "properties": _as_listed(value)}
    for setting, reading in settings.OF_ACCOUNT.items():
        yield Part(setting=setting, what=KINDS["account"], said=reading(whole))


def _as_listed(value: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"networkRuleSet": "networkAcls", "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly"}
    properties = {renamed.get(name, name): one for name, one in value.items()}
    vault = (value.get("encryption") or {}).get("keyVaultProperties")
    if vault:
        lower = {str(name).lower(): one for name, one in vault.items()}
        properties["encryption"] = {**value["encryption"], "keyvaultproperties": lower}
    return properties


def _plan(value: Any) -> tuple[Part, ...]:  # noqa: ANN401 - likewise
    """The assignments and custom roles of a plan. What is known only after apply is left out."""
    found = resources(value)
    assignments = [_assignment(values) for kind, values in found if kind == "azurerm_role_assignment"]
    definitions = [_definition(values) for kind, values in found if kind == "azurerm_role_definition"]
    whole = [one for one in assignments if one["principalId"] and one["scope"]]
    if not whole:
        raise UnrecognisedError("the plan assigns no role that is known before it is applied; expected azurerm_role_*")
    said = {"assignments": whole, "definitions": definitions}
    return (Part(setting=Setting.POLICY, what="the role assignments in a Terraform plan", said=said),)


def _assignment(values: Mapping[str, Any]) -> dict[str, Any]:
    name = str(values.get("role_definition_name") or "")
    return {
        "principalId": values.get("principal_id"),
        "principalType": values.get("principal_type"),
        "roleDefinitionId": values.get("role_definition_id") or name,
        "roleDefinitionName": name,
        "scope": values.get("scope"),
        "condition": values.get("condition") or None,
        "conditionVersion": values.get("condition_version") or None,
    }


def _definition(values: Mapping[str, Any]) -> dict[str, Any]:
    """A custom role; a plan assigns one that it makes itself by its name."""
    permissions = [
        {
            "actions": one.get("actions") or [],
            "notActions": one.get("not_actions") or [],
            "dataActions": one.get("data_actions") or [],
            "notDataActions": one.get("not_data_actions") or [],
        }
        for one in blocks(values, "permissions")
    ]
    return {"name": values.get("name"), "roleName": values.get("name"), "permissions": permissions}
