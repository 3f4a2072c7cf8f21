"""A session: asks once, keeps to its own names, accounts for what may be left, and lets no secret through."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.journal import Journal, read
from preflight.model import (
    TEST_NAME,
    Ask,
    Cause,
    Delete,
    Effect,
    Get,
    Identity,
    List,
    Put,
    PutParts,
    Read,
    Refusal,
    Reply,
    S3Storage,
    Setting,
    WhoAmI,
    Witness,
)
from preflight.session import Limits, Session
from tests.providers.contract.stores import STORAGE, Memory, memory_session, refused


@dataclass(slots=True)
class Scripted:
    """Answers with these replies in turn; with the last one for ever."""

    replies: list[Reply]
    asked: list[Ask] = field(default_factory=list)

    def ask(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        return self.replies[min(len(self.asked), len(self.replies)) - 1]


def _session(*replies: Reply, sibling: bool = False) -> tuple[Session, Scripted]:
    store = Scripted(list(replies))
    return memory_session(store, sibling=sibling), store


def test_a_question_is_asked_once() -> None:
    """The second time the remembered evidence is given, and nothing leaves."""
    session, store = _session(Reply(status=200, effect=Effect.CERTAIN))

    assert session.ask(session.put) is session.ask(session.put)
    assert store.asked == [session.put]


def test_each_identity_is_asked_for_itself() -> None:
    """What the writer was told says nothing about what the inspector is told."""
    session, writer = _session(refused(WhoAmI()))
    inspector = Scripted([Reply(facts={"principal": "the operator"})])
    session.admit(Identity.INSPECTOR, inspector)

    assert not session.ask(WhoAmI()).reply.ok
    assert session.ask(WhoAmI(), Identity.INSPECTOR).reply.ok
    assert (len(writer.asked), len(inspector.asked)) == (1, 1)


def test_evidence_says_who_was_asked_what() -> None:
    """Documents witness on paper, everybody else live."""
    session, _ = _session(Reply(status=200))
    session.admit(Identity.DOCUMENTS, Scripted([Reply(facts={"answer": "allowed"})]))

    live, paper = session.ask(session.put), session.ask(session.put, Identity.DOCUMENTS)
    assert (live.witness, live.identity, live.ask) == (Witness.LIVE, Identity.WRITER, session.put)
    assert paper.witness is Witness.PAPER


FOREIGN = [
    "recordings/their-call.mp4",
    "",
    "recordings/",
    f"recordings/{TEST_NAME}",
    f"{TEST_NAME}0.txt",
    f"recordings/{TEST_NAME}00000000000000000000000000000000.txt",
    f"../recordings/{TEST_NAME}0.txt",
]


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("verb", [Put, PutParts, Get, List, Delete])
def test_a_foreign_name_is_never_asked_about(verb: Any, name: str) -> None:
    """A bug of ours must not reach a customer's object: refused before anybody is asked."""
    session, store = _session(Reply(status=200))
    with pytest.raises(ValueError, match="not our own"):
        session.ask(verb(name))
    assert store.asked == []
    assert session.residue == ()


@given(name=st.text())
def test_no_other_name_is_our_own(name: str) -> None:
    """Whatever a name looks like, only this run's own two pass."""
    session, store = _session(Reply(status=200), sibling=True)
    if name not in session.keys:
        with pytest.raises(ValueError, match="not our own"):
            session.ask(Delete(name))
        assert store.asked == []


def test_names_are_of_this_run_and_below_the_path() -> None:
    """128 random bits below the path: two runs never share a name."""
    one, other = (memory_session(Memory(), sibling=True) for _ in range(2))

    assert one.key != other.key
    assert all(key.startswith(f"{STORAGE.path}{TEST_NAME}") for key in one.keys)
    assert len(one.run) == 32


OK, GONE = Reply(status=200, effect=Effect.CERTAIN), Reply(status=204)
NO, LOST = Reply(status=403, refusal=Refusal(status=403)), Reply(refusal=Refusal(), effect=Effect.POSSIBLE)
LATE = Reply(status=200, effect=Effect.CERTAIN, facts={"may_arrive_late": True})
VERSIONED = Reply(status=204, facts={"version_remains": True})

