"""The one place where requests to Azure leave: only those foreseen, and no more of the answer than is read."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from azure.core.pipeline.transport import HttpTransport, RequestsTransport
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

BODY_LIMIT = 64 * 1024  # bytes; what the storage and the token endpoints say is far shorter


class ForbiddenRequestError(RuntimeError):
    """A request that preflight never sends was about to leave: a bug here, or somebody leads us astray."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request about to leave. `path` is unquoted, header names are in lower case."""

    method: str
    origin: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answered request. Header names are in lower case; `whole` is false for a body that was broken or cut off."""

    method: str
    origin: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: str
    whole: bool
    skew: float | None  # seconds that the other clock is ahead of ours


Allows = Callable[[Call], bool]


def wire(timeout: float) -> RequestsTransport:
    """Connections to share between doors; verified by the ordinary `REQUESTS_CA_BUNDLE` or the built-in authorities."""
    transport = RequestsTransport(connection_timeout=timeout, read_timeout=timeout)
    transport.open()
    # An identity of its own, if an empty one: otherwise a .netrc of the operator would replace the writer's.
    transport.session.auth = _as_it_stands
    return transport


class Door(HttpTransport):  # type: ignore[type-arg]  # carries both of azure-core's kinds of request
    """Sends what `allows` lets through, over a shared wire, and keeps what was answered."""

    def __init__(self, shared: RequestsTransport, allows: Allows, limit: int = BODY_LIMIT) -> None:
        self._wire = shared
        self._limit = limit
        self._allows = allows
        self.exchanges: list[Exchange] = []

    def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401 - two unrelated types of azure-core
        call = _call(request)
        if not self._allows(call):
            raise ForbiddenRequestError(f"{call.method} {call.origin}{call.path}")
        # Unread, so that nobody can make us swallow an endless body.
        end = time.monotonic() + self._wire.connection_config.read_timeout
        response = self._wire.send(request, **{**options, "stream": True})
        received = time.time()
        body, whole = _read(response.internal_response, self._limit, end)
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.exchanges.append(
            Exchange(
                method=call.method,
                origin=call.origin,
                path=call.path,
                status=response.status_code,
                headers=headers,
                body=body.decode("utf-8-sig", "replace"),
                whole=whole,
                skew=_skew(headers.get("date"), received),
            )
        )
        return response

    def open(self) -> None:
        self._wire.open()

    def close(self) -> None:
        """The wire is shared and outlives this door."""

    def __exit__(self, *_: object) -> None:
        self.close()


def _as_it_stands(request: Any) -> Any:  # noqa: ANN401 - a `requests.PreparedRequest`
    return request


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    return _origin(urlsplit(url))


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}".lower()


def _call(request: Any) -> Call:  # noqa: ANN401 - as above
    parts = urlsplit(request.url)
    return Call(
        method=request.method.upper(),
        origin=_origin(parts),
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): str(value) for name, value in request.headers.items()},
    )


def _read(answer: Any, limit: int, end: float) -> tuple[bytes, bool]:  # noqa: ANN401 - a `requests.Response`, whose `raw` is untyped
    """Read the body up to the limit and the end of time, and put what was read back in its place for the SDK.

    `read1` gives what is there: a larger read waits for bytes that drip.
    """
    body, whole = b"", True
    try:
        while chunk := answer.raw.read1(limit - len(body), decode_content=True):
            body += chunk
            if len(body) >= limit or time.monotonic() > end:
                whole = False
                break
    except (HTTPError, OSError):
        whole = False
    if whole:
        answer.raw.release_conn()
    else:
        answer.raw.close()
    answer.raw = HTTPResponse(io.BytesIO(body), preload_content=False)
    answer.headers.pop("Content-Encoding", None)
    return body, whole


def _skew(date: str | None, received: float) -> float | None:
    try:
        return round(parsedate_to_datetime(date).timestamp() - received, 1) if date else None
    except (TypeError, ValueError):
        return None
