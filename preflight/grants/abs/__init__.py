"""The grants of Azure: a custom role with the one data action that writing takes, assigned at the container."""

from __future__ import annotations

import json
import shlex
from typing import Any

from preflight.grants.kinds import Extras, Grant, Mended, UngrantableError
from preflight.grants.terraform import block, label, text
from preflight.iam.azure.actions import BLOBS, WRITE
from preflight.model import AbsStorage, Permission, Storage, Store

__all__ = ["least", "mend"]

SUBSCRIPTION = "<SUBSCRIPTION_ID>"
RESOURCE_GROUP = "<RESOURCE_GROUP>"
OBJECT_ID = "<OBJECT_ID>"
UNWRITABLE = "the path holds a quote ('), which no condition of Azure's can write"
_BLANKS = (
    "# <SUBSCRIPTION_ID> and <RESOURCE_GROUP> are those of the storage account; <OBJECT_ID> is the service "
    "principal's, which az ad sp show --id prints as `id`"
)

Json = dict[str, Any]


def least(storage: Storage, permissions: tuple[Permission, ...], extras: Extras) -> tuple[Grant, ...]:
    assert isinstance(storage, AbsStorage)  # noqa: S101 - found by the storage's type
    del permissions  # creating a blob takes add/action or write, blocks take write: it alone is enough
    if extras.kms_key:
        raise UngrantableError(
            "Azure's encryption keys are used by the storage account: the writer needs nothing of them"
        )
    if extras.below_path and storage.path and not condition(storage):
        raise UngrantableError(f"{UNWRITABLE}; without --prefix-condition the grant is for the whole container")
    return (_role(storage), _assignment(storage, conditional=extras.below_path))


def mend(storage: Storage, current: Store) -> Mended:
    from preflight.grants.abs.mending import mend as mended

    assert isinstance(storage, AbsStorage)  # noqa: S101 - likewise
    return mended(storage, current)


def role_name(storage: AbsStorage) -> str:
    return f"Stream recordings writer ({storage.account_name}/{storage.bucket})"


def role(storage: AbsStorage, subscription: str = SUBSCRIPTION) -> Json:
    """The role as `az role definition create` takes it."""
    return {
        "Name": role_name(storage),
        "IsCustom": True,
        "Description": "Writes blobs, and neither reads, lists nor deletes them.",
        "Actions": [],
        "NotActions": [],
        "DataActions": [WRITE],
        "NotDataActions": [],
        "AssignableScopes": [f"/subscriptions/{subscription}"],
    }


def scope(storage: AbsStorage) -> str:
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{RESOURCE_GROUP}"
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/{storage.account_name}"
    return f"{account}/blobServices/default/containers/{storage.bucket}"


def condition(storage: AbsStorage) -> str:
    """Only blobs below the path; nothing for a path that is empty, or that the language has no way to write."""
    if not storage.path or "'" in storage.path:
        return ""
    return f"((!(ActionMatches{{'{WRITE}'}})) OR (@Resource[{BLOBS}:path] StringStartsWith '{storage.path}'))"


def assignment(
    storage: AbsStorage, *, where: str = "", principal: str = OBJECT_ID, named: str = "", conditional: bool = True
) -> Json:
    """The assignment in the words of Resource Manager."""
    narrowed = condition(storage) if conditional else ""
    return {
        "properties": {
            "roleDefinitionId": named
            or f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/<ROLE_ID>",
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "scope": where or scope(storage),
            **({"condition": narrowed, "conditionVersion": "2.0"} if narrowed else {}),
        }
    }


def create_role(made: Json) -> str:
    return shlex.join(["az", "role", "definition", "create", "--role-definition", json.dumps(made)])


def assign_role(storage: AbsStorage, made: Json) -> str:
    given = made["properties"]
    command = ["az", "role", "assignment", "create", "--role", role_name(storage)]
    command += ["--assignee-object-id", given["principalId"], "--assignee-principal-type", "ServicePrincipal"]
    command += ["--scope", given["scope"]]
    if "condition" in given:
        command += ["--condition", given["condition"], "--condition-version", given["conditionVersion"]]
    return shlex.join(command)


def _role(storage: AbsStorage) -> Grant:
    made, name = role(storage), label(storage.name)
    scopes = text(made["AssignableScopes"][0])
    written = [
        _BLANKS,
        f'resource "azurerm_role_definition" "{name}" {{',
        f"  name              = {text(made['Name'])}",
        f"  description       = {text(made['Description'])}",
        f"  scope             = {scopes}",
        f"  assignable_scopes = [{scopes}]",
        "  permissions {",
        f"    data_actions = [{text(WRITE)}]",
        "  }",
        "}",
        "",
    ]
    return Grant(name="custom-role", document=made, terraform="\n".join(written), commands=(_BLANKS, create_role(made)))


def _assignment(storage: AbsStorage, *, conditional: bool) -> Grant:
    made, name = assignment(storage, conditional=conditional), label(storage.name)
    given = made["properties"]
    arguments = {
        "scope": text(given["scope"]),
        "role_definition_id": f"azurerm_role_definition.{name}.role_definition_resource_id",
        "principal_id": text(given["principalId"]),
        "principal_type": text(given["principalType"]),
    }
    if "condition" in given:
        arguments |= {"condition": text(given["condition"]), "condition_version": text(given["conditionVersion"])}
    return Grant(
        name="role-assignment",
        document=made,
        terraform=block("azurerm_role_assignment", name, arguments),
        commands=(assign_role(storage, made),),
    )
