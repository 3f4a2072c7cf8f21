"""A token endpoint in the shape of Entra ID, for clients that log in before they talk to Azurite."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from azure.identity import ClientSecretCredential

from tests.servers.authority import Authority

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "66666666-7777-8888-9999-000000000000"
SECRET = "entra-secret"
AUDIENCE = "https://storage.azure.com"


@dataclass(frozen=True, slots=True)
class Entra:
    """A running token endpoint with one application, which holds one secret."""

    authority: str
    ca: Path
    tenant: str = TENANT
    client: str = CLIENT
    secret: str = SECRET

    def credential(self, secret: str = SECRET) -> ClientSecretCredential:
        return ClientSecretCredential(
            self.tenant,
            self.client,
            secret,
            authority=self.authority,
            disable_instance_discovery=True,
            connection_verify=str(self.ca),
            retry_total=0,
        )


@pytest.fixture(scope="session")
def fake_entra(authority: Authority) -> Iterator[Entra]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate, authority.key)
    with _Server(("127.0.0.1", 0), _Login) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Entra(f"https://127.0.0.1:{server.server_port}", authority.ca)
        server.shutdown()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that breaks off its handshake is a test, not a fault."""


class _Login(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep the tests' output theirs."""

    def do_GET(self) -> None:
        base = f"https://{self.headers['Host']}/{TENANT}"
        self._answer(
            200,
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            },
        )

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if form.get("client_secret") != [SECRET]:
            self._answer(401, _refusal(7000215, "Invalid client secret provided."))
        elif form.get("client_id") != [CLIENT]:
            self._answer(400, _refusal(700016, "Application with identifier was not found in the directory."))
        else:
            self._answer(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": _token()})

    def _answer(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _refusal(number: int, text: str) -> dict[str, object]:
    kind = "invalid_client" if number == 7000215 else "unauthorized_client"
    return {"error": kind, "error_description": f"AADSTS{number}: {text}", "error_codes": [number]}


def _token() -> str:
    """Return what Azurite looks at: a v1 issuer, the audience of storage, times, tenant and object."""
    now = int(time.time())
    times = {"iat": now, "nbf": now - 60, "exp": now + 3600}
    who = {"tid": TENANT, "oid": CLIENT, "appid": CLIENT}
    issuer = f"https://sts.windows.net/{TENANT}/"
    head = {"alg": "HS256", "typ": "JWT"}
    return f"{_part(head)}.{_part({'aud': AUDIENCE, 'iss': issuer} | times | who)}.{_part('nobody verifies')}"


def _part(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()
