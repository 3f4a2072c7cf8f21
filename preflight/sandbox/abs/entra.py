"""The token endpoint of Entra ID: metadata of tenants, and tokens for a client secret."""

from __future__ import annotations

import re
from uuid import uuid4

from preflight.sandbox.abs import tokens
from preflight.sandbox.abs.aadsts import refused
from preflight.sandbox.abs.state import Application, State
from preflight.sandbox.abs.wire import RefusedError, answer
from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.world import World

AUDIENCES = ("https://storage.azure.com", "https://management.azure.com")

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")
_METADATA = re.compile(r"/([^/]*)/v2\.0/\.well-known/openid-configuration")
_TOKEN = re.compile(r"/([^/]*)/oauth2/v2\.0/token")


class Entra:
    def __init__(self, world: World, state: State) -> None:
        self._world = world
        self._state = state

    def handle(self, request: Request) -> Response:
        try:
            if request.method == "GET" and (found := _METADATA.fullmatch(request.path)):
                return self._metadata(found[1])
            if request.method == "POST" and (found := _TOKEN.fullmatch(request.path)):
                return self._token(found[1], request.form)
        except RefusedError as error:
            return self._refusal(error)
        return Response(404)

    def refuse(self, _: Request, fault: Fault) -> Response:
        return self._refusal(RefusedError(fault.status, fault.code, fault.message, headers=fault.headers))

    def _metadata(self, tenant: str) -> Response:
        self._check(tenant)
        base = f"{self._world.endpoints['entra']}/{tenant}"
        return answer(
            200,
            {
                "issuer": f"https://login.microsoftonline.com/{tenant}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "tenant_region_scope": "EU",
            },
        )

    def _token(self, tenant: str, form: dict[str, str]) -> Response:
        self._check(tenant)
        application = self._application(tenant, form.get("client_id", ""))
        self._credential(application, form.get("client_secret", ""))
        audience = self._audience(form.get("scope", ""), tenant)
        if application.blocked:
            raise refused(53003)
        now = int(self._world.now().timestamp())
        token = tokens.mint(self._state.signing_key, application, audience, now)
        life = {"expires_in": tokens.LIFETIME, "ext_expires_in": tokens.LIFETIME}
        return answer(200, {"token_type": "Bearer", **life, "access_token": token})

    def _check(self, tenant: str) -> None:
        if not _GUID.fullmatch(tenant) and not _DOMAIN.fullmatch(tenant):
            raise refused(900023, tenant=tenant)
        if tenant.lower() not in self._state.tenants:
            raise refused(90002, tenant=tenant)

    def _application(self, tenant: str, client: str) -> Application:
        found = [one for one in self._state.applications.values() if one.client_id.lower() == client.lower()]
        here = next((one for one in found if one.tenant == tenant.lower()), None)
        if here is None:
            raise refused(700016, client=client, tenant=tenant)
        if not here.principal:
            raise refused(7000229, client=client, tenant=tenant)
        if here.disabled:
            raise refused(7000112, client=client, name=here.name)
        return here

    def _credential(self, application: Application, secret: str) -> None:
        if not secret:
            raise refused(7000216)
        if secret != application.secret:
            raise refused(7000215, client=application.client_id)
        if application.expired:
            raise refused(7000222, client=application.client_id)

    def _audience(self, scope: str, tenant: str) -> str:
        resource, _, default = scope.rpartition("/")
        if default != ".default":
            raise refused(1002012, scope=scope)
        if resource.rstrip("/") not in AUDIENCES:
            raise refused(500011, resource=resource, tenant=tenant)
        return resource.rstrip("/")

    def _refusal(self, error: RefusedError) -> Response:
        now = self._world.now().strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid4()), str(uuid4())
        number = error.fields.get("number")
        trailer = f" Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"
        document = {
            "error": error.code,
            "error_description": f"{error.message}{trailer}",
            "error_codes": [int(number)] if number else [],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={number or ''}",
        }
        return answer(error.status, document, error.headers)
