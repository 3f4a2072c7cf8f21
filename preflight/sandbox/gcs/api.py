"""The JSON API's front door: from a request to an answer, in an order in which Google may find fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import unquote

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.gcs import buckets, objects
from preflight.sandbox.gcs.call import Call
from preflight.sandbox.gcs.refusal import RefusedError, missing_bucket
from preflight.sandbox.gcs.state import Account, Bucket, Project, State
from preflight.sandbox.gcs.token import Tokens
from preflight.sandbox.gcs.uploads import Uploads
from preflight.sandbox.world import World

Operation = Callable[[Call], Response]

_ADDRESS = re.compile(
    r"/(?P<way>(?:upload/|download/)?storage/v1)/b/(?P<bucket>[^/]+)"
    r"(?P<rest>/iam(?:/testPermissions)?|/o(?:/(?P<key>[^/]+))?)?"
)
_SCOPES = "https://www.googleapis.com/auth/"
_WRITE = {f"{_SCOPES}devstorage.read_write", f"{_SCOPES}devstorage.full_control", f"{_SCOPES}cloud-platform"}
_READ = {*_WRITE, f"{_SCOPES}devstorage.read_only", f"{_SCOPES}cloud-platform.read-only"}
_POLICY = {f"{_SCOPES}devstorage.full_control", f"{_SCOPES}cloud-platform"}


@dataclass(frozen=True, slots=True)
class Api:
    world: World
    state: State
    tokens: Tokens
    uploads: Uploads = field(default_factory=Uploads)

    def handle(self, request: Request) -> Response:
        try:
            return self._serve(request)
        except RefusedError as refusal:
            return refusal.response

    def refuse(self, request: Request, fault: Fault) -> Response:  # noqa: ARG002 - the contract of a service
        return RefusedError(fault.status, fault.code, fault.message, headers=fault.headers).response

    def _serve(self, request: Request) -> Response:
        address = _ADDRESS.fullmatch(request.raw_path)
        if not address:
            return Response(404, {"Content-Type": "text/plain"}, b"Not Found")
        operation, scopes = self._operation(request, address)
        account = self._account(request, scopes)
        bucket = self.state.buckets.get(unquote(address["bucket"]))
        if account:
            _switched_on(self.state.projects[account.project])
        if bucket is None:
            raise missing_bucket()
        self._admit(bucket, request)
        key = unquote(address["key"]) if address["key"] else None
        endpoint = self.world.endpoints.get("gcs", "")
        call = Call(
            request=request,
            state=self.state,
            account=account,
            bucket=bucket,
            now=self.world.now(),
            endpoint=endpoint,
            key=key,
        )
        return operation(call)

    def _operation(self, request: Request, address: re.Match[str]) -> tuple[Operation, set[str]]:
        """What is asked, and the scopes of which the token needs one."""
        way, key = address["way"], "key" if address["key"] else ""
        rest = "/o" if key else address["rest"]
        if way == "upload/storage/v1":
            return self.uploads.serve, _WRITE
        known: dict[tuple[str, str | None, str], tuple[Operation, set[str]]] = {
            ("GET", None, ""): (buckets.get, _READ),
            ("GET", "/iam", ""): (buckets.policy, _POLICY),
            ("GET", "/iam/testPermissions", ""): (buckets.test_permissions, _READ),
            ("GET", "/o", ""): (objects.list_names, _READ),
            ("GET", "/o", "key"): (objects.get, _READ),
            ("DELETE", "/o", "key"): (objects.delete, _WRITE),
        }
        found = known.get((request.method, rest, key))
        if found is None:
            raise RefusedError(405, "methodNotAllowed", "The sandbox does not offer this method.")
        return found

    def _account(self, request: Request, scopes: set[str]) -> Account | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            return None
        grant = self.tokens.grants.get(token)
        if scheme != "Bearer" or grant is None:
            extra = {"locationType": "header", "location": "Authorization"}
            headers = _challenge("invalid_token")
            raise RefusedError(401, "authError", "Invalid Credentials", error=extra, headers=headers)
        if grant.scopes.isdisjoint(scopes):
            headers = _challenge("insufficient_scope", scope=" ".join(sorted(scopes)))
            text = "Insufficient Permission"
            raise RefusedError(403, "insufficientPermissions", text, headers=headers)
        return grant.account

    def _admit(self, bucket: Bucket, request: Request) -> None:
        """What is refused whatever IAM says."""
        if bucket.perimeter:
            text = "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: "
            raise RefusedError(403, "vpcServiceControls", text + bucket.perimeter)
        _let_in(bucket, self.state.source)
        if bucket.project.billing != "open":
            text = "The billing account for the owning project is disabled in state closed"
            extra = {"locationType": "header", "location": "Authorization"}
            raise RefusedError(403, "accountDisabled", text, error=extra)
        if bucket.setting("billing", "requesterPays") and "userProject" not in request.query:
            raise RefusedError(400, "required", "Bucket is requester pays bucket but no user project provided.")


def _challenge(error: str, **more: str) -> dict[str, str]:
    parts = {"realm": "https://accounts.google.com/", "error": error, **more}
    return {"WWW-Authenticate": "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parts.items())}


def _switched_on(project: Project) -> None:
    if project.api:
        return
    page = f"https://console.developers.google.com/apis/api/storage.googleapis.com/overview?project={project.number}"
    text = (
        f"Cloud Storage JSON API has not been used in project {project.number} before or it is disabled. Enable it by "
        f"visiting {page} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry."
    )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {"consumer": f"projects/{project.number}", "service": "storage.googleapis.com"},
    }
    extra = {"domain": "usageLimits", "extendedHelp": "https://console.developers.google.com"}
    raise RefusedError(403, "accessNotConfigured", text, error=extra, details=[detail])


def _let_in(bucket: Bucket, source: str) -> None:
    if bucket.setting("ipFilter", "mode") != "Enabled":
        return
    ranges = bucket.setting("ipFilter", "publicNetworkSource", "allowedIpCidrRanges") or ()
    if not any(ip_address(source) in ip_network(known) for known in ranges):
        text = "There is an IP filtering condition that is preventing access to the resource."
        raise RefusedError(403, "forbidden", text)
