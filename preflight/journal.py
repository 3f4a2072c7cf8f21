"""What a run may leave behind, written down durably before each request leaves, so that even a kill forgets nothing."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preflight.model import AbsStorage, GcsStorage, Residue, S3Storage, Storage

SCHEMA = "preflight.journal/1"


def folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where journals are kept: below the user's state directory, as the XDG base directories say."""
    known = os.environ if environ is None else environ
    state = known.get("XDG_STATE_HOME") or str(Path(known.get("HOME") or Path.home()) / ".local" / "state")
    return Path(state) / "preflight" / "journals"


class Forgetful:
    """The journal of a run that writes nothing down, and why."""

    def __init__(self, because: str = "") -> None:
        self.because = because
        self.path: Path | None = None

    def intend(self, storage: Storage, key: str, residue: Residue) -> None: ...
    def settle(self, address: str) -> None: ...
    def close(self) -> None: ...


class Journal:
    """One file per run, one line per event, each on the disk before the request that it speaks of.

    A disk that is full or read-only must not stop a check: from then on nothing is kept, and `because` says so.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path
        self.because = ""
        self._open: set[str] = set()
        self._lock = threading.Lock()

    def intend(self, storage: Storage, key: str, residue: Residue) -> None:
        with self._lock:
            self._open.add(residue.address)
            entry = {"address": residue.address, "key": key, "created": residue.created, "delete": residue.delete}
            self._append({"event": "may-exist", **entry, "storage": place(storage)})

    def settle(self, address: str) -> None:
        with self._lock:
            if address in self._open:
                self._open.discard(address)
                self._append({"event": "gone", "address": address})

    def close(self) -> None:
        """A journal of which nothing is left to do is removed."""
        with self._lock:
            if not self._open and self.path:
                self.path.unlink(missing_ok=True)
                self.path = None

    def _append(self, event: Mapping[str, Any]) -> None:
        if not self.path:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            line = json.dumps({"schema": SCHEMA, **event}) + "\n"
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line.encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            self.because = f"the journal {self.path} could not be written ({error.strerror})"
            self.path = None


@dataclass(frozen=True, slots=True)
class Left:
    """One entry of a journal that was never settled."""

    address: str
    key: str
    created: str
    delete: str
    storage: Mapping[str, str]


def unsettled(lines: Iterator[str]) -> tuple[Left, ...]:
    """What a journal says may still exist. A last line that was cut off by a crash is no error."""
    left: dict[str, Left] = {}
    for line in lines:
        try:
            event = json.loads(line)
            if event["event"] == "gone":
                left.pop(event["address"], None)
            else:
                address, key, created, delete = (str(event[name]) for name in ("address", "key", "created", "delete"))
                left[address] = Left(address, key, created, delete, dict(event["storage"]))
        except (ValueError, KeyError, TypeError):
            continue
    return tuple(left.values())


def place(storage: Storage) -> dict[str, str]:
    """What one needs to find a storage again, without any secret."""
    found = {"name": storage.name, "storage_type": storage.storage_type, "bucket": storage.bucket, "path": storage.path}
    match storage:
        case S3Storage():
            found |= {"region": storage.region, "endpoint_url": storage.endpoint_url}
        case AbsStorage():
            found |= {"account_name": storage.account_name, "tenant_id": storage.tenant_id}
        case GcsStorage() | Storage():
            pass
    return found
