"""What can happen to one request between its client and its server."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """The connection is reset before the server sees the request, or after it did what was asked."""

    committed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """No answer ever comes; the server saw the request only if `committed`."""

    committed: bool = False


@dataclass(frozen=True, slots=True)
class Shut:
    """The connection is reset unseen by the server, and every later one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Somebody between answers; `{url}` in a header becomes the address that was asked for."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    committed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """The server's answer arrives byte by byte, with a pause of so many seconds before each."""

    pause: float = 0.2


@dataclass(frozen=True, slots=True)
class Truncate:
    """Half of the server's body (or, without one, of its headers), then the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misstate:
    """The server's answer claims so many bytes more (or fewer) than it has, then the end."""

    off: int = 100


@dataclass(frozen=True, slots=True)
class Garble:
    """Half of the server's answer, then bytes that belong to no TLS record: for proxies that speak TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endless:
    """An answer without end, `body` again and again, until the client leaves."""

    status: int = 200
    body: bytes = b"<Error>" + b"x" * 8185
    committed: bool = False


Fault = Reset | Hang | Shut | Answer | Drip | Truncate | Misstate | Garble | Endless


_XML, _JSON = {"Content-Type": "application/xml"}, {"Content-Type": "application/json"}

LOGIN_PAGE = Answer(
    status=200,
    body=b"<html><title>Sign in to the guest network</title></html>",  # as XML well-formed: botocore is content
    headers={"Content-Type": "text/html"},
)
INTERNAL_ERROR = Answer(status=500)
SLOW_DOWN = Answer(
    status=503,
    body=b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
    headers=_XML,
)
TOO_MANY_REQUESTS = Answer(status=429, headers={"Retry-After": "1"})
BROKEN_XML = Answer(status=403, body=b"<Error><Code>AccessDenied</Code><Mess", headers=_XML)
BROKEN_JSON = Answer(status=403, body=b'{"error": {"code": 403, "mess', headers=_JSON)
REDIRECT_LOOP = Answer(status=307, headers={"Location": "{url}"})


def redirect(location: str) -> Answer:
    """Send the client to another address."""
    return Answer(status=307, headers={"Location": location})
