"""The token endpoint: which refusal for which fault, in the words and shapes of Entra ID."""

import base64
import json
from typing import Any

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError

from tests.sandbox.abs.conftest import Login, OpenAzure

STORAGE = "https://storage.azure.com/.default"
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_a_token_says_whose_it_is(open_azure: OpenAzure, login: Login) -> None:
    """A version 1 token for storage: tenant, application, and the object id that roles are assigned to."""
    box = open_azure()
    token = login(box).get_token(STORAGE).token
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    writer = box.world.document["applications"]["stream-writer"]
    tenant = box.world.document["tenant"]
    assert (claims["oid"], claims["appid"], claims["tid"]) == (writer["object_id"], writer["client_id"], tenant)
    assert (claims["aud"], claims["iss"]) == ("https://storage.azure.com", f"https://sts.windows.net/{tenant}/")
    assert "roles" not in claims


@pytest.mark.parametrize(
    ("number", "given", "fields"),
    [
        (7000215, {"secret": "not~the.secret"}, {}),
        (7000222, {}, {"expired": True}),
        (700016, {"client": NOBODY}, {}),
        (7000229, {}, {"principal": False}),
        (7000112, {}, {"disabled": True}),
        (53003, {}, {"blocked": True}),
    ],
)
def test_refusals_are_told_by_number(
    open_azure: OpenAzure, login: Login, number: int, given: dict[str, str], fields: dict[str, Any]
) -> None:
    """The SDK sees the number that Microsoft documents for the fault."""
    box = open_azure({"applications": {"stream-writer": fields}})
    with pytest.raises(ClientAuthenticationError, match=f"AADSTS{number}:"):
        login(box, **given).get_token(STORAGE)


@pytest.mark.parametrize(
    ("tenant", "number"), [(NOBODY, 90002), ("missing.onmicrosoft.com", 90002), ("3c1f0f6e-8d0a", 900023)]
)
def test_tenants_are_looked_up_first(open_azure: OpenAzure, tenant: str, number: int) -> None:
    """Discovery, which comes before any secret is sent, already refuses an unknown or malformed tenant."""
    box = open_azure()
    url = f"{box.endpoints['entra']}/{tenant}/v2.0/.well-known/openid-configuration"
    answer = requests.get(url, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error_codes"] == [number]


def test_a_refusal_has_entras_fields(open_azure: OpenAzure) -> None:
    """OAuth's fields and Microsoft's own, with ids to quote to support."""
    box = open_azure()
    tenant = box.world.document["tenant"]
    form = {"client_id": NOBODY, "client_secret": "x", "scope": STORAGE, "grant_type": "client_credentials"}
    answer = requests.post(f"{box.endpoints['entra']}/{tenant}/oauth2/v2.0/token", data=form, timeout=5)
    told = answer.json()
    assert (answer.status_code, told["error"]) == (400, "unauthorized_client")
    assert told["error_description"].startswith("AADSTS700016: Application with identifier")
    assert {"timestamp", "trace_id", "correlation_id", "error_uri"} <= told.keys()


@pytest.mark.parametrize(("scope", "number"), [("storage", 1002012), ("https://vault.example/.default", 500011)])
def test_scopes_are_checked(open_azure: OpenAzure, login: Login, scope: str, number: int) -> None:
    """A scope must name a resource of the tenant and end in `.default`."""
    with pytest.raises(ClientAuthenticationError, match=f"AADSTS{number}:"):
        login(open_azure()).get_token(scope)
