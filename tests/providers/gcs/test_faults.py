"""Whatever happens on the way: never a success without proof, never an object without a doubt on record."""

import json
import time
from dataclasses import replace

import pytest

from preflight.diagnose import diagnose
from preflight.model import Delete, Effect, Get, List, Put, PutParts, Read, Secret, Setting, WhoAmI
from preflight.providers import gcs
from preflight.sandbox import Fault, Kind, Transport
from preflight.sandbox.faults import Faults
from tests.providers.gcs.conftest import ADMIN, KEY, PARTS, WITH_OPERATOR, Open, Room

UPLOADS = "* /upload/*"
ASKS = (Put(KEY), PutParts(KEY))


def stored(room: Room, key: str) -> bool:
    """Whether the object really is in the bucket, as its operator sees it once all faults are over."""
    room.box.world.faults = Faults()
    operator = Secret(room.box.environ["OPERATOR_KEY"], source="$OPERATOR_KEY")
    store = gcs.writer(replace(room.storage, credentials=operator), room.reach)
    assert not isinstance(store, str)
    return bool(store.ask(List(key)).facts["keys"])


@pytest.mark.parametrize("kind", [Kind.LOSE, Kind.CUT])
@pytest.mark.parametrize("ask", ASKS, ids=["whole", "parts"])
def test_a_lost_answer_is_asked_for_again(open_room: Open, ask: Put | PutParts, kind: Kind) -> None:
    """The object is stored and its answer lost: the second create is refused, and that is the proof."""
    room = open_room(changes=WITH_OPERATOR)
    last = "PUT *" if isinstance(ask, PutParts) else "POST *"
    room.box.inject(Fault(kind=kind, service="gcs", request=last, times=1))
    reply = room.store.ask(ask)
    assert (reply.ok, reply.effect) == (True, Effect.CERTAIN)
    assert reply.facts["lost"] or reply.facts["confirmed"]
    assert stored(room, reply.facts["key"])


@pytest.mark.parametrize("kind", [Kind.LOSE, Kind.CUT, Kind.MALFORM, Kind.RESET])
@pytest.mark.parametrize("ask", ASKS, ids=["whole", "parts"])
def test_a_doubt_is_kept(open_room: Open, ask: Put | PutParts, kind: Kind) -> None:
    """Without any whole answer it is no success, and what may exist is on record."""
    room = open_room(changes=WITH_OPERATOR)
    room.box.inject(Fault(kind=kind, service="gcs", request=UPLOADS))
    reply = room.store.ask(ask)
    there = stored(room, PARTS if isinstance(ask, PutParts) else KEY)
    assert reply.ok is False
    assert reply.effect is not Effect.NONE or not there


@pytest.mark.parametrize("ask", ASKS, ids=["whole", "parts"])
def test_a_failing_service_is_tried_twice(open_room: Open, ask: Put | PutParts) -> None:
    """A 503 may hide a stored object; a second try under the same precondition is safe and settles it."""
    room = open_room()
    last = "PUT *" if isinstance(ask, PutParts) else "POST *"
    room.box.inject(Fault(kind=Kind.REFUSE, service="gcs", request=last, times=1))
    reply = room.store.ask(ask)
    assert (reply.ok, reply.effect) == (True, Effect.CERTAIN)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 302, 307, 400, 403, 404, 412, 500])
@pytest.mark.parametrize("ask", [*ASKS, Get(KEY), List(KEY), Delete(KEY), Read(Setting.HELD)], ids=str)
def test_a_page_is_never_a_success(open_room: Open, ask: Put, status: int) -> None:
    """HTML from something between is a refusal with that page in it, whatever its status; nothing is followed."""
    room = open_room()
    headers = {"Location": "http://127.0.0.1:9/elsewhere"} if status in {302, 307} else {}
    room.box.inject(Fault(kind=Kind.ANSWER, service="gcs", status=status, headers=headers, body="<html>hello</html>"))
    reply = room.store.ask(ask)
    if status == 204:
        assert reply.ok is isinstance(ask, Delete)  # a 204 without a body is how a deletion is confirmed
        return
    assert reply.refusal is not None
    assert reply.refusal.status == status
    assert "hello" in (reply.refusal.body or "")
    doubt = isinstance(ask, Put) and status in {200, 201, 202, 500}
    assert reply.effect is (Effect.POSSIBLE if doubt else Effect.NONE)


