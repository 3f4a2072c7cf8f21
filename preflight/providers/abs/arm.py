"""Azure Resource Manager as the operator: reads, and nothing but reads, on azure-core's own pipeline.

azure-mgmt-storage and azure-mgmt-authorization would do the same with 22 MB more on disk.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from azure.core.exceptions import AzureError
from azure.core.pipeline import Pipeline
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest
from azure.identity import DefaultAzureCredential

from preflight import __version__
from preflight.model import Reply
from preflight.providers import Reach
from preflight.providers.abs.door import Call, Door, Exchange, origin, wire
from preflight.providers.abs.entra import Token, authority
from preflight.providers.abs.replies import Step, refused, unanswered, unknown

PUBLIC = "https://management.azure.com"
LONGEST = 1024 * 1024  # bytes of one answer
PAGES = 50

Json = dict[str, Any]


class Arm:
    """Reads resources by their ids; every answer, and every refusal, is kept for the next who asks."""

    def __init__(self, reach: Reach) -> None:
        self._base = reach.endpoints.get("arm", PUBLIC).rstrip("/")
        self._reach = reach
        self._wire = wire(reach.timeout)
        self._token: Token | Reply | None = None
        self._known: dict[str, Json | Reply] = {}

    def get(self, step: Step, path: str, **query: str) -> Json | Reply:
        """One resource, or the reply that refuses it. `query` names the version of the API as `api_version`."""
        named = {name.replace("_", "-") if name == "api_version" else f"${name}": text for name, text in query.items()}
        return self._fetch(step, f"{self._base}{path}?{urlencode(named)}")

    def all(self, step: Step, path: str, **query: str) -> list[Json] | Reply:
        """Every item of a list, over all its pages."""
        page = self.get(step, path, **query)
        items: list[Json] = []
        for _ in range(PAGES):
            if isinstance(page, Reply):
                return page
            items += page.get("value", [])
            following = page.get("nextLink")
            if not following:
                return items
            page = self._fetch(step, following)
        return unknown(step, "TooMany", f"more than {PAGES} pages of {path}")

    def _fetch(self, step: Step, url: str) -> Json | Reply:
        if url not in self._known:
            token = self._sign_in()
            self._known[url] = token if isinstance(token, Reply) else self._request(step, url, token)
        return self._known[url]

    def _request(self, step: Step, url: str, token: Token) -> Json | Reply:
        door = Door(self._wire, self._allows, LONGEST)
        signed: list[Any] = [
            UserAgentPolicy(f"preflight/{__version__}"),
            BearerTokenCredentialPolicy(token, self._scope),
        ]
        try:
            Pipeline(door, policies=signed).run(HttpRequest("GET", url, headers={"Accept": "application/json"}))
        except (AzureError, OSError, ValueError) as error:
            if not door.exchanges:
                return unanswered(step, self._base, error)
        return _resource(step, door.exchanges[0])

    def _sign_in(self) -> Token | Reply:
        """The operator's token, asked for once: the credential tries many places, some of them slowly."""
        if self._token is None:
            options: dict[str, Any] = {}
            if "entra" in self._reach.endpoints:
                options = {"authority": authority(self._reach), "disable_instance_discovery": True}
            seconds = self._reach.timeout
            try:
                credential = DefaultAzureCredential(
                    retry_total=0,
                    connection_timeout=seconds,
                    read_timeout=seconds,
                    process_timeout=max(1, int(seconds)),
                    **options,
                )
                self._token = Token(credential.get_token(self._scope))
            except (AzureError, OSError, ValueError) as error:
                said = str(error).partition("\nTo mitigate")[0][:2000]
                self._token = unknown(
                    Step("token", "Get token"), "NoLogin", f"no Azure login of the operator works: {said}"
                )
        return self._token

    @property
    def _scope(self) -> str:
        """The public cloud's, but for another cloud's own endpoint."""
        loopback = urlsplit(self._base).hostname in {"127.0.0.1", "::1", "localhost"}
        return f"{PUBLIC if loopback else self._base}/.default"

    def _allows(self, call: Call) -> bool:
        return call.method == "GET" and call.origin == origin(self._base)


def _resource(step: Step, exchange: Exchange) -> Json | Reply:
    if exchange.status != 200:
        return refused(step, exchange)
    try:
        found = json.loads(exchange.body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else refused(step, exchange, "this is no answer of Azure Resource Manager")
