"""boto3 clients that are cut off from the operator's environment and send through the gate only."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.config import Config
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import HTTPError

from preflight import __version__

BODY_LIMIT = 256 * 1024  # bytes; no answer that we ask for is longer


@dataclass
class Exchange(threading.local):
    """The last raw answer of this thread: what the parsed one does not keep.

    An ask that has run out of time is left behind in its thread, and must not write over a later one's answer.
    `whole` is false for a body that broke off or was cut off at the limit. `sent` is the request: method, URL and
    headers.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    skew: float | None = None
    whole: bool = True
    sent: tuple[str, str, dict[str, str]] = ("", "", {})

    def forget(self) -> None:
        self.status, self.headers, self.body, self.skew, self.whole = None, {}, b"", None, True


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a client is opened: where, as whom, and what may leave. No key means the operator's own chain."""

    service: str
    region: str
    endpoint: str | None
    timeout: float
    gate: Callable[[str, str, str], None]  # operation, method, URL; raises for what must not leave
    checksums: Literal["when_supported", "when_required"] = "when_supported"
    key: tuple[str, str] | None = None
    profile: str | None = None


def open_client(access: Access) -> tuple[BaseClient, Exchange]:
    """A client and the place where its last raw answer is kept. Raises botocore's errors for unusable values."""
    session = botocore.session.Session(session_vars=_cut_off() if access.key else None)
    if access.profile:
        session.set_config_variable("profile", access.profile)
    config = Config(
        signature_version="s3v4" if access.service == "s3" else None,
        connect_timeout=access.timeout,
        read_timeout=access.timeout,
        retries={"total_max_attempts": 1},
        request_checksum_calculation=access.checksums,
        response_checksum_validation="when_required",
        ignore_configured_endpoint_urls=True,  # type: ignore[call-arg]  # newer than the stubs
        user_agent_extra=f"preflight/{__version__}",
        parameter_validation=False,
        inject_host_prefix=False,
    )
    credentials: Mapping[str, Any] = {}
    if access.key:
        credentials = {"aws_access_key_id": access.key[0], "aws_secret_access_key": access.key[1]}
    client = session.create_client(
        access.service,
        region_name=access.region or "us-east-1",
        endpoint_url=access.endpoint,
        config=config,
        **credentials,
    )
    return client, _watch(client, access, session.get_config_variable("ca_bundle"))


def _cut_off() -> dict[str, Any]:
    """Session variables under which no profile, file or metadata address of this machine is looked at."""
    nothing = (None, None, None, None)
    return {
        "profile": nothing,
        "config_file": (None, None, "/nonexistent/config", None),
        "credentials_file": (None, None, "/nonexistent/credentials", None),
    }


def _watch(client: BaseClient, access: Access, ca_bundle: str | None) -> Exchange:
    """Send every request of the client ourselves: through the gate, with bounded bodies, without redirects."""
    exchange = Exchange()
    events = client.meta.events
    sender = URLLib3Session(
        verify=ca_bundle or True,  # type: ignore[arg-type]  # the stubs know only the flag
        timeout=(access.timeout, access.timeout),  # type: ignore[arg-type]  # nor a pair of seconds
        proxies=_proxies(client.meta.endpoint_url),
        # header and body leave as two segments
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],  # type: ignore[list-item]  # stubs
    )

    def send(request: AWSPreparedRequest, event_name: str = "", **_: object) -> AWSResponse:
        access.gate(event_name.rpartition(".")[2], request.method, request.url)
        exchange.forget()
        exchange.sent = (request.method, request.url, _sent(request))
        request.stream_output = True
        end = time.monotonic() + access.timeout
        response = sender.send(request)
        exchange.body, exchange.whole = _bounded(response, end)
        response._content = exchange.body  # type: ignore[attr-defined]  # noqa: SLF001 - so that the parser reads no further
        exchange.status = response.status_code
        exchange.headers = {name.lower(): value for name, value in response.headers.items()}
        exchange.skew = _skew(exchange.headers.get("date"))
        return response

    def stay(context: dict[str, Any], **_: object) -> None:
        # botocore would follow a region redirect by itself and hide the very fault that we look for
        context.setdefault("s3_redirect", {})["redirected"] = True

    events.register_first(f"before-send.{access.service}", send)  # type: ignore[arg-type]  # this event takes an answer
    events.register("before-call.s3", stay)
    return exchange


def _sent(request: AWSPreparedRequest) -> dict[str, str]:
    """The headers as they leave; the host is added by the connection."""
    headers = {str(name).lower(): _text(value) for name, value in request.headers.items()}
    return {"host": urlsplit(request.url).netloc, **headers}


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _proxies(url: str) -> dict[str, str]:
    from botocore.utils import get_environ_proxies

    return dict(get_environ_proxies(url))


def _bounded(response: AWSResponse, end: float) -> tuple[bytes, bool]:
    """The body up to the limit and the end of time, and whether that is all of it.

    One that breaks off still tells its status. `read1` gives what is there: a larger read waits for bytes that drip.
    """
    found = bytearray()
    try:
        while chunk := response.raw.read1(16 * 1024, decode_content=True):
            found += chunk
            if len(found) > BODY_LIMIT or time.monotonic() > end:
                break
        else:
            return bytes(found), True
    except (HTTPError, OSError):
        pass
    response.raw.close()
    return bytes(found[:BODY_LIMIT]), False


def _skew(date: str | None) -> float | None:
    """Seconds that the server's clock is ahead of ours."""
    try:
        return parsedate_to_datetime(date).timestamp() - time.time() if date else None
    except (TypeError, ValueError):
        return None