@pytest.mark.parametrize("ask", ASKS, ids=str)
@pytest.mark.parametrize(
    "answered",
    [
        {"bucket": "my-recordings", "name": "recordings/another.mp4"},
        {"bucket": "another-bucket", "name": "{key}"},
        {"name": "{key}"},
    ],
    ids=["another name", "another bucket", "no bucket"],
)
def test_another_object_is_no_proof_of_ours(open_room: Open, ask: Put | PutParts, answered: dict[str, str]) -> None:
    """A success counts only as the resource of the very object that was written."""
    room = open_room()
    key = PARTS if isinstance(ask, PutParts) else KEY
    told = {name: value.format(key=key) for name, value in answered.items()}
    last = "PUT *" if isinstance(ask, PutParts) else "POST *"
    headers = {"Content-Type": "application/json"}
    room.box.inject(
        Fault(kind=Kind.ANSWER, service="gcs", request=last, status=200, headers=headers, body=json.dumps(told))
    )
    reply = room.store.ask(ask)
    assert (reply.ok, reply.code, reply.effect) == (False, "unexpected-answer", Effect.POSSIBLE)


def test_a_lost_refusal_to_overwrite_proves_nothing(open_room: Open) -> None:
    """Asked to be refused, a create is sent once: repeated, its refusal would pass for a write."""
    room = open_room(changes=ADMIN)
    assert room.store.ask(Put(KEY)).ok
    room.box.inject(Fault(kind=Kind.LOSE, service="gcs", times=1))
    reply = room.store.ask(Put(KEY, again=True))
    assert (reply.ok, reply.effect) == (False, Effect.POSSIBLE)
    assert len(room.asked) == 2


