"""Tokens of Microsoft Entra ID: the service principal that writes, what its token says, or why there is none."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from azure.core.credentials import AccessToken, AzureNamedKeyCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ClientSecretCredential

from preflight.model import AbsStorage, Reply
from preflight.providers import Reach
from preflight.providers.abs.door import Call, Door, ForbiddenRequestError, origin
from preflight.providers.abs.replies import Step, refused, unanswered, unknown

PUBLIC = "https://login.microsoftonline.com"
SCOPE = "https://storage.azure.com/.default"
_STEP = Step("token", "Get token")

# Refusals are values here; without a handler, logging would print the SDK's warnings about them.
logging.getLogger("azure").addHandler(logging.NullHandler())
logging.getLogger("msal").addHandler(logging.NullHandler())


class Credential(Protocol):
    """How a writer proves who it is. `present` says who that is, or is refused; then `sdk` is what clients take.

    `query` are the parameters that it adds to requests.
    """

    sdk: Any
    query: frozenset[str]

    def present(self) -> Reply: ...


class Token:
    """A token once granted; a challenge for another tenant is not followed: the configured one is the writer's."""

    def __init__(self, token: AccessToken) -> None:
        self._token = token

    def get_token(self, *_: str, tenant_id: str | None = None, **_options: object) -> AccessToken:
        if tenant_id:
            raise ValueError(f"challenged for tenant {tenant_id}")
        return self._token


class AccountKey:
    """The key of the whole account: nothing to ask for, nothing that it may not do."""

    query: frozenset[str] = frozenset()

    def __init__(self, storage: AbsStorage) -> None:
        key = storage.account_key.reveal() if storage.account_key else ""
        self.sdk: Any = AzureNamedKeyCredential(storage.account_name, key)
        self._facts = {"principal": f"account key of {storage.account_name}", "account": storage.account_name}

    def present(self) -> Reply:
        return Reply(facts={**self._facts, "grants_everything": True})


class ServicePrincipal:
    """The configured client secret; asked for a token once, whatever the answer."""

    sdk: Any = None
    query: frozenset[str] = frozenset()

    def __init__(self, storage: AbsStorage, reach: Reach, wire: RequestsTransport) -> None:
        self._storage = storage
        self._authority = authority(reach)
        self._overridden = "entra" in reach.endpoints
        self._wire = wire
        self._reply: Reply | None = None

    def present(self) -> Reply:
        if self._reply is None:
            self._reply = self._request()
        return self._reply

    def _request(self) -> Reply:
        door = Door(self._wire, self._allows)
        secret = self._storage.client_secret
        try:
            credential = ClientSecretCredential(
                self._storage.tenant_id,
                self._storage.client_id,
                secret.reveal() if secret else "",
                authority=self._authority,
                disable_instance_discovery=self._overridden,
                transport=door,
                retry_total=0,
            )
            token = credential.get_token(SCOPE)
        except ForbiddenRequestError as error:
            return unknown(_STEP, "TokenEndpointElsewhere", f"the tenant's metadata leads away from its host: {error}")
        except (AzureError, OSError, ValueError) as error:
            return self._refusal(door, error)
        self.sdk = Token(token)
        last = door.exchanges[-1]
        facts = {} if last.skew is None else {"skew_seconds": last.skew}
        return Reply(status=last.status, facts={**claims(token.token), **facts})

    def _refusal(self, door: Door, error: Exception) -> Reply:
        answered = door.exchanges[-1] if door.exchanges else None
        # Unless Entra says so, nobody has refused anything: azure-identity calls it so whatever went wrong on the way.
        wrong = error.__cause__ or error
        if answered and answered.status >= 400:
            return refused(_step(answered.path), answered)
        if answered and not _is_transport(error):
            return refused(
                _step(answered.path), answered, f"this is no answer of Microsoft Entra ID: {type(wrong).__name__}"
            )
        return unanswered(_STEP, self._authority, wrong)

    def _allows(self, call: Call) -> bool:
        if call.origin != origin(self._authority):
            return False
        match call.method:
            case "GET":
                return call.path.endswith(("/.well-known/openid-configuration", "/discovery/instance"))
            case "POST":
                return call.path == f"/{self._storage.tenant_id}/oauth2/v2.0/token"
            case _:
                return False


def authority(reach: Reach) -> str:
    return reach.endpoints.get("entra", PUBLIC).rstrip("/")


def claims(token: str) -> dict[str, Any]:
    """What a token says about its owner, without the token: names as in `Reply.facts`; nothing if unreadable."""
    try:
        payload = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    if not isinstance(said, Mapping):
        return {}
    facts = {
        "principal": said.get("oid"),
        "account": said.get("tid"),
        "client_id": said.get("appid") or said.get("azp"),
        "audience": said.get("aud"),
        "expires": said.get("exp"),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _step(path: str) -> Step:
    return replace(_STEP, operation="Get OpenID configuration") if "/.well-known/" in path else _STEP


def _is_transport(error: Exception) -> bool:
    return bool(getattr(error, "inner_exception", None)) and not getattr(error, "response", None)
