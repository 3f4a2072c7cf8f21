"""The journal says durably what may exist, forgets nothing in a crash, and holds no secret."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from preflight.journal import (
    SIZE_LIMIT,
    Forgetful,
    Journal,
    NotAJournal,
    bare,
    folder,
    in_use,
    journals,
    read,
    settle,
    storage_of,
)
from preflight.model import AbsStorage, Residue, S3Storage, Secret

CANARY = "canary-secret-0123456789"
STORAGE = S3Storage(
    name="main",
    storage_type="s3",
    bucket="b",
    path="p/",
    region="eu-west-1",
    api_key=Secret("AKIACANARYCANARY0000", source="t", prefix="AKIA"),
    secret=Secret(CANARY, source="t"),
    endpoint_url=f"https://user:{CANARY}@host.example/x?token={CANARY}",
)


def residue(name: str) -> Residue:
    return Residue(address=f"s3://b/p/{name}", size=1, created="2026-01-01T00:00:00+00:00", delete=f"rm {name}")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journals" / "run.jsonl")


def test_what_was_never_settled_is_left(journal: Journal) -> None:
    """An entry stays until it is known to be gone, and names all that one needs to delete it."""
    journal.intend(STORAGE, "p/one", residue("one"))
    journal.intend(STORAGE, "p/two", residue("two"))
    journal.settle("s3://b/p/one")
    assert journal.path
    (left,) = read(journal.path)
    assert (left.address, left.key, left.delete) == ("s3://b/p/two", "p/two", "rm two")
    found = storage_of(left.storage)
    assert isinstance(found, S3Storage)
    assert (found.bucket, found.path, found.region) == ("b", "p/", "eu-west-1")
    assert found.endpoint_url == "https://host.example/x"


def test_an_entry_is_on_the_disk_before_intend_returns(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both the line and the file's own name are flushed to the disk, so that a dead machine forgets nothing."""
    flushed: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    journal.intend(STORAGE, "p/one", residue("one"))
    assert journal.path
    assert {str(journal.path), str(journal.path.parent)} <= set(flushed)


def test_nothing_is_written_before_there_is_something_to_say(journal: Journal, tmp_path: Path) -> None:
    """A run that writes nothing leaves no file."""
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_without_anything_left_is_removed(journal: Journal, tmp_path: Path) -> None:
    """After a clean run the state directory holds nothing."""
    journal.intend(STORAGE, "p/one", residue("one"))
    journal.settle("s3://b/p/one")
    journal.close()
    assert list(tmp_path.rglob("*.jsonl")) == []


def test_no_secret_is_written_down(journal: Journal) -> None:
    """Neither the key pair nor what somebody has put into the endpoint's address."""
    journal.intend(STORAGE, "p/one", residue("one"))
    assert journal.path
    text = journal.path.read_text()
    assert CANARY not in text
    assert "AKIACANARYCANARY0000" not in text


def test_only_its_owner_can_read_it(journal: Journal) -> None:
    """Names of buckets are nobody else's business."""
    journal.intend(STORAGE, "p/one", residue("one"))
    assert journal.path
    assert journal.path.stat().st_mode & 0o077 == 0


def test_a_line_cut_off_by_a_crash_is_no_error(journal: Journal) -> None:
    """What came before it still counts, and the journal can still be settled."""
    journal.intend(STORAGE, "p/one", residue("one"))
    path = journal.path
    assert path
    journal.close()
    with path.open("a") as file:
        file.write('{"schema": "preflight.journal/1", "event": "may-ex')
    assert [left.key for left in read(path)] == ["p/one"]
    settle(path, "s3://b/p/one")
    assert not path.exists()


def test_a_living_run_holds_its_journal(journal: Journal) -> None:
    """Nobody cleans under a run; once it is over, the file is free."""
    journal.intend(STORAGE, "p/one", residue("one"))
    path = journal.path
    assert path
    assert in_use(path)
    journal.close()
    assert not in_use(path)
    assert path.exists()


def test_a_full_disk_ends_the_journal_and_not_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From then on nothing is kept, and why is said; what was written stays."""
    journal = Journal(tmp_path / "run.jsonl")
    journal.intend(STORAGE, "p/one", residue("one"))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    journal.intend(STORAGE, "p/two", residue("two"))
    journal.settle("s3://b/p/one")
    journal.close()
    assert "No space left on device" in journal.because
    assert [left.key for left in read(tmp_path / "run.jsonl")] == ["p/one"]


@pytest.mark.parametrize("content", [b"root:x:0:0\n", b"\x00\xff\x00", b'{"schema": "other"}\n', b"[" * 100_000])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file that no run wrote is never read as a list of things to delete."""
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(NotAJournal, match="other"):
        read(file)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    """Reading stops at a limit."""
    huge = tmp_path / "huge.jsonl"
    with huge.open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    with pytest.raises(NotAJournal, match="longer than"):
        read(huge)


def test_the_state_directory_is_the_users(tmp_path: Path) -> None:
    """Below XDG_STATE_HOME, else below the home."""
    assert folder({"XDG_STATE_HOME": "/state"}) == Path("/state/preflight/journals")
    assert folder({"HOME": "/home/me"}) == Path("/home/me/.local/state/preflight/journals")
    assert journals({"HOME": str(tmp_path / "nowhere")}) == ()


def test_a_place_holds_what_its_provider_needs() -> None:
    """Every kind of storage comes back from a journal as it was, without credentials."""
    place = {"name": "a", "storage_type": "abs", "bucket": "c", "path": "p/", "account_name": "acc", "tenant_id": "t"}
    assert storage_of(place) == AbsStorage(**place)  # type: ignore[arg-type]  # all are strings here
    with pytest.raises(NotAJournal):
        storage_of({"storage_type": "ftp"})
    assert storage_of({**place, "client_secret": "x", "where": "y"}) == AbsStorage(**place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@h.example:9/x?sig=1#f", "https://h.example:9/x"),
        ("https://p@h.example", "https://h.example"),
        ("http://[bad", ""),
        ("", ""),
    ],
)
def test_an_address_is_shown_bare(url: str, shown: str) -> None:
    """User, password and query of an address are left out."""
    assert bare(url) == shown


def test_every_line_is_one_json_object(journal: Journal) -> None:
    """Names with line ends or separators do not break the file's lines."""
    journal.intend(STORAGE, "p/a\nb\u2028c", residue("a\nb\u2028c"))
    assert journal.path
    (line,) = journal.path.read_text().splitlines()
    assert json.loads(line)["key"] == "p/a\nb\u2028c"


def test_without_a_home_nothing_is_kept_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's user without a home and without an entry in passwd: a run goes on, and the report says why."""

    def homeless(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(homeless))
    journal = Journal.begin({})

    assert isinstance(journal, Forgetful)
    assert "XDG_STATE_HOME" in journal.because
    assert journals({}) == ()


def test_what_is_no_file_is_no_journal(tmp_path: Path) -> None:
    """A pipe or a device is refused before it is read, for a journal of which nothing is left is removed."""
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)

    for path in (pipe, tmp_path, Path("/dev/zero")):
        with pytest.raises(NotAJournal, match="is no file"):
            read(path)


def test_an_empty_file_of_somebody_else_is_no_journal(tmp_path: Path) -> None:
    """Only what has a journal's name may be empty: a run was killed before its first line, and it may go."""
    empty = tmp_path / "notes.txt"
    empty.touch()

    with pytest.raises(NotAJournal, match="no journal of preflight"):
        read(empty)
    assert read(empty.rename(tmp_path / "run.jsonl")) == ()
