"""What a run may leave behind, written down durably before each request leaves, so that even a kill forgets nothing."""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from preflight.model import AbsStorage, GcsStorage, Residue, S3Storage, Storage

SCHEMA = "preflight.journal/1"
SUFFIX = ".jsonl"
SIZE_LIMIT = 16 * 1024 * 1024  # bytes; hundreds of runs of hundreds of storages fit


def folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where journals are kept: below the user's state directory, as the XDG base directories say.

    Raises RuntimeError for a user without a home.
    """
    known = os.environ if environ is None else environ
    state = known.get("XDG_STATE_HOME") or str(Path(known.get("HOME") or Path.home()) / ".local" / "state")
    return Path(state) / "preflight" / "journals"


class Forgetful:
    """The journal of a run that writes nothing down, and why."""

    def __init__(self, because: str = "") -> None:
        self.because = because
        self.path: Path | None = None

    def intend(self, storage: Storage, key: str, residue: Residue, upload: str = "") -> None: ...
    def settle(self, address: str) -> None: ...
    def close(self) -> None: ...


class Journal:
    """One file per run, one line per event, each on the disk before the request that it speaks of.

    The file comes with the first event, and is locked while its run lives, so that nobody cleans under it. A disk
    that is full or read-only must not stop a check: from then on nothing is kept, and `because` says so.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path | None = None  # as soon as there is a file
        self.because = ""
        self._planned = path
        self._handle: int | None = None
        self._open: set[str] = set()
        self._lock = threading.Lock()

    @classmethod
    def begin(cls, environ: Mapping[str, str] | None = None) -> Journal | Forgetful:
        """The journal of a new run, below the user's state directory, or none where there is no such directory."""
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        try:
            return cls(folder(environ) / f"{stamp}-{secrets.token_hex(8)}{SUFFIX}")
        except RuntimeError:
            return Forgetful("this user has no home directory; XDG_STATE_HOME says where to keep it")

    def intend(self, storage: Storage, key: str, residue: Residue, upload: str = "") -> None:
        """Write down that an object, or the open `upload` to it, may come to exist."""
        with self._lock:
            self._open.add(residue.address)
            entry = {"address": residue.address, "key": key, "created": residue.created, "delete": residue.delete}
            if upload:
                entry["upload"] = upload
            self._append({"event": "may-exist", **entry, "storage": place(storage)})

    def settle(self, address: str) -> None:
        with self._lock:
            if address in self._open:
                self._open.discard(address)
                self._append({"event": "gone", "address": address})

    def close(self) -> None:
        """A journal of which nothing is left to do is removed."""
        with self._lock:
            if self.path and not self._open:
                with suppress(OSError):
                    self.path.unlink(missing_ok=True)
                self.path = None
            self._stop()

    def _append(self, event: Mapping[str, Any]) -> None:
        if self.because:
            return
        line = (json.dumps({"schema": SCHEMA, **event}) + "\n").encode()
        try:
            if self._handle is None:
                self._handle = self._create()
            while line:
                line = line[os.write(self._handle, line) :]
            os.fsync(self._handle)
        except OSError as error:
            self.because = f"{self._planned} could not be written ({error.strerror})"
            self._stop()

    def _create(self) -> int:
        where = self._planned
        where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self.path = where
        _lock(handle)
        parent = os.open(where.parent, os.O_RDONLY)
        try:
            os.fsync(parent)  # the file's name, too, has to outlive a crash
        finally:
            os.close(parent)
        return handle

    def _stop(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@dataclass(frozen=True, slots=True)
class Left:
    """One entry of a journal that was never settled: an object or, with `upload`, an unfinished upload to it."""

    address: str
    key: str
    created: str
    delete: str
    storage: Mapping[str, str]
    upload: str = ""


class NotAJournal(Exception):  # noqa: N818 - says what the file is not
    """A file that cannot be read, or that no run of ours has written; the text says why."""


def journals(environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Every journal below the user's state directory, oldest first."""
    with suppress(OSError, RuntimeError):
        return tuple(sorted(folder(environ).glob(f"*{SUFFIX}")))
    return ()


def read(path: Path) -> tuple[Left, ...]:
    """What a journal says may still exist. Raises `NotAJournal`; who cleans removes a journal that says nothing."""
    if path.exists() and not path.is_file():
        raise NotAJournal(f"{path}: is no file")
    try:
        with path.open("rb") as file:
            text = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise NotAJournal(f"{path}: cannot be read: {error.strerror}") from None
    if len(text) > SIZE_LIMIT:
        raise NotAJournal(f"{path}: is longer than {SIZE_LIMIT} bytes, which no journal is")
    nothing_yet = not text.strip() and path.suffix == SUFFIX  # killed before the first line
    if not nothing_yet and f'"schema": "{SCHEMA}"'.encode() not in text.partition(b"\n")[0]:
        raise NotAJournal(f"{path}: is no journal of preflight")
    return unsettled(iter(text.decode("utf-8", "replace").splitlines()))


def unsettled(lines: Iterator[str]) -> tuple[Left, ...]:
    """What the lines of a journal leave open. A last line that was cut off by a crash is no error."""
    left: dict[str, Left] = {}
    for line in lines:
        try:
            event = json.loads(line)
            if event["event"] == "gone":
                left.pop(event["address"], None)
            else:
                address, key, created, delete = (str(event[name]) for name in ("address", "key", "created", "delete"))
                storage = {str(name): str(value) for name, value in event["storage"].items()}
                left[address] = Left(address, key, created, delete, storage, str(event.get("upload", "")))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    return tuple(left.values())


def in_use(path: Path) -> bool:
    """Whether the run that writes a journal still lives."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _lock(handle)
    finally:
        os.close(handle)


def settle(path: Path, address: str) -> None:
    """Add to a finished run's journal that something is gone; the journal goes with the last of it."""
    with path.open("a", encoding="utf-8") as file:
        file.write("\n")  # the last line may have been cut off by the crash that left this journal
        file.write(json.dumps({"schema": SCHEMA, "event": "gone", "address": address}) + "\n")
    if not read(path):
        path.unlink(missing_ok=True)


def _lock(handle: int) -> bool:
    """Take the file for ourselves until its handle is closed, where the system knows how. False if it is taken."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return not isinstance(error, BlockingIOError)
    return True


def place(storage: Storage) -> dict[str, str]:
    """What one needs to find a storage again, without any secret."""
    found = {"name": storage.name, "storage_type": storage.storage_type, "bucket": storage.bucket, "path": storage.path}
    match storage:
        case S3Storage():
            found |= {"region": storage.region, "endpoint_url": bare(storage.endpoint_url)}
        case AbsStorage():
            found |= {"account_name": storage.account_name, "tenant_id": storage.tenant_id}
        case GcsStorage() | Storage():
            pass
    return found


def storage_of(place: Mapping[str, str]) -> Storage:
    """The storage that a journal's entry names, without credentials. Raises `NotAJournal` for a type we do not know."""
    known: Mapping[str, type[Storage]] = {"s3": S3Storage, "gcs": GcsStorage, "abs": AbsStorage}
    kind = known.get(place.get("storage_type", ""))
    if kind is None:
        raise NotAJournal(f"{place.get('storage_type')!r} is no storage type of Stream's")
    names = {field.name for field in dataclasses.fields(kind)} & place.keys() & _PLACE
    fields: dict[str, Any] = {name: place[name] for name in names}
    return kind(**fields)


# What an entry may say about its storage: never a secret, never where something was written.
_PLACE = {"name", "storage_type", "bucket", "path", "region", "endpoint_url", "account_name", "tenant_id"}


def bare(url: str) -> str:
    """An address without user, password and query, whatever somebody has written there; empty if it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