STRANGERS = {
    "envoy": ("RBAC: access denied", {"Content-Type": "text/plain", "Server": "envoy"}),
    "kong": ('{"message":"Forbidden"}', {"Content-Type": "application/json"}),
    "gateway": ('{"error":"forbidden","message":"Access denied by gateway"}', {"Content-Type": "application/json"}),
    "nested": ('{"error":{"message":"Forbidden"}}', {"Content-Type": "application/json"}),
    "plain": ("Forbidden", {"Content-Type": "text/plain"}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("status", [200, 403, 407, 502])
@pytest.mark.parametrize("service", ["gcs", "google-token"])
def test_a_strangers_refusal_is_not_googles(open_room: Open, service: str, status: int, stranger: str) -> None:
    """An answer without anything of Google's own is marked, so that nobody takes it for a denial of the storage."""
    room = open_room()
    body, headers = STRANGERS[stranger]
    room.box.inject(Fault(kind=Kind.ANSWER, service=service, status=status, headers=headers, body=body))
    refusal = room.store.ask(Put(KEY)).refusal
    assert refusal is not None
    assert (refusal.status, refusal.foreign) == (status, True)


OF_GOOGLE = {
    "JSON": (403, '{"error":{"code":403,"message":"no","errors":[{"reason":"forbidden"}]}}', {}),
    "JSON, newer": (403, '{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}', {}),
    "XML": (403, "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", {}),
    "OAuth": (400, '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}', {}),
    "no words": (403, "", {"X-GUploader-UploadID": "ABC"}),
    "failing": (503, '{"error":{"code":503,"message":"later","errors":[{"reason":"backendError"}]}}', {}),
}


@pytest.mark.parametrize("answer", OF_GOOGLE)
@pytest.mark.parametrize("service", ["gcs", "google-token"])
def test_googles_own_refusal_is_googles(open_room: Open, service: str, answer: str) -> None:
    """Each of Google's dialects, and a bare answer with its header, is believed."""
    room = open_room()
    status, body, headers = OF_GOOGLE[answer]
    room.box.inject(Fault(kind=Kind.ANSWER, service=service, status=status, headers=headers, body=body))
    refusal = room.store.ask(Put(KEY)).refusal
    assert refusal is not None
    assert (refusal.status, refusal.foreign) == (status, False)


def test_a_gateway_that_lost_google_is_a_stranger(open_room: Open) -> None:
    """Headers of an answer that was lost behind a gateway vouch for nothing; nor do they for a proxy's login."""
    for status in (407, 502, 511):
        room = open_room()
        headers = {"X-GUploader-UploadID": "ABC"}
        room.box.inject(Fault(kind=Kind.ANSWER, service="gcs", status=status, headers=headers, body="Bad Gateway"))
        refusal = room.store.ask(Put(KEY)).refusal
        assert refusal is not None
        assert refusal.foreign


def test_a_page_instead_of_a_token_is_no_token(open_room: Open) -> None:
    """A portal that answers the token endpoint is found out before anything is written."""
    room = open_room()
    room.box.inject(Fault(kind=Kind.ANSWER, service="google-token", status=200, body="<html>hello</html>"))
    for ask in (WhoAmI(), Put(KEY)):
        reply = room.store.ask(ask)
        assert reply.refusal is not None
        assert (reply.refusal.stage, reply.refusal.status) == ("token", 200)
        assert "hello" in (reply.refusal.body or "")
        assert reply.effect is Effect.NONE
    assert room.asked == []


@pytest.mark.parametrize("kind", [Kind.HANG, Kind.SLOW])
@pytest.mark.parametrize("service", ["gcs", "google-token"])
def test_time_is_kept(open_room: Open, kind: Kind, service: str) -> None:
    """An answer that does not come, or comes byte by byte, ends with the time that the ask was given."""
    room = open_room(timeout=0.6)
    room.box.inject(Fault(kind=kind, service=service, seconds=20))
    began = time.monotonic()
    reply = room.store.ask(Put(KEY))
    assert time.monotonic() - began < 10
    assert reply.refusal is not None
    assert reply.refusal.stage == "connect"
    assert reply.effect is (Effect.POSSIBLE if service == "gcs" else Effect.NONE)


def test_an_endless_answer_is_cut(open_room: Open) -> None:
    """No answer is read beyond a bound."""
    room = open_room(timeout=10)
    room.box.inject(Fault(kind=Kind.ENDLESS, service="gcs"))
    reply = room.store.ask(Get(KEY))
    assert reply.refusal is not None
    assert reply.refusal.code == "UnboundedError"


@pytest.mark.parametrize("closed", [("gcs",), ("google-token",), ("gcs", "google-token")], ids=str)
def test_a_closed_port_leaves_nothing(open_room: Open, closed: tuple[str, ...]) -> None:
    """Where no connection is made, nothing can exist, and nothing is tried twice."""
    reply = open_room(closed=closed).store.ask(Put(KEY))
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.effect) == ("connect", Effect.NONE)
    assert "refused" in (reply.message or "")


def test_an_unknown_authority_leaves_nothing(open_room: Open) -> None:
    """A certificate that nobody vouches for ends the handshake before anything is said."""
    reply = open_room("gcs/unknown-authority").store.ask(Put(KEY))
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.effect) == ("tls", Effect.NONE)
    assert "CERTIFICATE_VERIFY_FAILED" in (reply.message or "")


def test_plain_http_behind_https_leaves_nothing(open_room: Open) -> None:
    """An address that says https and speaks http is told by its handshake."""
    reply = open_room(transport=Transport.PLAIN).store.ask(Put(KEY))
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.effect) == ("tls", Effect.NONE)


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:9/upload/storage/v1/b/my-recordings/o?uploadType=resumable&upload_id=x"]
)
def test_an_upload_is_not_carried_elsewhere(open_room: Open, where: str) -> None:
    """A resumable upload is continued where it began: no other host gets the token or the content."""
    room = open_room()
    room.box.inject(Fault(kind=Kind.ANSWER, service="gcs", status=200, headers={"Location": where}, body=""))
    reply = room.store.ask(PutParts(KEY))
    assert (reply.ok, reply.effect) == (False, Effect.NONE)
    assert len(room.asked) == 1


