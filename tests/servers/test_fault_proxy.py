"""The fault proxy does to a real server's answers exactly what it was told, and remembers what it saw."""

import http.client
import socket
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ResponseStreamingError,
)

from tests.faults.fault import (
    BROKEN_XML,
    LOGIN_PAGE,
    REDIRECT_LOOP,
    TOO_MANY_REQUESTS,
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
from tests.faults.proxy import Door, FaultProxy
from tests.servers.authority import Authority
from tests.servers.aws_client import aws_client
from tests.servers.radosgw import Radosgw

Stand = Callable[..., FaultProxy]


@pytest.fixture
def proxy(fault_proxy: Stand, radosgw: Radosgw) -> FaultProxy:
    return fault_proxy(radosgw)


@pytest.fixture
def bucket(radosgw: Radosgw) -> str:
    return radosgw.create_bucket()


def through(proxy: FaultProxy, server: Radosgw) -> Any:
    return aws_client("s3", proxy.endpoint, server.admin.access_key, server.admin.secret, server.ca)


def keys(server: Radosgw, bucket: str) -> list[str]:
    return [found["Key"] for found in server.admin.client().list_objects_v2(Bucket=bucket).get("Contents", [])]


def raw(proxy: FaultProxy, authority: Authority | None = None) -> http.client.HTTPConnection:
    address = urlsplit(proxy.endpoint)
    if authority is None:
        return http.client.HTTPConnection(str(address.hostname), address.port, timeout=0.3)
    trust = ssl.create_default_context(cafile=authority.ca)
    return http.client.HTTPSConnection(str(address.hostname), address.port, timeout=5, context=trust)


@pytest.mark.parametrize("tls", [False, True])
def test_without_rules_it_is_not_there(fault_proxy: Stand, radosgw: Radosgw, bucket: str, *, tls: bool) -> None:
    """Signed requests pass unharmed, plain or over TLS, and every one is remembered with its headers."""
    proxy = fault_proxy(radosgw, tls=tls)
    client = through(proxy, radosgw)
    client.put_object(Bucket=bucket, Key="a", Body=b"a" * 100_000)
    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a" * 100_000
    assert client.head_object(Bucket=bucket, Key="a")["ContentLength"] == 100_000
    assert [str(request) for request in proxy.seen] == [f"{verb} /{bucket}/a" for verb in ("PUT", "GET", "HEAD")]
    assert proxy.seen[0].headers["host"] == urlsplit(proxy.endpoint).netloc
    assert radosgw.admin.access_key in proxy.seen[0].headers["authorization"]
    assert proxy.seen[0].body == b"a" * 100_000


def test_lost_answer_leaves_the_object(proxy: FaultProxy, radosgw: Radosgw, bucket: str) -> None:
    """The client learns of a broken connection while the object exists."""
    proxy.strike(Reset(committed=True), method="PUT")
    with pytest.raises(ConnectionClosedError):
        through(proxy, radosgw).put_object(Bucket=bucket, Key="a", Body=b"a")
    assert keys(radosgw, bucket) == ["a"]
    assert [status for _, status in proxy.committed] == [200]


def test_reset_before_leaves_nothing(proxy: FaultProxy, radosgw: Radosgw, bucket: str) -> None:
    """The same broken connection, and the server never saw the request."""
    proxy.strike(Reset(), method="PUT")
    with pytest.raises(ConnectionClosedError):
        through(proxy, radosgw).put_object(Bucket=bucket, Key="a", Body=b"a")
    assert keys(radosgw, bucket) == []
    assert len(proxy.seen) == 1


def test_only_the_chosen_request_is_struck(proxy: FaultProxy, radosgw: Radosgw, bucket: str) -> None:
    """With one to skip and one to strike, the second of three fails; other methods are left alone."""
    proxy.strike(TOO_MANY_REQUESTS, method="PUT", skip=1, times=1)
    client = through(proxy, radosgw)
    client.put_object(Bucket=bucket, Key="a", Body=b"a")
    with pytest.raises(ClientError) as raised:
        client.put_object(Bucket=bucket, Key="b", Body=b"b")
    client.put_object(Bucket=bucket, Key="c", Body=b"c")
    answer = raised.value.response["ResponseMetadata"]
    assert (answer["HTTPStatusCode"], answer["HTTPHeaders"]["retry-after"]) == (429, "1")
    assert keys(radosgw, bucket) == ["a", "c"]


def test_login_page_passes_for_success(proxy: FaultProxy, radosgw: Radosgw, bucket: str) -> None:
    """boto3 takes a portal's 200 for a stored object, if only its page parses as XML."""
    proxy.strike(LOGIN_PAGE)
    through(proxy, radosgw).put_object(Bucket=bucket, Key="a", Body=b"a")
    assert keys(radosgw, bucket) == []


def test_broken_error_keeps_its_status(proxy: FaultProxy, bucket: str) -> None:
    """An error document that breaks off arrives as it was written."""
    proxy.strike(BROKEN_XML)
    client = raw(proxy)
    client.request("PUT", f"/{bucket}/a", body=b"a")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (BROKEN_XML.status, BROKEN_XML.body)
    client.close()


def test_redirect_loop_points_at_itself(proxy: FaultProxy, bucket: str) -> None:
    """Who follows the redirect asks the same again."""
    proxy.strike(REDIRECT_LOOP)
    client = raw(proxy)
    client.request("GET", f"/{bucket}/a?x=1")
    answer = client.getresponse()
    assert (answer.status, answer.getheader("Location")) == (307, f"{proxy.endpoint}/{bucket}/a?x=1")
    client.close()


def test_shut_door_refuses_until_calm(proxy: FaultProxy, radosgw: Radosgw, bucket: str) -> None:
    """After the struck request connections are refused, and again received once all is calm."""
    proxy.strike(Shut(), skip=1)
    client = through(proxy, radosgw)
    client.put_object(Bucket=bucket, Key="a", Body=b"a")
    with pytest.raises(ConnectionClosedError):
        client.put_object(Bucket=bucket, Key="b", Body=b"b")
    with pytest.raises(EndpointConnectionError):
        client.put_object(Bucket=bucket, Key="b", Body=b"b")
    proxy.calm()
    client.put_object(Bucket=bucket, Key="b", Body=b"b")
    assert keys(radosgw, bucket) == ["a", "b"]


@pytest.mark.parametrize("fault", [Truncate(), Misstate(off=100)])
def test_incomplete_answer_is_noticed(proxy: FaultProxy, radosgw: Radosgw, bucket: str, fault: Fault) -> None:
    """An answer shorter than it claims breaks off under the reader."""
    radosgw.admin.client().put_object(Bucket=bucket, Key="a", Body=b"a" * 1000)
    proxy.strike(fault)
    answer = through(proxy, radosgw).get_object(Bucket=bucket, Key="a")
    with pytest.raises(ResponseStreamingError):
        answer["Body"].read()


def test_headers_break_off_where_there_is_no_body(proxy: FaultProxy, bucket: str) -> None:
    """A truncated answer without a body ends within its headers."""
    proxy.strike(Truncate())
    address = urlsplit(proxy.endpoint)
    with socket.create_connection((str(address.hostname), address.port), timeout=5) as client:
        client.sendall(f"HEAD /{bucket} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"\r\n\r\n" not in answer


@pytest.mark.parametrize("committed", [False, True])
def test_no_answer_ever(proxy: FaultProxy, bucket: str, *, committed: bool) -> None:
    """The client waits in vain, whether or not the server was asked."""
    proxy.strike(Hang(committed=committed))
    client = raw(proxy)
    client.request("GET", f"/{bucket}/a")
    with pytest.raises(TimeoutError):
        client.getresponse()
    client.close()
    assert len(proxy.committed) == int(committed)


def test_drip_arrives_whole(proxy: FaultProxy, radosgw: Radosgw, bucket: str) -> None:
    """Byte by byte is slow, and nothing is missing."""
    radosgw.admin.client().put_object(Bucket=bucket, Key="a", Body=b"slowly")
    proxy.strike(Drip(pause=0.0001))
    assert through(proxy, radosgw).get_object(Bucket=bucket, Key="a")["Body"].read() == b"slowly"


def test_endless_answer_outlasts_the_reader(proxy: FaultProxy, bucket: str) -> None:
    """However much is read, there is more; leaving ends it."""
    proxy.strike(Endless())
    client = raw(proxy)
    client.request("GET", f"/{bucket}/a")
    answer = client.getresponse()
    assert len(answer.read(10_000_000)) == 10_000_000
    answer.close()
    client.close()


def test_garbled_tls_is_a_tls_error(fault_proxy: Stand, radosgw: Radosgw, bucket: str, authority: Authority) -> None:
    """Bytes that belong to no TLS record break the connection under the reader."""
    proxy = fault_proxy(radosgw, tls=True)
    proxy.strike(Garble())
    client = raw(proxy, authority)
    client.request("GET", f"/{bucket}/a")
    with client.getresponse() as answer, pytest.raises(ssl.SSLError):
        answer.read()
    client.close()


def test_slammed_door_breaks_the_handshake(
    fault_proxy: Stand, radosgw: Radosgw, bucket: str, authority: Authority
) -> None:
    """A connection that is accepted and reset never finishes its handshake."""
    proxy = fault_proxy(radosgw, tls=True)
    proxy.door(Door.SLAM)
    client = raw(proxy, authority)
    with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):
        client.request("GET", f"/{bucket}/a")
    client.close()


def test_silent_door_never_speaks(proxy: FaultProxy) -> None:
    """A connection is accepted and no byte ever comes."""
    proxy.door(Door.SILENT)
    address = urlsplit(proxy.endpoint)
    with (
        socket.create_connection((str(address.hostname), address.port), timeout=0.3) as knock,
        pytest.raises(TimeoutError),
    ):
        knock.recv(1)
