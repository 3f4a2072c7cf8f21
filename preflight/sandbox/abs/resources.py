"""The JSON of Azure Resource Manager: how accounts, containers, roles and assignments look when they are read."""

from __future__ import annotations

from typing import Any

from preflight.sandbox.abs.roles import Role
from preflight.sandbox.abs.state import Account, Assignment, Container, Denial

Json = dict[str, Any]
_EVERYBODY = "00000000-0000-0000-0000-000000000000"


def brief(account: Account) -> Json:
    return {
        "id": account.id,
        "name": account.name,
        "type": "Microsoft.Storage/storageAccounts",
        "kind": account.kind,
        "sku": {"name": account.sku},
        "location": account.location,
    }


def account(account: Account) -> Json:
    rules = [{"value": address, "action": "Allow"} for address in account.addresses]
    properties: Json = {
        "provisioningState": "Succeeded",
        "networkAcls": {
            "bypass": "AzureServices",
            "defaultAction": "Deny" if account.firewall else "Allow",
            "ipRules": rules,
            "virtualNetworkRules": [],
            "resourceAccessRules": [],
        },
        "publicNetworkAccess": "Enabled" if account.public_network else "Disabled",
        "allowBlobPublicAccess": account.anonymous,
        "allowSharedKeyAccess": account.shared_key,
        "minimumTlsVersion": account.tls,
        "supportsHttpsTrafficOnly": account.https_only,
        "isHnsEnabled": account.hierarchical,
        "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True, "keyType": "Account"}}},
        "primaryEndpoints": {"blob": f"https://{account.name}.blob.core.windows.net/"},
    }
    if account.vault_key:
        vault, _, key = account.vault_key.partition("/keys/")
        properties["encryption"] |= {
            "keySource": "Microsoft.Keyvault",
            "keyvaultproperties": {"keyvaulturi": vault, "keyname": key, "keyversion": ""},
        }
    return {**brief(account), "properties": properties}


def service(account: Account) -> Json:
    days = account.soft_delete_days
    properties = {
        "isVersioningEnabled": account.versioning,
        "deleteRetentionPolicy": {"enabled": True, "days": days} if days else {"enabled": False},
    }
    return {"id": f"{account.id}/blobServices/default", "name": "default", "properties": properties}


def container(account: Account, container: Container) -> Json:
    properties: Json = {
        "publicAccess": "Blob" if container.public else "None",
        "hasImmutabilityPolicy": container.immutable_days > 0,
        "hasLegalHold": container.legal_hold,
        "leaseStatus": "Unlocked",
        "deleted": container.state == "deleting",
    }
    if container.immutable_days:
        policy = {"immutabilityPeriodSinceCreationInDays": container.immutable_days, "state": "Locked"}
        properties["immutabilityPolicy"] = {"properties": policy}
    if container.legal_hold:
        properties["legalHold"] = {"hasLegalHold": True, "tags": [{"tag": "litigation"}]}
    scope = f"{account.id}/blobServices/default/containers/{container.name}"
    return {"id": scope, "name": container.name, "properties": properties}


def role(role: Role, subscription: str) -> Json:
    permissions = {
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": list(role.data_actions),
        "notDataActions": list(role.not_data_actions),
    }
    properties = {
        "roleName": role.name,
        "type": "BuiltInRole" if role.built_in else "CustomRole",
        "assignableScopes": ["/"] if role.built_in else [f"/subscriptions/{subscription}"],
        "permissions": [permissions],
    }
    return {"id": _role_id(role, subscription), "name": role.id, "properties": properties}


def assignment(one: Assignment, subscription: str) -> Json:
    properties = {
        "roleDefinitionId": _role_id(one.role, subscription),
        "principalId": one.principal,
        "principalType": "ServicePrincipal",
        "scope": one.scope,
        "condition": one.condition or None,
        "conditionVersion": "2.0" if one.condition else None,
    }
    return {
        "id": f"{one.scope}/providers/Microsoft.Authorization/roleAssignments/{one.name}",
        "name": one.name,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": properties,
    }


def denial(one: Denial) -> Json:
    permissions = {
        "actions": list(one.actions),
        "notActions": [],
        "dataActions": list(one.data_actions),
        "notDataActions": [],
    }
    properties = {
        "denyAssignmentName": "Deny assignment of a deployment stack",
        "permissions": [permissions],
        "scope": one.scope,
        "doNotApplyToChildScopes": False,
        "principals": [{"id": one.principal, "type": "ServicePrincipal"}],
        "excludePrincipals": [],
        "isSystemProtected": True,
    }
    return {
        "id": f"{one.scope}/providers/Microsoft.Authorization/denyAssignments/{one.name}",
        "name": one.name,
        "type": "Microsoft.Authorization/denyAssignments",
        "properties": properties,
    }


def concerns(one: Json, scope: str, principal: str | None) -> bool:
    """Whether a list at this scope, for this principal, shows the assignment: those above it and below it."""
    properties = one["properties"]
    held, asked = f"{properties['scope']}/".lower(), f"{scope}/".lower()
    related = held.startswith(asked) or asked.startswith(held)
    holders = {properties.get("principalId"), *(holder["id"] for holder in properties.get("principals", []))}
    return related and (principal is None or bool(holders & {principal, _EVERYBODY}))


def _role_id(role: Role, subscription: str) -> str:
    return f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role.id}"