def test_a_lost_deletion_is_asked_for_again(open_room: Open) -> None:
    """The object is gone and the answer lost: that nothing is there any more is what was wanted."""
    room = open_room(changes=ADMIN)
    room.store.ask(Put(KEY))
    room.box.inject(Fault(kind=Kind.LOSE, service="gcs", request="DELETE *", times=1))
    assert room.store.ask(Delete(KEY)).ok


def test_an_organization_policy_is_not_taken_for_our_object(open_room: Open) -> None:
    """Both answer 412; after a lost answer only the precondition proves that the object exists."""
    room = open_room("gcs/organization")
    room.box.inject(Fault(kind=Kind.RESET, service="gcs", request="POST *", times=1))
    reply = room.store.ask(Put(KEY))
    assert reply.refusal is not None
    assert "constraint" in (reply.message or "")
    assert reply.effect is Effect.POSSIBLE


OTHER_412 = (
    "The bucket's encryption enforcement configuration does not allow objects encrypted with Google-managed keys.",
    "Public access prevention is enforced.",
    "",
)


def refused(status: int, message: str, reason: str) -> str:
    """The body of a refusal of the JSON API."""
    error = {"code": status, "message": message, "errors": [{"domain": "global", "reason": reason, "message": message}]}
    return json.dumps({"error": error})


@pytest.mark.parametrize("message", OTHER_412)
@pytest.mark.parametrize("ask", ASKS, ids=["whole", "parts"])
def test_a_412_about_something_else_proves_no_object(open_room: Open, ask: Put | PutParts, message: str) -> None:
    """Settings of a bucket answer 412, too: after a lost answer, only the precondition's own words prove a write."""
    room = open_room()
    last = "PUT *" if isinstance(ask, PutParts) else "POST *"
    room.box.inject(Fault(kind=Kind.REFUSE, service="gcs", request=last, times=1))
    told = refused(412, message, "conditionNotMet")
    headers = {"Content-Type": "application/json"}
    room.box.inject(Fault(kind=Kind.ANSWER, service="gcs", request=last, status=412, headers=headers, body=told))
    reply = room.store.ask(ask)
    assert (reply.ok, reply.status, reply.effect) == (False, 412, Effect.POSSIBLE)


GONE = {
    "not found": (404, {"Content-Type": "application/json"}, refused(404, "Upload session not found", "notFound")),
    "plain": (404, {"Content-Type": "text/plain", "X-GUploader-UploadID": "x"}, "Not Found"),
    "empty": (404, {"X-GUploader-UploadID": "x"}, ""),
    "gone": (410, {"Content-Type": "application/json"}, refused(410, "The upload session is gone", "gone")),
}


@pytest.mark.parametrize("answer", GONE)
def test_an_upload_whose_session_was_lost_is_begun_again(open_room: Open, answer: str) -> None:
    """Google asks for that: a new session under the same precondition."""
    room = open_room()
    status, headers, body = GONE[answer]
    fault = Fault(kind=Kind.ANSWER, service="gcs", request="PUT *", times=1, status=status, headers=headers, body=body)
    room.box.inject(fault)
    reply = room.store.ask(PutParts(KEY))
    assert (reply.ok, reply.effect) == (True, Effect.CERTAIN)
    assert [line.partition(" ")[0] for line in room.lines] == ["POST", "PUT", "POST", "PUT"]


@pytest.mark.parametrize("answer", GONE)
def test_a_session_that_is_lost_twice_says_nothing_about_the_bucket(open_room: Open, answer: str) -> None:
    """A bucket that opens uploads is there: what is lost is the session, and that decides nothing."""
    room = open_room()
    status, headers, body = GONE[answer]
    room.box.inject(Fault(kind=Kind.ANSWER, service="gcs", request="PUT *", status=status, headers=headers, body=body))
    reply = room.store.ask(PutParts(KEY))
    assert reply.refusal is not None
    assert (reply.status, reply.effect) == (status, Effect.NONE)
    assert len(room.asked) == 4
    first = diagnose(reply.refusal, room.storage).candidates[0].cause
    assert not first.owner.decides
