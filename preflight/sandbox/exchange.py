"""One HTTP request as it arrived and one response as it shall leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qsl, unquote


class Delivery(Enum):
    """How a response travels; all but `WHOLE` are faults."""

    WHOLE = "whole"
    RESET = "reset"  # not a byte, the connection is reset
    CUT = "cut"  # half of the body that the length promises, then the end
    SLOW = "slow"  # byte by byte, spread over the delay
    ENDLESS = "endless"  # the body again and again, until the client leaves


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is the raw path and query; header names are in lower case, repeated ones joined by a comma."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    secure: bool = False  # came over TLS
    source: str = "127.0.0.1"

    def __str__(self) -> str:
        return f"{self.method} {self.target}"

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def raw_query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """The server adds `Date` and `Content-Length` where they are missing; a HEAD never carries its body.

    `delay` is in seconds: waited before the first byte, or spread over the bytes of a `SLOW` delivery.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delivery: Delivery = Delivery.WHOLE
    delay: float = 0.0
