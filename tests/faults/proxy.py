"""A proxy that stands before a real server, does harm on request, and remembers all that left the client."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest

from tests.faults.fault import (
    Answer,
    Drip,
    Endless,
    Fault,
    Garble,
    Hang,
    Misstate,
    Reset,
    Shut,
    Truncate,
)
from tests.faults.wire import Connection, Request, Response, forward
from tests.servers.authority import Authority


class Door(Enum):
    """How connections are received, before any request."""

    OPEN = "open"
    SHUT = "shut"  # connection refused
    SLAM = "slam"  # accepted and reset, so that a TLS handshake breaks off
    SILENT = "silent"  # accepted, and never a byte


@dataclass(slots=True)
class Rule:
    """`fault` strikes requests whose method is `method` and whose target holds `target` (empty: any).

    It leaves the first `skip` of them alone and strikes at most `times`.
    """

    fault: Fault
    method: str = ""
    target: str = ""
    skip: int = 0
    times: int | None = None
    _met: int = field(default=0, init=False)

    def strikes(self, request: Request) -> bool:
        if self.method not in {"", request.method} or self.target not in request.target:
            return False
        self._met += 1
        last = None if self.times is None else self.skip + self.times
        return self._met > self.skip and (last is None or self._met <= last)


class FaultProxy:
    """A running proxy; `endpoint` takes the place of the server's own.

    `seen` holds every request that arrived; `committed` those that the server answered, with its status.
    """

    def __init__(self, upstream: str, ca: Path | None = None, tls: Authority | None = None) -> None:
        self.seen: list[Request] = []
        self.committed: list[tuple[Request, int]] = []
        self._upstream, self._ca, self._context = urlsplit(upstream), ca, _context(tls)
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._connections: set[Connection] = set()
        self._threads: list[threading.Thread] = []
        self._door = Door.OPEN
        self._listener = _listen(0)
        self._port: int = self._listener.getsockname()[1]
        self._spawn(self._accept, self._listener)

    @property
    def endpoint(self) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://127.0.0.1:{self._port}{self._upstream.path}"

    def strike(
        self, fault: Fault, *, method: str = "", target: str = "", skip: int = 0, times: int | None = None
    ) -> None:
        """Add a rule (see `Rule`); the first rule that strikes a request decides."""
        with self._lock:
            self._rules.append(Rule(fault, method, target, skip, times))

    def calm(self) -> None:
        """Forget rules and requests, open the door, let go of what hangs."""
        with self._lock:
            self._rules.clear()
        self._released.set()
        self._released = threading.Event()
        self.seen.clear()
        self.committed.clear()
        self.door(Door.OPEN)

    def door(self, door: Door) -> None:
        """Receive connections like this from now on."""
        was, self._door = self._door, door
        if door is Door.SHUT and was is not Door.SHUT:
            self._stop_listening()
            self._interrupt()
        if door is not Door.SHUT and was is Door.SHUT:
            self._listener = _listen(self._port)
            self._spawn(self._accept, self._listener)

    def close(self) -> None:
        self.door(Door.SHUT)
        self._released.set()
        self._interrupt()
        for thread in self._threads:
            thread.join(10)

    def _stop_listening(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which a mere close does not
        self._listener.close()

    def _interrupt(self) -> None:
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.interrupt()

    def _spawn(self, work: Callable[[socket.socket], None], sock: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(sock,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # the door was shut
            while True:
                self._spawn(self._receive, listener.accept()[0])

    def _receive(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:  # the client left: its business
            match self._door:
                case Door.SLAM | Door.SHUT:
                    Connection(sock).reset()
                case Door.SILENT:
                    self._released.wait()
                case Door.OPEN:
                    self._serve(self._context.wrap_socket(sock, server_side=True) if self._context else sock)

    def _serve(self, sock: socket.socket) -> None:
        connection = Connection(sock)
        with self._lock:
            self._connections.add(connection)
        try:
            for request in connection.requests():
                self.seen.append(request)
                if not self._handle(connection, request):
                    break
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _handle(self, connection: Connection, request: Request) -> bool:
        """Answer, or do harm; False when the connection must not live on."""
        with self._lock:
            fault = next((rule.fault for rule in self._rules if rule.strikes(request)), None)
        if fault is None:
            answer = self._forward(request)
            connection.send(answer.head + answer.body)
            return True
        self._harm(fault, connection, request)
        return False

    def _harm(  # noqa: C901 - one case per fault, and nothing more
        self, fault: Fault, connection: Connection, request: Request
    ) -> None:
        released = self._released
        match fault:
            case Reset(committed=committed):
                self._forward_if(committed, request)
                connection.reset()
            case Hang(committed=committed):
                self._forward_if(committed, request)
                released.wait()
            case Shut():
                self._stop_listening()
                connection.reset()
                self._door = Door.SHUT
                self._interrupt()
            case Answer(committed=committed):
                self._forward_if(committed, request)
                answer = self._instead(fault, request)
                connection.send(answer.head + answer.body)
            case Drip(pause=pause):
                answer = self._forward(request)
                for byte in answer.head + answer.body:
                    if released.wait(pause):
                        break
                    connection.send(bytes([byte]))
            case Truncate():
                connection.send(_half(self._forward(request)))
            case Misstate(off=off):
                answer = self._forward(request)
                connection.send(replace(answer, length=max(0, len(answer.body) + off)).head + answer.body)
            case Garble():
                connection.send(_half(self._forward(request)))
                connection.send_beneath_tls(b"\0" * 64)
            case Endless(status=status, body=body, committed=committed):
                self._forward_if(committed, request)
                connection.send(Response(status, (("Content-Type", "application/xml"),)).head)
                while not released.is_set():
                    connection.send(body)

    def _forward(self, request: Request) -> Response:
        answer = forward(request, self._upstream, self._ca)
        self.committed.append((request, answer.status))
        return answer

    def _forward_if(self, committed: bool, request: Request) -> None:  # noqa: FBT001 - the fault's own word
        if committed:
            self._forward(request)

    def _instead(self, answer: Answer, request: Request) -> Response:
        scheme = "https" if self._context else "http"
        url = f"{scheme}://{request.headers.get('host', '')}{request.target}"
        headers = [(name, value.replace("{url}", url)) for name, value in answer.headers.items()]
        body = b"" if request.method == "HEAD" else answer.body
        return Response(answer.status, (*headers, ("Connection", "close")), body, len(answer.body))


class Server(Protocol):
    """What the fixtures of servers have in common."""

    @property
    def endpoint(self) -> str: ...


@pytest.fixture
def fault_proxy(authority: Authority) -> Iterator[Callable[..., FaultProxy]]:
    """Return `fault_proxy(server, tls=False)`: a new proxy before `server`, ended with the test.

    With `tls`, clients talk https to it and need `authority.ca`, whatever the server itself speaks.
    """
    proxies: list[FaultProxy] = []

    def stand_before(server: Server, *, tls: bool = False) -> FaultProxy:
        proxy = FaultProxy(server.endpoint, authority.ca, authority if tls else None)
        proxies.append(proxy)
        return proxy

    yield stand_before
    for proxy in proxies:
        proxy.close()


def _half(answer: Response) -> bytes:
    if answer.body:
        return answer.head + answer.body[: len(answer.body) // 2]
    return answer.head[: len(answer.head) // 2]


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=64)


def _context(tls: Authority | None) -> ssl.SSLContext | None:
    if tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate, tls.key)
    return context
