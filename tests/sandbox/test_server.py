"""The sandbox's own ground: ports, transports, faults, and scenarios found by looking inside."""

import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from preflight.model import Cause, Verdict
from preflight.sandbox import Fault, Kind, Sandbox, Scenario, Service, Transport, World, load, parse, scenarios
from preflight.sandbox.exchange import Request, Response

ALL = [scenario.name for scenario in scenarios()]


def _furnish(world: World) -> Mapping[str, Service]:
    world.document["handled"] = 0

    def handle(request: Request) -> Response:
        world.document["handled"] += 1
        if request.path == "/crash":
            raise RuntimeError("as asked")
        return Response(200, {"X-Seen": request.target}, request.body or b"hello from the service")

    def refuse(_: Request, fault: Fault) -> Response:
        return Response(fault.status, fault.headers, f"refused: {fault.code}".encode())

    return {"echo": Service(handle, refuse), "other": Service(handle, refuse)}


@pytest.fixture
def scenario(monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """A cloud that echoes, and a scenario in it."""
    import preflight.sandbox.s3 as cloud

    monkeypatch.setattr(cloud, "furnish", _furnish)
    document = {"title": "Echo", "configuration": "", "expect": {"verdict": "ready"}}
    return parse("s3/echo", document)


@contextmanager
def _asking(box: Sandbox, path: str = "/", **options: Any) -> Iterator[Any]:
    url = box.endpoints["echo"] + path
    with urllib.request.urlopen(url, timeout=5, **options) as answer:  # noqa: S310 - our own, on loopback
        yield answer


def test_every_service_has_a_port_of_its_own_on_loopback(scenario: Scenario) -> None:
    """Two services of a cloud are two addresses, both on 127.0.0.1, and both in the environment."""
    with Sandbox(scenario) as box:
        assert len(set(box.endpoints.values())) == 2
        assert all(url.startswith("http://127.0.0.1:") for url in box.endpoints.values())
        assert box.environ["SANDBOX_ECHO"] == box.endpoints["echo"]


def test_the_raw_target_arrives_as_it_was_sent(scenario: Scenario) -> None:
    """Repeated slashes and escapes are covered by signatures, so nothing may tidy them."""
    with Sandbox(scenario) as box, _asking(box, "//a%20b?x=%2F") as answer:
        assert answer.headers["X-Seen"] == "//a%20b?x=%2F"


def test_a_closed_service_refuses_connections(scenario: Scenario) -> None:
    """A closed port is a port where nothing listens."""
    with (
        Sandbox(replace(scenario, closed=("echo",))) as box,
        pytest.raises(urllib.error.URLError, match="refused"),
        _asking(box),
    ):
        pass


def test_nothing_listens_after_the_end(scenario: Scenario) -> None:
    """A stopped sandbox has given its ports back."""
    with Sandbox(scenario) as box:
        pass
    with pytest.raises(urllib.error.URLError, match="refused"), _asking(box):
        pass


def test_its_authority_is_enough_to_trust_it(scenario: Scenario) -> None:
    """Over TLS, a client that trusts the sandbox's authority and checks the name is content."""
    with Sandbox(replace(scenario, transport=Transport.HTTPS)) as box:
        trusting = ssl.create_default_context(cafile=str(box.authority))
        with _asking(box, context=trusting) as answer:
            assert answer.status == 200


def test_a_stranger_is_not_trusted(scenario: Scenario) -> None:
    """Without the authority the certificate fails, and the sandbox hands none out."""
    with Sandbox(replace(scenario, transport=Transport.STRANGER)) as box:
        assert box.authority is None
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"), _asking(box):
            pass


def test_plain_text_behind_an_https_address_breaks_the_handshake(scenario: Scenario) -> None:
    """The address says https; the port does not speak it."""
    with Sandbox(replace(scenario, transport=Transport.PLAIN)) as box:
        assert box.endpoints["echo"].startswith("https://")
        with pytest.raises(urllib.error.URLError, match=r"(?i)ssl|record"), _asking(box):
            pass


def test_the_date_follows_the_clock_of_the_world(scenario: Scenario) -> None:
    """A world whose clock is an hour ahead stamps its answers so."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    with Sandbox(replace(scenario, clock=3600)) as box, _asking(box) as answer:
        ahead = parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)
        assert 3590 < ahead.total_seconds() < 3610


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.LOSE, Kind.HANG])
def test_a_broken_connection_gives_no_answer(scenario: Scenario, kind: Kind) -> None:
    """Reset, hung and lost answers all end in a broken connection."""
    with Sandbox(scenario) as box:
        box.inject(Fault(kind=kind, seconds=0.05))
        with pytest.raises(OSError), _asking(box):  # noqa: PT011 - which error depends on the moment
            pass


def test_a_lost_answer_was_served_and_a_reset_was_not(scenario: Scenario) -> None:
    """What tells them apart is whether the service did its work."""
    with Sandbox(scenario) as box:
        for kind, count in ((Kind.RESET, 0), (Kind.LOSE, 1)):
            box.inject(Fault(kind=kind, times=1))
            with pytest.raises(OSError), _asking(box):  # noqa: PT011 - which error depends on the moment
                pass
            assert box.world.document["handled"] == count


def test_a_cut_answer_is_shorter_than_promised(scenario: Scenario) -> None:
    """The length stands, and half of it arrives."""
    import http.client

    with Sandbox(scenario) as box:
        box.inject(Fault(kind=Kind.CUT))
        with _asking(box) as answer, pytest.raises(http.client.IncompleteRead):
            answer.read()


def test_a_malformed_answer_has_a_fitting_length(scenario: Scenario) -> None:
    """The body is broken off, and the length says so: only a reader of the body can tell."""
    with Sandbox(scenario) as box:
        box.inject(Fault(kind=Kind.MALFORM))
        with _asking(box) as answer:
            assert answer.read() == b"hello from "


def test_a_slow_answer_arrives_whole(scenario: Scenario) -> None:
    """Byte by byte is still every byte."""
    with Sandbox(scenario) as box:
        box.inject(Fault(kind=Kind.SLOW, seconds=0.05))
        with _asking(box) as answer:
            assert answer.read() == b"hello from the service"


def test_an_endless_answer_goes_on_until_the_client_leaves(scenario: Scenario) -> None:
    """A reader that sets itself a bound gets as much as it wants, and no length."""
    with Sandbox(scenario) as box:
        box.inject(Fault(kind=Kind.ENDLESS))
        with _asking(box) as answer:
            assert answer.headers["Content-Length"] is None
            assert len(answer.read(1_000_000)) == 1_000_000


def test_a_hanging_service_does_not_hold_up_the_end(scenario: Scenario) -> None:
    """Leaving the sandbox ends what hangs in it."""
    with Sandbox(scenario) as box:
        box.inject(Fault(kind=Kind.HANG, seconds=600))
        broken = threading.Event()

        def ask() -> None:
            with socket.create_connection(("127.0.0.1", int(box.endpoints["echo"].rpartition(":")[2]))) as line:
                line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                line.settimeout(10)
                with suppress(ConnectionError):
                    line.recv(1)
                broken.set()

        asker = threading.Thread(target=ask)
        asker.start()
        while not box.world.served:
            threading.Event().wait(0.01)
    asker.join(10)
    assert broken.is_set()


def test_a_fault_strikes_as_often_as_it_says(scenario: Scenario) -> None:
    """`skip` lets the first pass, `times` ends it, and the request is matched by method and target."""
    with Sandbox(scenario) as box:
        box.inject(Fault(kind=Kind.REFUSE, request="GET /a*", skip=1, times=1, status=503, code="SlowDown"))
        for path in ("/b", "/a"):
            with _asking(box, path) as answer:
                assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="503") as refused, _asking(box, "/a"):
            pass
        assert refused.value.read() == b"refused: SlowDown"
        refused.value.close()
        with _asking(box, "/a") as answer:
            assert answer.status == 200


def test_a_connection_kept_open_ends_with_the_sandbox(scenario: Scenario) -> None:
    """Clients keep connections for later; the end of the sandbox is the end of those, too."""
    import http.client

    with Sandbox(scenario) as box:
        line = http.client.HTTPConnection(box.endpoints["echo"].removeprefix("http://"), timeout=5)
        line.request("GET", "/")
        assert line.getresponse().read()
        kept = line.sock
    assert kept.recv(1) == b""
    line.close()


def test_a_crash_of_the_sandbox_itself_is_raised(scenario: Scenario) -> None:
    """A bug in a handler must not pass for a provider's answer."""
    box = Sandbox(scenario)
    box.__enter__()
    with pytest.raises(urllib.error.HTTPError, match="500") as error, _asking(box, "/crash"):
        pass
    error.value.close()
    with pytest.raises(ExceptionGroup, match="crashed"):
        box.__exit__(None, None, None)


def test_an_unknown_scenario_is_named_with_those_that_exist() -> None:
    """A typo shows what there is."""
    with pytest.raises(KeyError, match="s3/healthy"):
        load("helthy")


@pytest.mark.parametrize("name", ALL)
def test_a_scenario_names_only_what_exists(name: str) -> None:
    """Each scenario reads, has a sentence, and expects a check and a cause that there are."""
    from preflight.checks import drawer

    scenario = load(name)
    assert scenario.title
    assert not scenario.title.endswith(".")
    assert scenario.configuration.strip()
    expect = scenario.expect
    assert expect.check is None or expect.check in drawer()
    assert (expect.check is None) == (expect.cause is None)
    assert expect.verdict is Verdict.READY or expect.check or "keyless" in name


@pytest.mark.parametrize("name", ALL)
def test_a_scenario_opens(name: str) -> None:
    """Each world can be furnished: no unknown word, no faulty policy."""
    with Sandbox(name) as box:
        assert box.endpoints


def test_the_s3_scenarios_show_every_cause_that_a_live_check_tells_apart() -> None:
    """Every fault that an S3 check promises to name has a scenario that shows it."""
    shown = {scenario.expect.cause for scenario in scenarios() if scenario.cloud == "s3"}
    promised = {
        Cause.CONNECTION_FAILED,
        Cause.DNS_FAILED,
        Cause.TLS_FAILED,
        Cause.PROXY_INTERFERED,
        Cause.CLOCK_SKEW,
        Cause.CREDENTIAL_UNKNOWN,
        Cause.SECRET_WRONG,
        Cause.CREDENTIAL_EXPIRED,
        Cause.REGION_WRONG,
        Cause.BUCKET_MISSING,
        Cause.PERMISSION_MISSING,
        Cause.EXPLICIT_DENY,
        Cause.ENCRYPTION_KEY_DENIED,
        Cause.CHECKSUM_REQUIRED,
        Cause.THROTTLED,
        Cause.FEATURE_UNSUPPORTED,
        Cause.NOT_NEEDED,
    }
    assert promised <= shown
