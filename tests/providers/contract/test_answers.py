"""What every provider owes a session where all is well: an answer to every ask, and nothing else touched."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest

from preflight.model import Delete, Effect, Get, List, Put, PutParts, Read, Refusal, Reply, Setting, Status, Verdict
from preflight.sandbox.exchange import Request
from tests.providers.contract.conftest import RUN, Room, every_ask

# Stream sends none of these, and neither must the check: access lists, encryption, tags, locks, classes, payers.
NEVER_SENT = re.compile(
    r"acl\b|grant|predefined|server-side-encryption|encryption-(key|scope|algorithm)|kms|tag|object-lock|legal-hold"
    r"|immutability|retention|storage-class|access-tier|payer|userproject|user-project|website-redirect|public-access",
    re.IGNORECASE,
)
BETWEEN_CLIENT_AND_SERVER = {"accept-encoding", "content-encoding", "x-client-request-id", "x-ms-client-request-id"}


def test_every_ask_is_answered_by_the_writer(room: Room) -> None:
    """Whatever a session may ask, the answer is a reply: a refusal is a value in it, and never an exception."""
    writer = room.writer()
    for ask in every_ask(room.key()):
        reply = writer.ask(ask)
        assert isinstance(reply, Reply), ask
        assert reply.refusal is None or isinstance(reply.refusal, Refusal)
        assert reply.ok or reply.refusal.operation, f"a refusal of {ask} does not say what was refused"  # type: ignore[union-attr]  # just asked


def test_every_setting_is_answered_by_the_inspector(room: Room) -> None:
    """A setting is read, refused with the provider's words, or `not-offered`: it is never a crash."""
    inspector = room.inspector()
    replies = {setting: inspector.ask(Read(setting)) for setting in Setting}

    assert all(isinstance(reply, Reply) for reply in replies.values())
    assert all(reply.effect is Effect.NONE for reply in replies.values())
    assert {s for s, reply in replies.items() if not reply.ok and not (reply.code or reply.message)} == set()


def test_looking_is_all_that_the_inspector_does(room: Room) -> None:
    """Reading settings sends reads (and what signs in), and leaves everything as it was."""
    before = room.stored()
    inspector = room.inspector()
    for setting in Setting:
        inspector.ask(Read(setting))

    assert room.stored() == before
    assert all(request.method in {"GET", "HEAD", "POST"} for _, request in room.served)
    assert not [request for _, request in room.served if request.method == "POST" and _names_an_object(request, room)]


def test_a_healthy_write_is_there(room: Room) -> None:
    """Where the reply says that it was written, the cloud holds it; nothing else came to be."""
    writer, key = room.writer(), room.key()
    first, second = writer.ask(Put(key)), writer.ask(PutParts(key))

    assert (first.ok, first.effect, second.ok, second.effect) == (True, Effect.CERTAIN, True, Effect.CERTAIN)
    assert set(room.stored()) == room.own(key)


def test_nothing_is_written_outside_the_path(room: Room) -> None:
    """All asks together write this run's own names below the path, and nothing else."""
    writer, key = room.writer(), room.key()
    for ask in every_ask(key):
        writer.ask(ask)
        assert set(room.stored()) <= room.own(key), ask


def test_nothing_that_was_there_is_touched(room: Room) -> None:
    """Objects of neighbouring names survive a whole run's asks as they were: never overwritten, never deleted."""
    neighbours = [room.key(f"{number:032x}") for number in range(2)] + [room.key(f"{RUN}0")]
    for name in neighbours:
        assert room.writer().ask(Put(name)).ok
    before = room.stored()
    writer = room.writer()
    for ask in every_ask(room.key()):
        writer.ask(ask)

    after = room.stored()
    assert {name for name in before if after.get(name) is not before[name]} == set()


