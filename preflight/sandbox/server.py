"""The loopback server: a port per service, one thread that accepts, one per connection."""

from __future__ import annotations

import contextlib
import http.server
import selectors
import socket
import ssl
import struct
import threading
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from preflight.sandbox.exchange import Delivery, Request, Response
from preflight.sandbox.faults import disturb
from preflight.sandbox.world import Service, World

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close sends RST, as a broken network would


class Port(http.server.ThreadingHTTPServer):
    """One service on a free port of 127.0.0.1. A closed one holds its port and refuses connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32
    allow_reuse_address = False
    timeout = 0  # `handle_request` is called when somebody waits, and must not wait if they left again

    def __init__(
        self, name: str, service: Service, world: World, context: ssl.SSLContext | None, *, closed: bool
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Connection, bind_and_activate=False)
        self.name, self.service, self.world, self.context = name, service, world, context
        self._connected: set[socket.socket] = set()
        self.server_bind()
        if not closed:
            self.server_activate()

    def server_bind(self) -> None:
        # HTTPServer asks the resolver for our own name here, which can take seconds and is of no use.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.context is not None:
            # The handshake waits for the first read, in the connection's own thread.
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base class
        self._connected.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as the base class
        self._connected.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection that a client has kept open, and with it the thread that waits on it."""
        for connection in tuple(self._connected):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the type of the base class
        """Clients leave in the middle of things; that is no news."""

    def answer(self, request: Request) -> Response:
        world = self.world
        with world.turn:
            world.served.append((self.name, request))
            fault = world.faults.strike(self.name, request)
            if fault is None:
                return self._serve(request)
            return disturb(fault, lambda: self._serve(request), lambda fault: self.service.refuse(request, fault))

    def _serve(self, request: Request) -> Response:
        try:
            return self.service.handle(request)
        except Exception as crash:  # noqa: BLE001 - kept, and raised when the sandbox is left
            self.world.crashes.append(crash)
            return Response(500, {"Content-Type": "text/plain"}, f"the sandbox has a fault: {crash!r}".encode())


class _Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Port

    def handle_one_request(self) -> None:
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            return super().handle_one_request()
        self.close_connection = True
        return None

    def _serve(self) -> None:
        names = dict.fromkeys(name.lower() for name in self.headers)
        request = Request(
            self.command,
            # Not `self.path`, from which the base class strips repeated slashes: signatures cover them.
            self.requestline.split()[1],
            {name: ",".join(self.headers.get_all(name, ())) for name in names},
            self._body(),
            self.server.context is not None,
            self.client_address[0],
        )
        self._send(self.server.answer(request))

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - fixed names

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = bytearray()
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return bytes(body)

    def _send(self, response: Response) -> None:
        closing, delivery = self.server.world.closing, response.delivery
        if delivery is not Delivery.SLOW and response.delay and closing.wait(response.delay):
            delivery = Delivery.RESET
        if delivery is Delivery.RESET:
            self._reset()
            return
        self._send_head(response)
        body = b"" if self.command == "HEAD" else response.body
        match delivery:
            case Delivery.WHOLE:
                self.wfile.write(body)
            case Delivery.CUT:
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            case Delivery.SLOW:
                for byte in body or b" ":
                    if closing.wait(response.delay / max(len(body), 1)):
                        break
                    self.wfile.write(bytes([byte]))
            case Delivery.ENDLESS:
                while not closing.is_set():
                    self.wfile.write((body or b" ") * 64)

    def _send_head(self, response: Response) -> None:
        headers: dict[str, str] = {"Date": format_datetime(self.server.world.now(), usegmt=True)}
        if response.delivery is Delivery.ENDLESS:
            headers["Connection"] = "close"
        else:
            # A cut answer without a body still promises one.
            promised = len(response.body) or (1 if response.delivery is Delivery.CUT else 0)
            headers["Content-Length"] = str(promised)
        if response.status in {204, 304}:
            del headers["Content-Length"]
        given = {name.lower() for name in response.headers}
        self.send_response_only(response.status)
        for name, value in headers.items():
            if name.lower() not in given:
                self.send_header(name, value)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        # Both streams hold the socket open until the thread ends: close it for good, now.
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """The world keeps what was asked; nothing is printed."""


class Server:
    """All services of one world: open between `start` and `stop`."""

    def __init__(self, services: Mapping[str, Service], world: World, context: ssl.SSLContext | None) -> None:
        closed = world.scenario.closed
        self.ports = {
            name: Port(name, service, world, context, closed=name in closed) for name, service in services.items()
        }
        self._world = world
        self._wake, self._woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._accept, name="sandbox", daemon=True)

    def start(self) -> None:
        self._selector.register(self._woken, selectors.EVENT_READ)
        for name, port in self.ports.items():
            if name not in self._world.scenario.closed:
                self._selector.register(port, selectors.EVENT_READ, port)
        self._thread.start()

    def stop(self) -> None:
        self._world.closing.set()
        self._wake.send(b"\0")
        self._thread.join()
        self._selector.close()
        for port in self.ports.values():
            port.hang_up()
            port.server_close()
        self._wake.close()
        self._woken.close()

    def _accept(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                key.data.handle_request()