# What was asked, what came back, and what may be left: nothing, perhaps, or surely.
ACCOUNTS: dict[str, tuple[list[tuple[str, Reply]], str]] = {
    "written": ([("put", OK)], "surely"),
    "refused": ([("put", NO)], "nothing"),
    "answer lost": ([("put", LOST)], "perhaps"),
    "written and deleted": ([("put", OK), ("delete", GONE)], "nothing"),
    "written, delete refused": ([("put", OK), ("delete", NO)], "surely"),
    "written, delete lost": ([("put", OK), ("delete", LOST)], "perhaps"),
    "written and deleted, a version remains": ([("put", OK), ("delete", VERSIONED)], "surely"),
    "lost and deleted: the write may still arrive": ([("put", LOST), ("delete", GONE)], "perhaps"),
    "confirmed by a second write, of which the first may still arrive, then deleted": (
        [("put", LATE), ("delete", GONE)],
        "perhaps",
    ),
    "refused, then in parts": ([("put", NO), ("parts", OK)], "surely"),
    "written, then in parts refused": ([("put", OK), ("parts", NO)], "surely"),
    "written, then in parts lost, then deleted": ([("put", OK), ("parts", LOST), ("delete", GONE)], "perhaps"),
    "both refused": ([("put", NO), ("parts", NO)], "nothing"),
    "lost, then refused again": ([("put", LOST), ("again", NO)], "perhaps"),
    "written, then refused again": ([("put", OK), ("again", NO)], "surely"),
    "read only": ([("get", NO), ("list", NO)], "nothing"),
}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_account_of_what_is_left(name: str) -> None:
    """Effect by effect: a doubt keeps the entry, only a proof removes it."""
    steps, expected = ACCOUNTS[name]
    session, _ = _session(*(reply for _, reply in steps))
    asks: dict[str, Ask] = {
        "put": session.put,
        "again": Put(session.key, again=True),
        "parts": session.put_parts,
        "delete": Delete(session.key),
        "get": Get(session.key),
        "list": List(session.key),
    }
    for step, _ in steps:
        session.ask(asks[step])

    found = [("surely" if one.certain else "perhaps") for one in session.residue]
    assert found == ([] if expected == "nothing" else [expected])


def test_parts_of_a_name_of_their_own_are_left_apart() -> None:
    """Two names, two entries, each with its own command; deleting one leaves the other."""
    session, _ = _session(OK, OK, GONE, sibling=True)
    for ask in (session.put, session.put_parts, Delete(session.keys[0])):
        session.ask(ask)

    (left,) = session.residue
    assert left.address.endswith("-parts")
    assert left.address in left.delete


def test_what_may_come_is_written_down_before_the_request_leaves() -> None:
    """The journal knows of an object before the store does: a kill in between forgets nothing."""
    events: list[str] = []

    class Journal:
        path = None
        because = ""

        def intend(self, storage: object, key: str, residue: object, upload: str = "") -> None:
            del storage, residue, upload
            events.append(f"intend {key}")

        def settle(self, address: str) -> None:
            events.append(f"settle {address}")

        def close(self) -> None: ...

    class Watched(Memory):
        def ask(self, ask: Ask) -> Reply:
            events.append(f"ask {ask}")
            return Memory.ask(self, ask)

    session = memory_session(Watched(may=frozenset({Put, Delete})))
    session.journal = Journal()  # type: ignore[assignment]  # as narrow as the session needs
    session.ask(session.put)
    session.ask(Delete(session.key))

    assert [event.split()[0] for event in events] == ["intend", "ask", "ask", "settle"]


def test_an_open_upload_is_residue_of_its_own() -> None:
    """An upload that nobody could finish or abort is named with its command, beside the object."""
    facts = {"open_upload": "upload-1", "abort_command": "forget upload-1"}
    session, _ = _session(Reply(status=500, refusal=Refusal(), effect=Effect.POSSIBLE, facts=facts))
    session.ask(session.put_parts)

    commands = {one.delete for one in session.residue}
    assert "forget upload-1" in commands
    assert any("upload-1" in one.address for one in session.residue)


def test_an_open_upload_is_in_the_journal(tmp_path: Path) -> None:
    """A run that is killed afterwards leaves the upload to `preflight clean`: with its identifier and its command."""
    facts = {"open_upload": "upload-1", "abort_command": "forget upload-1"}
    session, _ = _session(Reply(status=500, refusal=Refusal(), effect=Effect.POSSIBLE, facts=facts))
    journal = Journal(tmp_path / "run.jsonl")
    session.journal = journal
    session.ask(session.put_parts)

    assert journal.path
    (upload,) = (left for left in read(journal.path) if left.upload)
    assert (upload.key, upload.upload, upload.delete) == (session.key, "upload-1", "forget upload-1")


def test_a_crash_of_a_store_is_evidence_of_our_bug() -> None:
    """It becomes a reply with the code `our-bug`; a write is then in doubt, and its words hide the secret."""

    class Broken:
        def ask(self, ask: Ask) -> Reply:
            raise RuntimeError(f"cannot {ask} with {STORAGE.secrets[1].reveal()}")

    session = memory_session(Broken())
    reply = session.ask(session.put).reply

    assert (reply.ok, reply.code) == (False, "our-bug")
    assert STORAGE.secrets[1].reveal() not in repr(reply)
    assert [one.certain for one in session.residue] == [False]


@pytest.mark.parametrize(
    ("refusal", "first"),
    [
        (Refusal(provider="s3", status=403, code="403", message="Forbidden", foreign=True), Cause.PROXY_INTERFERED),
        (
            Refusal(provider="s3", status=418, message="no words that anybody knows", foreign=True),
            Cause.PROXY_INTERFERED,
        ),
        (Refusal(provider="s3", status=429, message="Too Many Requests", foreign=True), Cause.THROTTLED),
        (Refusal(provider="s3", status=403, code="AccessDenied", message="Access Denied"), Cause.ACCESS_DENIED),
    ],
)
def test_a_refusal_that_nobody_signed_is_first_laid_at_the_door_of_what_is_between(
    refusal: Refusal, first: Cause
) -> None:
    """Words such as `Forbidden` are anybody's; what says by itself that it passes stays what it is."""
    session, _ = _session(Reply(status=refusal.status, refusal=refusal))
    evidence = session.ask(session.put)

    assert session.diagnose(evidence).candidates[0].cause is first