def test_an_object_of_the_very_name_is_not_overwritten(room: Room) -> None:
    """A name that is taken, however unlikely, is refused: what is there stays what it was."""
    key = room.key()
    assert room.writer().ask(Put(key)).ok
    before = room.stored()
    reply = room.writer().ask(Put(key))

    assert not reply.ok
    assert reply.effect is Effect.NONE
    assert room.stored()[key] is before[key]


def test_a_dry_write_leaves_nothing(room: Room) -> None:
    """`--no-residue` is what it says: authorised, weaker than a write, and nothing stored."""
    writer, key = room.writer(), room.key()
    for ask in (Put(key, dry=True), PutParts(key, dry=True)):
        reply = writer.ask(ask)
        assert reply.ok, reply
        assert reply.facts["weaker"]
        assert reply.effect is not Effect.CERTAIN
    assert room.stored() == {}


def test_nothing_is_listed_but_own_names(room: Room) -> None:
    """A listing is bounded by our own test name: names of a customer's objects never reach this machine."""
    writer, key = room.writer(), room.key()
    writer.ask(List(key))
    listings = [request for request in _to_the_storage(room) if "prefix" in request.query]

    assert listings
    assert all(request.query["prefix"] == key for request in listings)


def test_only_own_names_are_asked_about(room: Room) -> None:
    """Every request to the storage that names an object names ours."""
    writer, key = room.writer(), room.key()
    for ask in (Put(key), PutParts(key), Get(key), Delete(key)):
        writer.ask(ask)
    below = f"/{room.storage.path}"
    asked = [unquote(request.target) for request in _to_the_storage(room)]

    assert [target for target in asked if below in target and f"{below}preflight-test-" not in target] == []


def test_what_stream_does_not_send_is_never_sent(room: Room) -> None:
    """Access lists, encryption, tags, locks, classes and payers are never asked for: the probe is the plain write."""
    writer, key = room.writer(), room.key()
    for ask in every_ask(key):
        writer.ask(ask)
    sent = {
        name
        for request in _to_the_storage(room)
        for name in (*request.headers, *request.query)
        if NEVER_SENT.search(name) and name not in BETWEEN_CLIENT_AND_SERVER
    }

    assert sent == set()


def test_a_healthy_storage_is_ready(room: Room) -> None:
    """The whole check: ready, exit 0, and what is left is what is there."""
    report = room.examine()

    assert (report.verdict, report.exit_code) == (Verdict.READY, 0)
    assert _left(report, room) == set(room.stored())


def test_no_secret_is_in_any_evidence(room: Room) -> None:
    """Neither a reply nor a report repeats the credential, in any of its texts."""
    report = room.examine()
    said = repr(report)

    assert [secret.shape for secret in room.storage.secrets if secret.reveal() in said] == []


def test_the_writer_is_who_it_says(room: Room) -> None:
    """A healthy writer is known by name, offline from the configuration or from the provider's answer."""
    report = room.examine()
    (storage,) = report.storages

    assert storage.writer.principal
    assert next(o for o in storage.outcomes if o.check == "identify-writer").status in {Status.PASS, Status.SKIP}


@pytest.mark.parametrize("verb", [Get, List, Delete])
def test_what_writing_does_not_need_is_refused_as_a_value(room: Room, verb: Any) -> None:
    """A writer with the least grant may neither read, list nor delete, and each is a refusal with its status."""
    writer, key = room.writer(), room.key()
    writer.ask(Put(key))
    reply = writer.ask(verb(key))

    assert reply.refusal is not None
    assert reply.status == 403
    assert room.stored().keys() == {key}


def _to_the_storage(room: Room) -> list[Request]:
    return [request for service, request in room.served if service == room.storage.storage_type]


def _names_an_object(request: Request, room: Room) -> bool:
    return f"{room.storage.path}preflight-test-" in unquote(request.target) + request.body.decode("utf-8", "replace")


def _left(report: Any, room: Room) -> set[str]:
    addresses = {room.provider.address(room.storage, name): name for name in room.stored()}
    return {addresses.get(one.address, one.address) for storage in report.storages for one in storage.residue}
