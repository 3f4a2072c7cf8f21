"""Resource Manager's manners: tokens of its own audience, versions, and lists that show no more than may be seen."""

from typing import Any

import requests

from preflight.sandbox import Sandbox
from tests.sandbox.abs.conftest import Login, OpenAzure

SCOPE = "https://management.azure.com/.default"


def _get(box: Sandbox, login: Login, path: str, who: str = "operator", scope: str = SCOPE) -> Any:
    token = login(box, who).get_token(scope).token
    return requests.get(f"{box.endpoints['arm']}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=5)


def _account(box: Sandbox) -> str:
    group = f"/subscriptions/{box.world.document['subscription']}/resourceGroups/rg-video"
    return f"{group}/providers/Microsoft.Storage/storageAccounts/contosorecordings"


def test_a_token_for_storage_is_none_for_resource_manager(open_azure: OpenAzure, login: Login) -> None:
    """The audience of a token is checked, and the challenge says where to get another."""
    box = open_azure()
    answer = _get(box, login, "/subscriptions?api-version=2022-12-01", scope="https://storage.azure.com/.default")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert "login.microsoftonline.com" in answer.headers["WWW-Authenticate"]


def test_a_version_is_demanded(open_azure: OpenAzure, login: Login) -> None:
    """Every request says which version of the interface it speaks."""
    answer = _get(open_azure(), login, "/subscriptions")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "MissingApiVersionParameter")


def test_the_writer_sees_no_settings(open_azure: OpenAzure, login: Login) -> None:
    """A data-only role reads nothing here; the refusal names who lacks which action."""
    box = open_azure()
    writer = box.world.document["applications"]["stream-writer"]
    answer = _get(box, login, f"{_account(box)}?api-version=2023-05-01", who="stream-writer")
    told = answer.json()["error"]
    assert (answer.status_code, told["code"]) == (403, "AuthorizationFailed")
    assert f"object id '{writer['object_id']}'" in told["message"]
    assert "perform action 'Microsoft.Storage/storageAccounts/read' over scope '/subscriptions/" in told["message"]


def test_resources_are_shown_to_those_who_may_read_them(open_azure: OpenAzure, login: Login) -> None:
    """A list is never refused: it leaves out what the caller may not see."""
    box = open_azure()
    path = f"/subscriptions/{box.world.document['subscription']}/resources?api-version=2021-04-01"
    seen = {who: _get(box, login, path, who).json()["value"] for who in ("operator", "stream-writer")}
    assert [one["name"] for one in seen["operator"]] == ["contosorecordings"]
    assert seen["stream-writer"] == []


def test_assignments_are_listed_for_one_principal(open_azure: OpenAzure, login: Login) -> None:
    """`assignedTo` leaves other people's assignments out; the built-in role can be read by its id."""
    box = open_azure()
    operator = box.world.document["applications"]["operator"]["object_id"]
    path = f"{_account(box)}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01"
    everybody = _get(box, login, path).json()["value"]
    (own,) = _get(box, login, f"{path}&$filter=assignedTo('{operator}')").json()["value"]
    assert len(everybody) == 2
    role = _get(box, login, f"{own['properties']['roleDefinitionId']}?api-version=2022-04-01").json()["properties"]
    assert (role["roleName"], role["type"], role["permissions"][0]["dataActions"]) == ("Reader", "BuiltInRole", [])


def test_what_does_not_exist_is_not_found(open_azure: OpenAzure, login: Login) -> None:
    """A container that is missing, an account that is another."""
    box = open_azure()
    missing = f"{_account(box)}/blobServices/default/containers/missing?api-version=2023-05-01"
    assert _get(box, login, missing).json()["error"]["code"] == "ContainerNotFound"
    other = f"{_account(box)}x?api-version=2023-05-01"
    assert _get(box, login, other).json()["error"]["code"] == "ResourceNotFound"
