"""The one door through which requests to Google leave: what may pass, for how long, and what came back.

Every session, the SDK's included, sends through it. A request that no `Pass` allows is our own bug and raises
`NotAllowedError` before a byte has left. Answers are bounded in size and time; redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as low

from preflight.providers.gcs.refusals import Answer

BODY_LIMIT = 1 << 20  # bytes; a bucket's IAM policy may be some hundred kilobytes
_CHUNK = 65_536
_NEVER = frozenset({"userProject", "predefinedAcl"})  # Stream sends neither, so the check must not
_NO_HANDSHAKE = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST"})


class NotAllowedError(Exception):
    """Our own bug: a request that preflight never sends."""


class NoTimeError(requests.exceptions.Timeout):
    """The time of the ask was over before this request could leave."""


class UnboundedError(requests.exceptions.RequestException):
    """An answer larger than any that Google gives here."""


class StrayUploadError(requests.exceptions.RequestException):
    """An answer that sends an upload to an address which is not the service's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One kind of request that may leave: an exact URL without its query, and what the query must hold.

    `names` is the object that a body has to name; `writes`: an object may exist afterwards.
    """

    operation: str
    stage: str
    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    names: str | None = None
    writes: bool = False

    def admits(self, method: str, url: str, body: bytes = b"") -> bool:
        bare, _, query = url.partition("?")
        given = parse_qs(query, keep_blank_values=True)
        return (
            (self.method, self.url) == (method, bare)
            and all(name in given and value in ("*", *given[name]) for name, value in self.query.items())
            and _NEVER.isdisjoint(given)
            and (self.names is None or _named(body) == self.names)
        )


@dataclass(slots=True)
class Visit:
    """One attempt on its way: what may pass, until when, what was sent last and the whole answer to it."""

    passes: tuple[Pass, ...]
    deadline: float
    sent: Pass | None = None
    answer: Answer | None = None


class Door(HTTPAdapter):
    """Each thread has its own visit, so that an ask that was given up cannot disturb the next one."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)
        self._here = threading.local()

    def open(self, passes: Iterable[Pass], deadline: float) -> Visit:
        """Let these requests of the current thread leave until `deadline` (`time.monotonic`)."""
        visit = self._here.visit = Visit(tuple(passes), deadline)
        return visit

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the base class's signature
        timeout: object = None,  # noqa: ARG002 - ours holds
        verify: bool | str = True,  # noqa: FBT001, FBT002 - likewise
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        visit, way = self._admit(request)
        visit.sent, visit.answer = way, None
        left = visit.deadline - time.monotonic()
        if left <= 0:
            raise NoTimeError("no time was left to send this request", request=request)
        through = {} if is_loopback(way.url) else proxies
        response = super().send(request, stream=True, timeout=left, verify=verify, cert=cert, proxies=through)
        body = b"".join(_bounded(response, visit.deadline))
        # requests has no public way to hand over a body that has been read.
        response._content = body  # noqa: SLF001 - hence
        response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001 - hence, too
        visit.answer = _answer(way, response, body)
        _keep_home(visit, response)
        return response

    def _admit(self, request: requests.PreparedRequest) -> tuple[Visit, Pass]:
        visit: Visit | None = getattr(self._here, "visit", None)
        method, url = request.method or "", request.url or ""
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        way = next((way for way in visit.passes if way.admits(method, url, body)), None) if visit else None
        if visit is None or way is None:
            raise NotAllowedError(f"{method} {url.partition('?')[0]} is nothing that preflight sends here")
        return visit, way


def never_sent(error: BaseException | None) -> bool:
    """Whether a failed request surely did not reach the service: no time, name, connection or handshake."""
    unsent = (
        NoTimeError,
        low.NewConnectionError,
        low.NameResolutionError,
        low.ConnectTimeoutError,
        low.ProxyError,
        ssl.SSLCertVerificationError,
    )
    return any(
        isinstance(cause, unsent) or (isinstance(cause, ssl.SSLError) and cause.reason in _NO_HANDSHAKE)
        for cause in chain(error)
    )


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that it wraps, the outermost first; libraries wrap in four different ways."""
    seen: list[object] = []
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, BaseException) and not any(found is other for other in seen):
            seen.append(found)
            yield found
            waiting += [found.__cause__, getattr(found, "reason", None), found.__context__, *found.args]


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _bounded(response: requests.Response, deadline: float) -> Iterator[bytes]:
    """The body as it comes, so that neither its size nor its slowness is without bound."""
    size = 0
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > BODY_LIMIT:
                raise UnboundedError(f"the answer is larger than {BODY_LIMIT} bytes", response=response)
            if time.monotonic() > deadline:
                raise requests.exceptions.ReadTimeout("the answer did not end in time", response=response)
            yield chunk
    except requests.exceptions.RequestException:
        response.close()
        raise
    except (low.HTTPError, OSError) as error:
        response.close()
        raise requests.exceptions.ConnectionError(error, request=response.request) from error
    response.raw.release_conn()


def _answer(way: Pass, response: requests.Response, body: bytes) -> Answer:
    return Answer(
        operation=way.operation,
        stage=way.stage,
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=body,
        resumable=way.query.get("uploadType") == "resumable",
    )


def _keep_home(visit: Visit, response: requests.Response) -> None:
    """An upload is continued, with our token, where the answer says: that must be where it began."""
    onward = response.headers.get("location")
    if response.ok and onward and not any(way.admits("PUT", onward) for way in visit.passes):
        host = urlsplit(onward).hostname
        raise StrayUploadError(f"the answer sends the upload on to {host}, which is not where it began")


def _named(body: bytes) -> str | None:
    """The object name in the body of an insert: plain JSON, or the first part of a multipart body."""
    text = body.decode("utf-8", "replace")
    try:
        document, _ = json.JSONDecoder().raw_decode(text, max(text.find("{"), 0))
    except ValueError:
        return None
    name = document.get("name") if isinstance(document, dict) else None
    return name if isinstance(name, str) else None
