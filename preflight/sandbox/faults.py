"""What can go wrong on the way, the same for every cloud.

A scenario holds faults as tables, and a test injects them at run time:

    [[fault]]
    kind = "refuse"        # see Kind
    service = "s3"         # which endpoint; every one when left out
    request = "PUT *"      # glob over "METHOD target"; every request when left out
    skip = 1               # leaves the first matching request alone
    times = 2              # strikes twice; without it, always
    status = 503           # refuse, answer
    code = "SlowDown"      # refuse: in the wire shape of the service
    message = "Please reduce your request rate."
    headers = {Retry-After = "1"}
    body = "<html>…"       # answer: verbatim
    seconds = 30           # hang, slow
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from preflight.sandbox.exchange import Delivery, Request, Response


class Kind(StrEnum):
    REFUSE = "refuse"  # the service answers with an error of its own shape; nothing is done
    ANSWER = "answer"  # somebody between answers instead (proxy, portal, redirect); nothing is done
    RESET = "reset"  # the connection breaks before the service sees the request
    HANG = "hang"  # nothing at all for `seconds`, then the connection breaks
    LOSE = "lose"  # the service does it, the answer is lost
    CUT = "cut"  # the service does it, half of the promised answer arrives
    MALFORM = "malform"  # the service does it, the answer's body is broken off with a fitting length
    SLOW = "slow"  # the service does it, the answer takes `seconds`
    ENDLESS = "endless"  # the service does it, the answer never ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    kind: Kind
    service: str = "*"
    request: str = "*"
    skip: int = 0
    times: int | None = None
    status: int = 503
    code: str = "ServiceUnavailable"
    message: str = "Service is unable to handle request."
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = "not what you asked for"
    seconds: float = 60.0

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Fault:
        """A fault from its table; TypeError names an unknown field, ValueError an unknown kind."""
        return cls(**{**table, "kind": Kind(table["kind"])})

    def meets(self, service: str, request: Request) -> bool:
        return fnmatch.fnmatchcase(service, self.service) and fnmatch.fnmatchcase(str(request), self.request)


class Faults:
    """The faults of one world, each with the number of requests that it has met."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._met: list[tuple[Fault, list[Request]]] = [(fault, []) for fault in faults]

    def add(self, fault: Fault) -> None:
        self._met.append((fault, []))

    def strike(self, service: str, request: Request) -> Fault | None:
        """The first fault that is due for this request; counts the request for each fault that it meets."""
        due = None
        for fault, met in self._met:
            if fault.meets(service, request):
                met.append(request)
                last = float("inf") if fault.times is None else fault.skip + fault.times
                if due is None and fault.skip < len(met) <= last:
                    due = fault
        return due


def disturb(  # noqa: PLR0911 - one answer for each kind
    fault: Fault, serve: Callable[[], Response], refuse: Callable[[Fault], Response]
) -> Response:
    """The response under this fault: `serve` does the service's work, `refuse` speaks its error shape."""
    match fault.kind:
        case Kind.REFUSE:
            return refuse(fault)
        case Kind.ANSWER:
            headers = {"Content-Type": "text/html; charset=utf-8", **fault.headers}
            return Response(fault.status, headers, fault.body.encode())
        case Kind.RESET:
            return Response(0, delivery=Delivery.RESET)
        case Kind.HANG:
            return Response(0, delivery=Delivery.RESET, delay=fault.seconds)
        case Kind.LOSE:
            return replace(serve(), delivery=Delivery.RESET)
        case Kind.CUT:
            return replace(serve(), delivery=Delivery.CUT)
        case Kind.MALFORM:
            served = serve()
            return replace(served, body=served.body[: len(served.body) // 2] or b"<")
        case Kind.SLOW:
            return replace(serve(), delivery=Delivery.SLOW, delay=fault.seconds)
        case Kind.ENDLESS:
            return replace(serve(), delivery=Delivery.ENDLESS)
