"""What a provider says of a storage without asking anybody: total over all asks and names, and quoted for a shell."""

from __future__ import annotations

import subprocess
from dataclasses import fields, replace
from pathlib import Path

import pytest

from preflight.model import Permission, Put, PutParts, Reach, Read, Refusal, Reply, Setting, Storage, Writer
from tests.providers.contract.conftest import Room, every_ask

HOSTILE = [
    "plain/",
    "",
    "with space/",
    "'; touch owned; '",
    '"; touch owned; "',
    "$(touch owned)/",
    "`touch owned`/",
    "a|touch owned/",
    "a&touch owned&/",
    "a\ntouch owned\n/",
    "*?[a-z]/",
    "~root/",
    "!history/",
    "back\\slash/",
    "tab\t/",
    "ünïcödé-录音/",
    "#hash?query=1&x=%2F/",
]


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest, room: Room) -> Storage:
    """The healthy storage below a path that wants to be something else."""
    return replace(room.storage, path=str(request.param))


def _key(storage: Storage) -> str:
    return f"{storage.path}preflight-test-0.txt"


def test_the_needs_of_every_ask_are_known(room: Room, hostile: Storage) -> None:
    """Each ask has its permissions, in the provider's words; writing needs at least one."""
    for ask in every_ask(_key(hostile)):
        needs = room.provider.needs(ask, hostile)
        assert isinstance(needs, tuple)
        assert all(isinstance(one, Permission) and one.action for one in needs), ask
        assert needs or not isinstance(ask, Put | PutParts)


def test_a_delete_command_is_what_a_shell_takes(room: Room, hostile: Storage, tmp_path: Path) -> None:
    """Whatever the name holds, the shell sees one command, with the name as it is, and runs nothing of it."""
    command = room.provider.delete_command(hostile, _key(hostile))
    seen = subprocess.run(
        ["/bin/sh", "-c", f"set -- {command}\nprintf '%s\\0' \"$@\""],
        capture_output=True,
        cwd=tmp_path,
        check=True,
        text=True,
    ).stdout.split("\0")

    assert any(_key(hostile) in word for word in seen), seen
    assert list(tmp_path.iterdir()) == []


def test_an_address_names_bucket_and_key(room: Room, hostile: Storage) -> None:
    """People find the object by its address."""
    address = room.provider.address(hostile, _key(hostile))

    assert hostile.bucket in address
    assert address.endswith(_key(hostile))


def test_the_parts_name_is_our_own(room: Room, hostile: Storage) -> None:
    """A write in parts goes to a name that begins as ours do, below the same path."""
    parts = room.provider.parts_key(hostile, _key(hostile))

    assert parts.startswith(f"{hostile.path}preflight-test-0")


def test_the_writer_is_named_without_a_secret(room: Room) -> None:
    """Who writes is told from the configuration alone, and the credential is not in it."""
    writer = room.provider.identify(room.storage)

    assert isinstance(writer, Writer)
    assert writer.principal
    assert not [s.shape for s in room.storage.secrets if s.reveal() in repr(writer)]


def test_an_empty_storage_has_no_writer_but_a_sentence(room: Room) -> None:
    """With nothing configured nobody can try, and it says why."""
    empty = type(room.storage)(name="empty", storage_type=room.storage.storage_type)
    writer = room.provider.writer(empty, room.reach)

    assert isinstance(writer, str)
    assert len(writer.split()) >= 3
    assert isinstance(room.provider.identify(empty), Writer)


def test_a_storage_that_lacks_one_thing_raises_nothing(room: Room) -> None:
    """Any one field empty: a store that answers, or one sentence, from writer, inspector and paper."""
    for field in fields(room.storage):
        if field.name in {"name", "storage_type", "origin", "where"} or not getattr(room.storage, field.name):
            continue
        value = getattr(room.storage, field.name)
        lacking = replace(room.storage, **{field.name: "" if isinstance(value, str) else None})  # type: ignore[arg-type]  # any field
        for who, ask in (("writer", Put(_key(lacking))), ("inspector", Read(Setting.LOCATION))):
            store = getattr(room.provider, who)(lacking, replace(room.reach, inspect=True, timeout=5))
            assert isinstance(store, str) or isinstance(store.ask(ask), Reply), (field.name, who)
        _paper_answers(room, lacking)


def test_without_being_asked_to_nobody_inspects(room: Room) -> None:
    """The operator's own identity is used on request only."""
    assert isinstance(room.provider.inspector(room.storage, Reach(inspect=False)), str)


def test_paper_without_any_document_proves_nothing(room: Room) -> None:
    """Where no setting can be read, the documents are silent: neither allowed nor a crash."""
    _paper_answers(room, room.storage)


def _paper_answers(room: Room, storage: Storage) -> None:
    def unreadable(_: Setting) -> Reply:
        return Reply(status=403, code="Denied", refusal=Refusal(status=403, code="Denied"))

    paper = room.provider.paper(storage, unreadable)
    if isinstance(paper, str):
        assert paper
        return
    for ask in (Put(room.key()), PutParts(room.key())):
        reply = paper.ask(ask)
        assert not reply.ok
        assert reply.facts.get("answer") != "allowed"
