"""What every provider owes a session where things go wrong: a value in time, and the truth about what may be there."""

from __future__ import annotations

import time

import pytest

from preflight.model import Ask, Delete, Effect, Get, List, Put, PutParts, Reply, Status, Store, Verdict, WhoAmI
from preflight.sandbox import Fault, Kind, Transport
from tests.providers.contract.conftest import Open, Room

INVENTED = "FluxCapacitorDrained"
WRITES = (Put, PutParts)
PATIENCE = 1.0  # seconds that an ask may take in these tests
SLACK = 6.0  # what a busy machine may add; every fault here lasts longer than both

PORTAL = "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Please sign in to the WiFi</body></html>"
ANSWERS = {
    "a portal's page": {"status": 200, "body": PORTAL},
    "an empty success": {"status": 200, "body": ""},
    "created, by whom?": {"status": 201, "body": ""},
    "no content": {"status": 204, "body": ""},
    "an empty object": {"status": 200, "body": "{}", "headers": {"Content-Type": "application/json"}},
    "a list": {"status": 200, "body": "[1, 2]", "headers": {"Content-Type": "application/json"}},
    "broken JSON": {"status": 200, "body": '{"kind": "sto', "headers": {"Content-Type": "application/json"}},
    "broken XML": {"status": 200, "body": "<?xml version='1.0'?><Err", "headers": {"Content-Type": "application/xml"}},
    "no text at all": {"status": 200, "body": "\u0000\ufffd\u0001" * 50, "headers": {"Content-Type": "text/plain"}},
    "a redirect elsewhere": {"status": 302, "body": "", "headers": {"Location": "http://127.0.0.1:9/elsewhere"}},
    "a proxy's login": {"status": 407, "body": PORTAL, "headers": {"Proxy-Authenticate": "Basic realm=x"}},
    "a filter's refusal": {"status": 403, "body": PORTAL},
    "a gateway without a back": {"status": 502, "body": PORTAL},
    "a broken error": {"status": 400, "body": "<Error><Code>"},
    "an error of another shape": {
        "status": 403,
        "body": '{"error": ["no"]}',
        "headers": {"Content-Type": "application/json"},
    },
    "a teapot": {"status": 418, "body": "short and stout", "headers": {"Content-Type": "text/plain"}},
}


def _asks(key: str) -> tuple[Ask, ...]:
    return (
        Put(key),
        PutParts(key),
        Put(key, dry=True),
        PutParts(key, dry=True),
        Get(key),
        List(key),
        Delete(key),
        WhoAmI(),
    )


def _ask(room: Room, store: Store, ask: Ask) -> Reply:
    """Ask, and hold the reply against what the cloud holds: the law of every fault."""
    before = set(room.stored())
    reply = store.ask(ask)
    assert isinstance(reply, Reply)
    after = set(room.stored())
    if isinstance(ask, WRITES):
        came = after - before
        assert came <= room.own(ask.key)
        if reply.effect is Effect.NONE:
            assert came == set(), f"{ask} left {came} and says that it left nothing"
        if reply.ok and not ask.dry:
            assert after & room.own(ask.key), f"{ask} says that it wrote, and nothing is there"
            assert reply.effect is Effect.CERTAIN
        if reply.effect is Effect.CERTAIN:
            assert after & room.own(ask.key)
    return reply


@pytest.fixture
def services(room: Room) -> tuple[str, ...]:
    """Every service that the writer of this provider talks to."""
    writer = room.writer()
    for ask in _asks(room.key()):
        writer.ask(ask)
    return tuple(dict.fromkeys(service for service, _ in room.served))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 412, 418, 429, 500, 501, 503])
def test_an_unknown_error_is_never_a_pass(open_room: Open, status: int) -> None:
    """A code that nobody has ever seen: each ask is refused as a value, and says the code."""
    room = open_room()
    room.box.inject(Fault(kind=Kind.REFUSE, service=room.storage.storage_type, status=status, code=INVENTED))
    writer = room.writer()
    for ask in _asks(room.key()):
        reply = _ask(room, writer, ask)
        if not isinstance(ask, WhoAmI):
            assert not reply.ok, ask
            assert reply.status == status


@pytest.mark.parametrize("status", [400, 403, 404, 409, 418, 500])
def test_an_unknown_error_becomes_candidates_or_an_honest_unknown(open_room: Open, status: int) -> None:
    """The whole check of a storage that refuses every write in words of its own: not green, no crash, nothing lost."""
    room = open_room()
    fault = {"status": status, "code": INVENTED, "message": "The flux is out of balance."}
    room.box.inject(Fault(kind=Kind.REFUSE, service=room.storage.storage_type, **fault))  # type: ignore[arg-type]  # as named
    report = room.examine()
    (storage,) = report.storages

    assert report.verdict is not Verdict.READY
    assert report.exit_code in {1, 3}
    essential = [outcome for outcome in storage.outcomes if outcome.essential]
    assert {outcome.status for outcome in essential} & {Status.PASS} == set()
    told = [o for o in storage.outcomes if o.status in {Status.FAIL, Status.UNKNOWN} and o.evidence]
    assert told
    assert all(outcome.candidates or INVENTED in outcome.message for outcome in told), told


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.LOSE, Kind.CUT, Kind.MALFORM])
@pytest.mark.parametrize("skip", range(4))
def test_a_broken_answer_is_survived(open_room: Open, kind: Kind, skip: int) -> None:
    """Whichever request of an ask is answered by half or not at all: a value, and the truth about what may be there."""
    room = open_room()
    writer = room.writer()
    writer.ask(WhoAmI())
    for number in range(len(_asks(""))):
        ask = _asks(room.key(f"{number:032x}"))[number]
        room.box.inject(Fault(kind=kind, service=room.storage.storage_type, skip=skip, times=1))
        _ask(room, writer, ask)
        _spend(room)


