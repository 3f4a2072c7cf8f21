"""The operator's reads through Azure Resource Manager, logged in by the real DefaultAzureCredential."""

from dataclasses import replace

import pytest

from preflight.model import Put, Read, Secret, Setting
from preflight.providers.abs.resources import Inspector
from tests.providers.abs.conftest import KEY, OpenAzure

READER = {"operator": {"role": "Reader", "scope": "contosorecordings"}}


def _account(**fields: object) -> dict[str, object]:
    return {"accounts": {"contosorecordings": fields}}


@pytest.mark.parametrize(
    ("setting", "changes", "facts"),
    [
        (Setting.NETWORK, {}, {"default": "allow", "rules": [], "public_network": True}),
        (Setting.NETWORK, {"firewall": True}, {"default": "deny", "rules": [], "public_network": True}),
        (Setting.NETWORK, {"public_network": False}, {"default": "deny", "rules": [], "public_network": False}),
        (
            Setting.ACCOUNT,
            {"hierarchical": True, "shared_key": False, "tls": "TLS1_3"},
            {
                "kind": "StorageV2",
                "sku": "Standard_LRS",
                "hierarchical": True,
                "shared_key": False,
                "tls": "TLS1_3",
                "https_only": True,
            },
        ),
        (Setting.ENCRYPTION, {}, {"algorithm": "AES256", "key": None, "customer_key": False}),
        (
            Setting.ENCRYPTION,
            {"vault_key": "https://v.vault.azure.net/keys/k"},
            {"algorithm": "AES256", "key": "https://v.vault.azure.net/keys/k", "customer_key": True},
        ),
        (Setting.LOCATION, {"location": "northeurope"}, {"region": "northeurope"}),
        (Setting.VERSIONING, {}, {"enabled": False, "soft_delete_days": None}),
        (Setting.VERSIONING, {"versioning": True, "soft_delete_days": 7}, {"enabled": True, "soft_delete_days": 7}),
        (
            Setting.RETENTION,
            {"containers": {"recordings": {"immutable_days": 7}}},
            {"locked": True, "mode": "Locked", "days": 7, "until": None, "hold": False},
        ),
        (
            Setting.RETENTION,
            {"containers": {"recordings": {"legal_hold": True}}},
            {"locked": True, "mode": None, "days": None, "until": None, "hold": True},
        ),
        (
            Setting.PUBLIC_ACCESS,
            {"anonymous": True, "containers": {"recordings": {"public": True}}},
            {"blocks": {"account forbids anonymous access": False, "container is private": False}},
        ),
        (Setting.LIFECYCLE, {}, {"aborts_uploads_after_days": 7}),
    ],
)
def test_settings_are_read(
    open_azure: OpenAzure, setting: Setting, changes: dict[str, object], facts: dict[str, object]
) -> None:
    """Each setting is given in the facts that hold for every provider, from the resource that holds it."""
    reply = open_azure("abs/healthy", _account(**changes)).inspector.ask(Read(setting))
    assert reply.ok
    assert reply.facts == facts


def test_the_policy_is_everything_that_decides(open_azure: OpenAzure) -> None:
    """Assignments to the writer's object id with conditions, their definitions, and deny assignments."""
    azure = open_azure("abs/condition-met", {"assignments": READER})
    reply = azure.inspector.ask(Read(Setting.POLICY))
    assert reply.ok
    document = reply.facts["document"]
    writer = azure.box.world.document["applications"]["stream-writer"]
    (assignment,) = document["assignments"]
    assert assignment["properties"]["principalId"] == writer["object_id"] == document["principal"]
    assert "StringLike 'calls/*'" in assignment["properties"]["condition"]
    (definition,) = document["definitions"]
    assert definition["id"] == assignment["properties"]["roleDefinitionId"]
    assert definition["properties"]["permissions"][0]["dataActions"] == [
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"
    ]
    assert document["deny_assignments"] == []
    assert document["scope"].endswith("/containers/recordings")


def test_deny_assignments_are_part_of_the_policy(open_azure: OpenAzure) -> None:
    """What is denied above the container is read with what is granted."""
    azure = open_azure("abs/denied")
    (denial,) = azure.inspector.ask(Read(Setting.POLICY)).facts["document"]["deny_assignments"]
    assert denial["properties"]["principals"][0]["type"] == "ServicePrincipal"


def test_an_operator_without_rights_is_told_which(open_azure: OpenAzure) -> None:
    """Azure's refusal stays a refusal and names the action that is lacking."""
    data_only = {"operator": {"role": "Storage Blob Data Reader", "scope": "contosorecordings"}}
    reply = open_azure("abs/healthy", {"assignments": data_only}).inspector.ask(Read(Setting.NETWORK))
    assert reply.refusal is not None
    assert reply.refusal.stage == "arm"
    assert reply.code == "AccountNotVisible"


def test_a_refused_list_of_assignments_is_a_refusal(open_azure: OpenAzure) -> None:
    """Who may read the account and not who holds which role, learns the action from Azure's answer."""
    role = {"roles": {"Account reader": {"actions": ["Microsoft.Storage/storageAccounts/read"]}}}
    held = {"assignments": {"operator": {"role": "Account reader", "scope": "contosorecordings"}}}
    reply = open_azure("abs/healthy", role | held).inspector.ask(Read(Setting.POLICY))
    assert (reply.status, reply.code) == (403, "AuthorizationFailed")
    assert "Microsoft.Authorization/roleAssignments/read" in (reply.message or "")


def test_nobody_logged_in_is_a_refusal(open_azure: OpenAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong login of the operator is told once, in a sentence, and asks nothing of Resource Manager."""
    azure = open_azure()
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    inspector = azure.inspector
    replies = [inspector.ask(Read(setting)) for setting in (Setting.NETWORK, Setting.POLICY)]
    assert [reply.code for reply in replies] == ["NoLogin", "NoLogin"]
    posts = [r for service, r in azure.box.world.served if service == "entra" and r.method == "POST"]
    assert len(posts) == 1
    assert "arm" not in {service for service, _ in azure.box.world.served}


def test_only_reads_leave(open_azure: OpenAzure) -> None:
    """Whatever is asked, Resource Manager sees nothing but GET."""
    azure = open_azure()
    inspector = azure.inspector
    for setting in Setting:
        inspector.ask(Read(setting))
    assert inspector.ask(Put(KEY)).code == "not-offered"
    assert {request.method for service, request in azure.box.world.served if service == "arm"} == {"GET"}
    assert azure.asked == []


def test_settings_that_azure_does_not_have_are_not_offered(open_azure: OpenAzure) -> None:
    """Requester pays, ownership and the like do not exist here, and that costs no request."""
    azure = open_azure()
    for setting in (Setting.PAYER, Setting.OWNERSHIP, Setting.IDENTITY, Setting.KEY_POLICY, Setting.HELD):
        assert azure.inspector.ask(Read(setting)).code == "not-offered"
    assert azure.box.world.served == []


def test_a_key_has_no_roles(open_azure: OpenAzure) -> None:
    """With an account key only there is nobody that a role could be assigned to."""
    azure = open_azure()
    keyed = replace(azure.storage, client_secret=None, account_key=Secret("a2V5", source="test"))
    assert Inspector(keyed, azure.reach).ask(Read(Setting.POLICY)).code == "not-offered"