def test_time_that_is_over_asks_nobody() -> None:
    """Beyond the deadline the reply says so, and a write leaves nothing."""
    store = Memory()
    session = memory_session(store, limits=Limits(timeout=5, deadline=0.0))
    reply = session.ask(session.put).reply

    assert not reply.ok
    assert "deadline" in (reply.message or "")
    assert store.asked == []
    assert session.residue == ()


@pytest.mark.parametrize(
    ("timeout", "deadline", "now", "left"),
    [(10.0, float("inf"), 100.0, 10.0), (10.0, 105.0, 100.0, 5.0), (10.0, 99.0, 100.0, -1.0)],
)
def test_limits(monkeypatch: pytest.MonkeyPatch, timeout: float, deadline: float, now: float, left: float) -> None:
    """An ask gets its seconds, or what the run has left of them."""
    monkeypatch.setattr("preflight.session.time.monotonic", lambda: now)

    assert Limits(timeout=timeout, deadline=deadline).left() == left


SECRET = STORAGE.secrets[1].reveal()


@pytest.mark.parametrize("where", ["code", "message", "request_id"])
def test_no_text_of_a_reply_keeps_a_secret(where: str) -> None:
    """A server that repeats the secret in any of its words is masked before anybody remembers them."""
    session, _ = _session(Reply(status=403, refusal=Refusal(), **{where: f"<{SECRET}>"}))  # type: ignore[arg-type]  # one of three texts
    evidence = session.ask(session.put)

    assert SECRET not in repr(evidence)
    assert "***" in getattr(evidence.reply, where)


@pytest.mark.parametrize("where", ["operation", "code", "message", "body", "text", "headers", "facts"])
def test_no_text_of_a_refusal_keeps_a_secret(where: str) -> None:
    """Likewise in what diagnose may read, however deep it lies."""
    deep = {"a": [{"b": f"x{SECRET}"}], f"{SECRET}": 1}
    told: dict[str, Any] = {} if where == "facts" else {where: {"server": SECRET} if where == "headers" else SECRET}
    refusal = Refusal(**told)
    session, _ = _session(Reply(status=403, refusal=refusal, facts=deep if where == "facts" else {}))

    assert SECRET not in repr(session.ask(session.put))


def test_an_upload_named_like_the_secret_is_not_told() -> None:
    """A name of an upload is shown as it was given, unless it holds the secret."""
    facts = {"open_upload": f"id-{SECRET}", "abort_command": f"forget {SECRET}"}
    session, _ = _session(Reply(status=500, refusal=Refusal(), effect=Effect.POSSIBLE, facts=facts))
    session.ask(session.put_parts)

    assert SECRET not in repr((session.residue, session.evidence))


def test_a_diagnosis_is_located_in_the_file() -> None:
    """A candidate's field is found in the configuration, and the diagnosis remembered."""
    from preflight.model import Location

    place = Location("storages.yaml", 9, 16)
    store = Scripted([refused(WhoAmI(), "SignatureDoesNotMatch")])
    storage = replace(STORAGE, where={"aws_s3": place})
    assert isinstance(storage, S3Storage)
    session = memory_session(store, storage=storage)
    evidence = session.ask(session.put)
    found = session.diagnose(evidence)

    assert found is session.diagnose(evidence)
    assert all(candidate.location is not None for candidate in found.candidates)


def test_a_success_has_no_diagnosis() -> None:
    """What went well is not explained."""
    session, _ = _session(Reply(status=200, effect=Effect.CERTAIN))

    assert session.diagnose(session.ask(session.put)).candidates == ()


def test_beginning_again_asks_anew_and_forgets_no_residue() -> None:
    """A second attempt has a name of its own; what the first left stays told."""
    session, store = _session(OK)
    session.ask(session.put)
    first = session.key
    session.begin_again()
    session.ask(session.put)

    assert first != session.key
    assert len(store.asked) == 2
    assert len(session.residue) == 2


def test_who_is_absent_is_so_for_a_reason() -> None:
    """An identity is either asked or absent with a sentence, never both."""
    session, _ = _session(Reply(status=200))
    session.admit(Identity.WRITER, "the bucket is locked")

    assert Identity.WRITER not in session.stores
    assert session.absent_writer == "the bucket is locked"


def test_a_setting_is_read_as_the_inspector() -> None:
    """Reading a setting never uses the writer's credential."""
    session, writer = _session(Reply(status=200))
    session.admit(Identity.INSPECTOR, Scripted([Reply(facts={"region": "eu-west-1"})]))

    assert session.read(Setting.LOCATION).facts == {"region": "eu-west-1"}
    assert writer.asked == []
    assert session.ask(Read(Setting.LOCATION), Identity.INSPECTOR).reply.ok