@pytest.mark.parametrize("name", ANSWERS)
def test_somebody_elses_answer_is_not_believed(open_room: Open, name: str) -> None:
    """Portals, proxies and empty successes: none of them writes, and none of them passes for a write."""
    room = open_room()
    writer = room.writer()
    writer.ask(WhoAmI())
    room.box.inject(Fault(kind=Kind.ANSWER, service=room.storage.storage_type, **ANSWERS[name]))  # type: ignore[arg-type]  # as named
    for ask in _asks(room.key()):
        reply = _ask(room, writer, ask)
        if isinstance(ask, Put | PutParts | Get | List):
            assert not reply.ok, f"{ask} believes {name}"


@pytest.mark.parametrize("name", ANSWERS)
def test_a_strange_answer_to_signing_in_is_no_crash(open_room: Open, name: str) -> None:
    """Whatever the token endpoint answers: no ask raises, and nothing is written without a token."""
    room = open_room()
    room.box.inject(Fault(kind=Kind.ANSWER, **ANSWERS[name]))  # type: ignore[arg-type]  # as named
    writer = room.writer()
    for ask in _asks(room.key()):
        reply = _ask(room, writer, ask)
        assert not reply.ok or isinstance(ask, Delete), f"{ask} believes {name}"
    assert room.stored() == {}


@pytest.mark.parametrize("ask", [Put, PutParts, Get, Delete])
@pytest.mark.parametrize("kind", [Kind.HANG, Kind.SLOW])
def test_time_is_kept(open_room: Open, kind: Kind, ask: type[Put]) -> None:
    """An answer that never comes, or byte by byte, ends the ask in time, and a write is then in doubt."""
    room = open_room(timeout=PATIENCE)
    writer = room.writer()
    writer.ask(WhoAmI())
    room.box.inject(Fault(kind=kind, service=room.storage.storage_type, seconds=60))
    began = time.monotonic()
    _ask(room, writer, ask(room.key()))

    assert time.monotonic() - began < 2 * PATIENCE + SLACK


@pytest.mark.parametrize("ask", [Get, List, Delete, Put, PutParts])
def test_an_endless_answer_ends(open_room: Open, ask: type[Put]) -> None:
    """A body without end is not read to its end; of a write it may prove nothing but what came to be."""
    room = open_room(timeout=5)
    writer = room.writer()
    writer.ask(WhoAmI())
    room.box.inject(Fault(kind=Kind.ENDLESS, service=room.storage.storage_type))
    began = time.monotonic()
    reply = _ask(room, writer, ask(room.key()))

    assert time.monotonic() - began < 30
    assert not reply.ok or reply.effect is Effect.CERTAIN


@pytest.mark.parametrize("transport", [Transport.STRANGER, Transport.PLAIN])
def test_a_failed_handshake_leaves_nothing(open_room: Open, transport: Transport) -> None:
    """TLS by a stranger, or none behind an https address: refused before a byte of ours, and nothing in doubt."""
    room = open_room(transport=transport)
    writer = room.writer()
    for ask in _asks(room.key()):
        reply = _ask(room, writer, ask)
        assert not reply.ok
        assert reply.effect is Effect.NONE, ask


def test_closed_ports_leave_nothing(open_room: Open, services: tuple[str, ...]) -> None:
    """Where nobody listens nothing can have been written: no doubt, no residue."""
    room = open_room(closed=services)
    writer = room.writer()
    for ask in _asks(room.key()):
        reply = _ask(room, writer, ask)
        assert not reply.ok
        assert reply.effect is Effect.NONE, ask


def test_a_lost_answer_to_a_write_is_known_to_be_ours(open_room: Open) -> None:
    """The object came to be and the answer was lost: asked again, "already there" proves the write."""
    room = open_room()
    writer = room.writer()
    writer.ask(WhoAmI())
    room.box.inject(Fault(kind=Kind.LOSE, service=room.storage.storage_type, times=1))
    reply = _ask(room, writer, Put(room.key()))

    assert (reply.ok, reply.effect) == (True, Effect.CERTAIN)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_run_under_a_fault_tells_all_that_may_be_left(open_room: Open, kind: Kind) -> None:
    """The whole check with every answer of the storage disturbed: never ready for what is not there, nothing untold."""
    room = open_room(timeout=PATIENCE)
    fault = Fault(kind=kind, service=room.storage.storage_type, status=503, seconds=60)
    room.box.inject(fault)
    report = room.examine()
    (storage,) = report.storages
    told = {one.address for one in storage.residue}

    assert report.exit_code in {0, 1, 3}
    assert {room.provider.address(room.storage, name) for name in room.stored()} <= told
    assert report.verdict is not Verdict.READY or len(room.stored()) > 0


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.REFUSE])
def test_a_provider_that_repeats_our_secret_does_not_leak_it(open_room: Open, kind: Kind) -> None:
    """A server that echoes credentials, in its code, its message, its headers or its body, echoes them to nobody."""
    room = open_room()
    for secret in room.storage.secrets:
        text = secret.reveal()
        one_line = text.replace("\n", "\\n")
        named = {"code": one_line[:200], "message": text, "body": f"you sent {text}"}
        headers = {"Content-Type": "text/plain", "Server": one_line[:400], "Retry-After": "0"}
        room.box.inject(Fault(kind=kind, service=room.storage.storage_type, status=403, headers=headers, **named))  # type: ignore[arg-type]  # as named
        said = repr(room.examine())
        assert text not in said
        assert one_line not in said
        assert one_line[:200] not in said or len(one_line) < 8


def _spend(room: Room) -> None:
    """Take back the faults that did not strike, so that each ask meets its own only."""
    room.box.world.faults._met.clear()
