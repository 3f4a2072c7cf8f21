"""Azure's documents: recognised as people have them, judged, shown at their least, and mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hcl2
import pytest

from preflight.iam.azure.actions import ADD, BLOBS, WRITE
from preflight.iam.azure.document import read_assignments, read_definition
from preflight.iam.azure.evaluate import decide, paths
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request
from preflight.iam.decision import Answer
from tests.policy.conftest import Desk, Json

CLIENT, OBJECT = "7a9e4b52-1f3d-4e8b-b6c2-90d8e5a1c302", "e4b8d1a6-7c2f-4950-93be-2f6a8c0d5e04"
SUBSCRIPTION = "/subscriptions/5d2e8c47-3b6a-4f19-8e70-1c9b4a6d2e03"
ACCOUNT = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/contoso"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/recordings"
CONTRIBUTOR, READER = "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
FLAT: Json = {
    "name": "contoso",
    "type": "Microsoft.Storage/storageAccounts",
    "kind": "StorageV2",
    "isHnsEnabled": False,
    "encryption": {"keySource": "Microsoft.Storage"},
    "networkRuleSet": {"defaultAction": "Allow"},
}


def storage(desk: Desk, path: str = "calls/") -> Path:
    azure = {
        "abs_account_name": "contoso",
        "abs_tenant_id": "3c1f0f6e-8d0a-4c7e-9a34-6d1c2b5e7f01",
        "abs_client_id": CLIENT,
        "abs_client_secret": "Qx28Q~made-up.secret-of-the-writer_000001",
    }
    fields = {"bucket": "recordings", "path": path, "azure_blob": azure}
    return desk.write("storages.json", {"storages": [{"name": "my-abs", "storage_type": "abs", **fields}]})


def assigned(role: str = CONTRIBUTOR, scope: str = CONTAINER, **more: Any) -> Json:
    """As `az` prints it: a service principal's name is its application's id."""
    return {
        "name": "one",
        "principalId": OBJECT,
        "principalName": CLIENT,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}",
        "scope": scope,
        **more,
    }


def judged(desk: Desk, documents: dict[str, Any]) -> tuple[int, dict[str, Json]]:
    """Documents by kind; a kind that begins with a dash is left to be recognised."""
    given = []
    for kind, document in documents.items():
        file = desk.write(f"{kind.strip('-')}.json", document)
        given.append(str(file) if kind.startswith("-") else f"{kind}={file}")
    return desk.tested(storage(desk), *given)


@pytest.mark.parametrize(
    ("documents", "code", "cause"),
    [
        ({"-assignments": [assigned()]}, 0, None),
        ({"-assignments": {"value": [{"name": "one", "properties": assigned()}]}}, 0, None),
        ({"-assignments": []}, 2, None),
        ({"assignments": []}, 3, "permission-missing"),
        ({"all-assignments": [], "-account": FLAT}, 1, "permission-missing"),
        ({"all-assignments": []}, 3, "permission-missing"),
        ({"all-assignments": [assigned(READER)], "-account": FLAT}, 1, "permission-missing"),
        ({"all-assignments": [assigned(scope=f"{CONTAINER}-old")], "-account": FLAT}, 1, "permission-missing"),
        ({"all-assignments": [assigned(scope=SUBSCRIPTION)], "-account": FLAT}, 0, None),
        (
            {
                "all-assignments": [
                    assigned(condition=f"@Resource[{BLOBS}:path] StringLike 'uploads/*'", conditionVersion="2.0")
                ],
                "-account": FLAT,
            },
            1,
            "condition-unmet",
        ),
        (
            {
                "-assignments": [assigned()],
                "-deny": [
                    {
                        "denyAssignmentName": "stack",
                        "scope": ACCOUNT,
                        "permissions": [{"dataActions": ["*"]}],
                        "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
                    }
                ],
            },
            1,
            "explicit-deny",
        ),
        (
            {
                "-assignments": [assigned("recorder")],
                "-definitions": [{"name": "recorder", "roleName": "R", "permissions": [{"dataActions": [WRITE]}]}],
            },
            0,
            None,
        ),
        (
            {
                "-assignments": [assigned(principalName="", principalId=OBJECT)],
                "-principal": {"id": OBJECT, "appId": CLIENT},
            },
            0,
            None,
        ),
    ],
)
def test_documents_decide(desk: Desk, documents: dict[str, Any], code: int, cause: str | None) -> None:
    """What `az` and Resource Manager print proves the grant or names its fault; what is not given stays open."""
    if code == 2:
        said = desk.policy("test", storage(desk), "-d", desk.write("a.json", documents["-assignments"]))
        assert said.code == 2
        return
    got, found = judged(desk, documents)
    outcome = found["write-object"]
    assert got == code, outcome
    assert [one["cause"] for one in outcome["candidates"][:1]] == ([cause] if cause else [])


def test_a_network_that_nobody_set_is_open(desk: Desk) -> None:
    """`az storage account show` prints null for it."""
    account = {**FLAT, "publicNetworkAccess": None, "networkRuleSet": {"defaultAction": None, "ipRules": None}}
    code, found = judged(desk, {"all-assignments": [assigned()], "-account": account})
    assert (code, found["admit-network"]["status"]) == (0, "pass")


@pytest.mark.parametrize("guarded", [f"{BLOBS}/*", WRITE])
def test_a_grant_over_a_private_link_lets_stream_in_nowhere(desk: Desk, guarded: str) -> None:
    """The account's firewall is open and the role is right: the condition shuts out who is elsewhere.

    Where `write` alone is guarded, a whole blob still passes by `add/action`, and a recording in blocks does not.
    """
    condition = f"(!(ActionMatches{{'{guarded}'}}) OR (@Environment[isPrivateLink] BoolEquals true))"
    inside = assigned(condition=condition, conditionVersion="2.0")
    code, found = judged(desk, {"all-assignments": [inside], "-account": FLAT})
    outcome = found["admit-network"]
    assert (code, outcome["status"], outcome["candidates"][0]["cause"]) == (1, "fail", "network-denied")
    assert "isPrivateLink" in outcome["message"]


@pytest.mark.parametrize("account", [{"kind": "FileStorage"}, {"sku": {"name": "Premium_LRS", "tier": "Premium"}}])
def test_an_account_without_block_blobs_is_not_ready(desk: Desk, account: Json) -> None:
    """The grant is right, and there is nothing that a recording could be put into."""
    code, found = judged(desk, {"all-assignments": [assigned()], "-account": {**FLAT, **account}})
    outcome = found["write-object"]
    assert (code, outcome["status"], outcome["candidates"][0]["cause"]) == (1, "fail", "account-kind-unsupported")


def test_an_owner_reads_and_deletes_by_the_key(desk: Desk) -> None:
    """Every check of least privilege says so, and which right is to be taken away."""
    owner = assigned("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", SUBSCRIPTION, name="ruler")
    role = [{"name": "recorder", "roleName": "R", "permissions": [{"dataActions": [WRITE]}]}]
    documents = {"all-assignments": [assigned("recorder"), owner], "-definitions": role, "-account": FLAT}
    code, found = judged(desk, documents)
    assert (code, found["write-object"]["status"]) == (0, "pass")
    for check in ("withhold-read", "withhold-list", "withhold-delete"):
        assert (found[check]["status"], found[check]["candidates"][0]["cause"]) == ("fail", "not-needed")
        assert "listKeys" in found[check]["message"]
        assert "listKeys" in found[check]["remedy"]["summary"]
    assert found["hold-permissions"]["status"] == "fail"
    assert "listKeys" in found["hold-permissions"]["message"]


def test_the_least_grant_holds_nothing_more(desk: Desk) -> None:
    """And the documents prove it."""
    role = [{"name": "recorder", "roleName": "R", "permissions": [{"dataActions": [WRITE]}]}]
    code, found = judged(desk, {"all-assignments": [assigned("recorder")], "-definitions": role, "-account": FLAT})
    assert (code, found["hold-permissions"]["status"]) == (0, "pass")


def test_add_alone_does_not_take_recordings(desk: Desk) -> None:
    """A test blob passes, blocks do not."""
    role = [{"name": "adder", "roleName": "A", "permissions": [{"dataActions": [ADD]}]}]
    code, found = judged(desk, {"all-assignments": [assigned("adder")], "-definitions": role, "-account": FLAT})
    assert (code, found["write-object"]["status"], found["write-multipart"]["status"]) == (1, "pass", "fail")


def test_a_plan_is_read(desk: Desk) -> None:
    """Assignments before they are applied, of a role that the plan makes itself."""
    role = {"type": "azurerm_role_definition", "values": {"name": "R", "permissions": [{"data_actions": [WRITE]}]}}
    values = {"scope": CONTAINER, "role_definition_name": "R", "principal_id": OBJECT}
    resources = [role, {"type": "azurerm_role_assignment", "values": values}]
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}
    code, found = judged(desk, {"-plan": plan, "-principal": {"id": OBJECT, "appId": CLIENT}})
    assert (code, found["write-object"]["status"]) == (0, "pass")


def may(assignment: Json, role: Json, action: str, path: str) -> Answer:
    """What the shown role and assignment grant on every blob below a path, and nothing else does."""
    given = {**assignment["properties"], "roleDefinitionId": "own"}
    definition = read_definition({**role, "Name": "own"}, "")
    layers = Layers(
        assignments=read_assignments([given]), complete=True, definitions={"own": definition}, hierarchical=False
    )
    target = Target(account="contoso", container="recordings", listed=True)
    principal = Principal(object_id=given["principalId"])
    return decide(Request(principal=principal, actions=(action,), asked=paths(path), target=target), layers).answer


@pytest.mark.parametrize("path", ["calls/", "", "a*b/", "a?/", 'quo"te/'])
def test_the_least_grant_reaches_the_path_and_nothing_beside_it(desk: Desk, path: str) -> None:
    """One data action at the container, below the path: no read, no delete, no add elsewhere."""
    shown = json.loads(desk.policy("show", storage(desk, path), "--prefix-condition").out)
    role, assignment = shown["my-abs/custom-role"], shown["my-abs/role-assignment"]
    assert role["DataActions"] == [WRITE]
    assert role["Actions"] == []
    assert may(assignment, role, WRITE, path) is Answer.ALLOWED
    assert may(assignment, role, f"{BLOBS}/read", path) is Answer.DENIED
    assert may(assignment, role, f"{BLOBS}/delete", path) is Answer.DENIED
    if path:
        assert may(assignment, role, WRITE, "elsewhere/") is Answer.DENIED


def test_a_condition_is_written_on_request_only(desk: Desk) -> None:
    """Role and assignment alone are enough for Stream: what narrows them further is asked for."""
    shown = json.loads(desk.policy("show", storage(desk)).out)
    assert "condition" not in shown["my-abs/role-assignment"]["properties"]


@pytest.mark.parametrize("form", ["json", "terraform", "commands"])
def test_a_condition_that_cannot_be_written_is_not_left_out(desk: Desk, form: str) -> None:
    """Whoever asks for a grant below a path gets that or an error, never one on the whole container."""
    said = desk.policy("show", storage(desk, "o'brien/"), "--prefix-condition", "-o", form)

    assert (said.code, said.out) == (2, "")
    assert "my-abs: " in said.err
    assert "quote" in said.err
    assert desk.policy("show", storage(desk, "o'brien/"), "-o", form).code == 0


def test_terraform_says_what_json_says(desk: Desk) -> None:
    """A real HCL parser reads the same role and assignment out of the Terraform form."""
    shown = json.loads(desk.policy("show", storage(desk), "--prefix-condition").out)
    blocks = hcl2.loads(desk.policy("show", storage(desk), "--prefix-condition", "-o", "terraform").out)["resource"]
    found = {kind.strip('"'): one['"my-abs"'] for block in blocks for kind, one in block.items()}
    [permissions] = found["azurerm_role_definition"]["permissions"]
    given = found["azurerm_role_assignment"]
    wanted = shown["my-abs/role-assignment"]["properties"]
    assert [json.loads(one) for one in permissions["data_actions"]] == [WRITE]
    assert json.loads(given["condition"]) == wanted["condition"]
    assert json.loads(given["scope"]) == wanted["scope"]


def test_no_key_is_the_writers_to_use(desk: Desk) -> None:
    """With Azure the account uses the key: asking for its grant is an error."""
    assert desk.policy("show", storage(desk), "--kms-key", "k").code == 2


def test_mending_adds_a_role_and_an_assignment(desk: Desk) -> None:
    """Judged again with them, the grant holds; the commands are there to copy."""
    reader, account = desk.write("a.json", [assigned(READER)]), desk.write("account.json", FLAT)
    said = desk.policy("fix", storage(desk), "-d", f"all-assignments={reader}", "-d", account)
    assert said.code == 0
    assert "az role definition create" in said.out
    assert "az role assignment create" in said.out
    assert "nothing has been applied" in said.out


def test_mending_says_where_it_is_wider_than_the_path(desk: Desk) -> None:
    """A quote in the path has no condition: the whole container is granted, and it is said."""
    reader, account = desk.write("a.json", [assigned(READER)]), desk.write("account.json", FLAT)
    plain, quoted = (
        desk.policy("fix", storage(desk, path), "-d", f"all-assignments={reader}", "-d", account).out
        for path in ("calls/", "o'brien/")
    )
    assert ("whole container" in plain, "--condition" in plain) == (False, True)
    assert ("whole container" in quoted, "--condition" in quoted) == (True, False)


def test_nothing_to_mend(desk: Desk) -> None:
    """A grant that holds is left alone."""
    said = desk.policy("fix", storage(desk), "-d", desk.write("a.json", [assigned()]))
    assert (said.code, "nothing to mend" in said.out) == (0, True)


def test_a_deny_assignment_cannot_be_mended_by_a_role(desk: Desk) -> None:
    """It stands above every role: it is named instead."""
    denial = {
        "denyAssignmentName": "stack",
        "scope": ACCOUNT,
        "permissions": [{"dataActions": ["*"]}],
        "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
    }
    files = [desk.write("a.json", [assigned()]), desk.write("d.json", [denial])]
    said = desk.policy("fix", storage(desk), "-d", files[0], "-d", files[1])
    assert said.code == 1
    assert "stack" in said.out
