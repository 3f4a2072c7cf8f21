"""HTTP messages as they travel: requests kept byte for byte, for their signatures; answers as parts."""

import os
import socket
import ssl
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import SplitResult

RESET_ON_CLOSE = struct.pack("ii", 1, 0)

HTTP = (b" HTTP/1.1\r\n", b" HTTP/1.0\r\n")

FRAMING = {"connection", "content-length", "keep-alive", "transfer-encoding"}
"""Headers that say how an answer travels, not what it is."""


@dataclass(frozen=True, slots=True)
class Request:
    """`head` runs to the empty line, `body` is as framed: both exactly as they left the client."""

    head: bytes
    body: bytes = b""

    @property
    def method(self) -> str:
        return self.head.split(b" ", 2)[0].decode("latin-1")

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        """By lower-case name."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return {name.lower(): value.strip() for name, _, value in pairs}

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, its body unframed; `length` is what it will claim, None for no claim at all."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    length: int | None = None

    @property
    def head(self) -> bytes:
        reason = HTTPStatus(self.status).phrase
        claim = [("Content-Length", str(self.length))] if self.length is not None else []
        lines = [f"{name}: {value}" for name, value in (*self.headers, *claim)]
        return "\r\n".join([f"HTTP/1.1 {self.status} {reason}", *lines, "", ""]).encode("latin-1")


class Connection:
    """One client's connection, plain or inside TLS."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")

    def requests(self) -> Iterator[Request]:
        """Yield every request until the client leaves."""
        while request := self._read():
            yield request

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def send_beneath_tls(self, data: bytes) -> None:
        os.write(self._sock.fileno(), data)

    def reset(self) -> None:
        """End with a reset instead of an orderly close."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.close()

    def interrupt(self) -> None:
        """Wake whoever waits on this connection in another thread."""
        try:
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        except OSError:
            return  # gone already

    def close(self) -> None:
        self._file.close()
        self._sock.close()

    def _read(self) -> Request | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._file.readline()
            if not line or not (head or line.endswith(HTTP)):
                return None  # the client left, or never spoke HTTP
            head += line
        headers = Request(head).headers
        if headers.get("expect") == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if headers.get("transfer-encoding") == "chunked":
            return Request(head, self._read_chunks())
        return Request(head, self._file.read(int(headers.get("content-length", 0))))

    def _read_chunks(self) -> bytes:
        body, size = b"", 1
        while size:
            line = self._file.readline()
            size = int(line.partition(b";")[0], 16)
            body += line + self._file.read(size + 2)  # the last chunk is empty, and trailers are not sent
        return body


def forward(request: Request, upstream: SplitResult, ca: Path | None) -> Response:
    """Send `request` unchanged to `upstream` over a new connection and return its whole answer."""
    address = (upstream.hostname or "127.0.0.1", upstream.port or 80)
    with socket.create_connection(address, timeout=30) as plain:
        sock = _secure(plain, address[0], ca) if upstream.scheme == "https" else plain
        with sock:
            sock.sendall(request.head + request.body)
            answer = HTTPResponse(sock, method=request.method)
            answer.begin()
            body = answer.read()
            kept = tuple(pair for pair in answer.getheaders() if pair[0].lower() not in FRAMING)
            claimed = answer.getheader("Content-Length")
            answer.close()
    if request.method == "HEAD" and claimed is not None:
        return Response(answer.status, kept, b"", int(claimed))
    return Response(answer.status, kept, body, None if answer.status == 204 else len(body))


def _secure(plain: socket.socket, host: str, ca: Path | None) -> ssl.SSLSocket:
    return ssl.create_default_context(cafile=ca).wrap_socket(plain, server_hostname=host)
