"""The token endpoint of Entra ID: metadata of tenants, and tokens for a client secret."""

from __future__ import annotations

import re
from uuid import uuid4

from preflight.sandbox.abs import tokens
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
        self._check(tenant, "invalid_tenant")
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
        self._check(tenant, "invalid_request")
        application = self._application(tenant, form.get("client_id", ""))
        self._credential(application, form.get("client_secret", ""))
        audience = self._audience(form.get("scope", ""), tenant)
        if application.blocked:
            raise _refused(
                400,
                "access_denied",
                53003,
                "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
            )
        now = int(self._world.now().timestamp())
        token = tokens.mint(self._state.signing_key, application, audience, now)
        life = {"expires_in": tokens.LIFETIME, "ext_expires_in": tokens.LIFETIME}
        return answer(200, {"token_type": "Bearer", **life, "access_token": token})

    def _check(self, tenant: str, error: str) -> None:
        if not _GUID.fullmatch(tenant) and not _DOMAIN.fullmatch(tenant):
            raise _refused(
                400,
                "invalid_request",
                900023,
                f"Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
            )
        if tenant.lower() not in self._state.tenants:
            raise _refused(
                400,
                error,
                90002,
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
            )

    def _application(self, tenant: str, client: str) -> Application:
        found = [one for one in self._state.applications.values() if one.client_id.lower() == client.lower()]
        here = next((one for one in found if one.tenant == tenant.lower()), None)
        if here is None:
            raise _refused(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
            )
        if not here.principal:
            raise _refused(
                401,
                "invalid_client",
                7000229,
                f"The client application {client} is missing service principal in the tenant {tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119",
            )
        if here.disabled:
            raise _refused(400, "unauthorized_client", 7000112, f"Application '{client}'({here.name}) is disabled.")
        return here

    def _credential(self, application: Application, secret: str) -> None:
        if not secret:
            raise _refused(
                401,
                "invalid_client",
                7000216,
                "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
            )
        if secret != application.secret:
            raise _refused(
                401,
                "invalid_client",
                7000215,
                f"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{application.client_id}'.",
            )
        if application.expired:
            raise _refused(
                401,
                "invalid_client",
                7000222,
                f"The provided client secret keys for app '{application.client_id}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
            )

    def _audience(self, scope: str, tenant: str) -> str:
        resource, _, default = scope.rpartition("/")
        if default != ".default":
            raise _refused(
                400,
                "invalid_scope",
                1002012,
                f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
            )
        if resource.rstrip("/") not in AUDIENCES:
            raise _refused(
                400,
                "invalid_resource",
                500011,
                f"The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
            )
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


def _refused(status: int, code: str, number: int, text: str) -> RefusedError:
    return RefusedError(status, code, f"AADSTS{number}: {text}", {"number": str(number)})
