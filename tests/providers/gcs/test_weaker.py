"""Without leaving an object: an upload that is authorised and cancelled, beside a permission that is held."""

from preflight.model import Effect, Put, PutParts
from preflight.sandbox import Fault, Kind
from tests.providers.gcs.conftest import KEY, Open, signal


def test_nothing_is_stored(open_room: Open) -> None:
    """The upload is opened and cancelled, the reply says why it proves less, and no object exists."""
    room = open_room()
    reply = room.store.ask(Put(KEY, dry=True))
    assert (reply.ok, reply.effect) == (True, Effect.NONE)
    assert reply.facts["weaker"]
    assert reply.facts["cancelled"] is True
    assert [request.method for request in room.asked] == ["POST", "DELETE", "GET"]
    assert room.store.ask(Put(KEY)).ok, "the name is still free"


def test_a_refusal_is_googles_own(open_room: Open) -> None:
    """Who may not create is refused at the opening, by name."""
    reply = open_room("gcs/no-permission").store.ask(PutParts(KEY, dry=True))
    assert signal(reply) == ("put_object", 403, "forbidden")
    assert "storage.objects.create" in (reply.message or "")


def test_an_opening_without_the_permission_is_no_success(open_room: Open) -> None:
    """A grant on names alone is not seen by `testIamPermissions`: that is said, and never taken for proof."""
    reply = open_room("gcs/own-prefix").store.ask(Put(KEY, dry=True))
    assert signal(reply) == ("test_permissions", 200, "permission-unconfirmed")


def test_an_upload_that_stays_open_is_told(open_room: Open) -> None:
    """Where cancelling fails, the open upload is in doubt and described."""
    room = open_room()
    room.box.inject(Fault(kind=Kind.REFUSE, request="DELETE *", status=501, code="notImplemented"))
    reply = room.store.ask(Put(KEY, dry=True))
    assert reply.effect is Effect.POSSIBLE
    assert "week" in reply.facts["residue_note"]
