"""Keeps tests on this machine and out of the home, the credentials and the proxies of whoever runs them."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any, Never

import pytest

FOREIGN = re.compile(
    r"(AWS|AZURE|ARM|GOOGLE|CLOUDSDK|GCE|GCP|STORAGE|BOTO|RCLONE|STREAM|PREFLIGHT|GITHUB|XDG|HTTPLIB2|GRPC)_.*"
    r"|(HTTPS?|ALL|NO|FTP)_PROXY|.*_CA_BUNDLE|.*SSL_CERT_\w+|SSLKEYLOGFILE|NODE_EXTRA_CA_CERTS"
    r"|(IDENTITY|MSI)_\w+|CI|COLUMNS|LINES|FORCE_COLOR|CLICOLOR\w*",
    re.IGNORECASE,
)
"""Variables that steer a cloud SDK, TLS, a proxy or our own output."""

SETTINGS = {"AWS_EC2_METADATA_DISABLED": "true", "NO_GCE_CHECK": "true", "NO_COLOR": "1"}


RESERVED = re.compile(r"(.*\.)?(test|example|invalid|example\.(com|net|org))\.?", re.IGNORECASE)
"""Names that never exist (RFC 2606, 6761): a look-up fails as it would anywhere, without asking."""


class LeftLoopbackError(Exception):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def _clean_process() -> Iterator[None]:
    """Clean before the first server starts, so that servers in this process are clean too."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if FOREIGN.fullmatch(name)]:
            patch.delenv(name)
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def _own_home(_clean_process: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home: state, caches, profiles and journals start from nothing."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def environment(_own_home: None) -> dict[str, str]:
    """The clean environment, to start a command with; change the copy freely."""
    return dict(os.environ)


@pytest.fixture(scope="session", autouse=True)
def escapes() -> Iterator[list[str]]:
    """Refuse connections and name look-ups beyond this machine; collect where they wanted to go."""
    escapes: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for verb in ("connect", "connect_ex"):
            patch.setattr(socket.socket, verb, _guard(getattr(socket.socket, verb), escapes))
        patch.setattr(socket, "getaddrinfo", _look_up(socket.getaddrinfo, escapes))
        yield escapes


@pytest.fixture(autouse=True)
def _stayed_here(escapes: list[str]) -> Iterator[None]:
    """Fail the test even where the code under test took the refusal quietly."""
    escapes.clear()
    yield
    assert not escapes, f"reached out to {escapes}"


def _guard(connect: Callable[..., Any], escapes: list[str]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            _refuse(address[0], escapes)
        return connect(self, address)

    return guarded


def _look_up(getaddrinfo: Callable[..., Any], escapes: list[str]) -> Callable[..., Any]:
    def looked_up(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not name or _is_address(name) or name == "localhost":
            return getaddrinfo(host, *args, **options)
        if name.endswith(".localhost"):  # RFC 6761: always loopback; glibc would ask the network
            return getaddrinfo("127.0.0.1", *args, **options)
        if RESERVED.fullmatch(name):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        _refuse(name, escapes)

    return looked_up


def _refuse(host: str, escapes: list[str]) -> Never:
    escapes.append(host)
    raise LeftLoopbackError(f"a test tried to reach {host}; only loopback is allowed")


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
