"""A provider that keeps its objects in memory, and a store that goes wrong as told."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from preflight.model import (
    Ask,
    Delete,
    Effect,
    Get,
    Identity,
    List,
    Permission,
    Provider,
    Put,
    PutParts,
    Reach,
    Read,
    Refusal,
    Reply,
    S3Storage,
    Secret,
    Setting,
    Storage,
    Store,
    WhoAmI,
    Writer,
)
from preflight.session import Limits, Session

STORAGE = S3Storage(
    name="in-memory",
    storage_type="s3",
    bucket="memories",
    path="recordings/",
    region="eu-central-1",
    endpoint_url="https://storage.example",
    api_key=Secret("AKIAMEMORYEXAMPLE001", source="test", prefix="AKIA"),
    secret=Secret("secret-of-the-memory-store-0000000000001", source="test"),
)


def refused(ask: Ask, code: str = "AccessDenied", status: int | None = 403, effect: Effect = Effect.NONE) -> Reply:
    """A refusal as a store gives it."""
    stage = {Put: "put_object", PutParts: "put_object", Get: "get_object", List: "list", Delete: "cleanup"}.get(
        type(ask)
    )
    message = f"{code} as told"
    refusal = Refusal(provider="s3", stage=stage, operation=str(ask), status=status, code=code, message=message)
    return Reply(status=status, code=code, message=message, refusal=refusal, effect=effect)


@dataclass(slots=True)
class Memory:
    """A store that does what it is asked. `may` says which verbs are granted; `asked` keeps every ask."""

    may: frozenset[type] = frozenset({WhoAmI, Put, PutParts})
    objects: dict[str, int] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)
    parts: Callable[[str], str] = lambda key: key

    def ask(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        if isinstance(ask, Read):
            return refused(ask, "not-offered", None)
        if type(ask) not in self.may:
            return refused(ask)
        match ask:
            case Put(key=key):
                return self._create(ask, key)
            case PutParts(key=key):
                self.objects[self.parts(key)] = len(self.asked)
                return Reply(status=200, effect=Effect.CERTAIN)
            case Get(key=key):
                return Reply(status=200) if key in self.objects else refused(ask, "NoSuchKey", 404)
            case Delete(key=key):
                self.objects.pop(key, None)
                return Reply(status=204)
            case WhoAmI():
                return Reply(status=200, facts={"principal": "somebody"})
            case List():
                return Reply(status=200)

    def _create(self, ask: Put, key: str) -> Reply:
        if key in self.objects:
            return refused(ask, "PreconditionFailed", 412)
        if ask.dry:
            return Reply(status=400, facts={"weaker": "nothing was stored"})
        self.objects[key] = len(self.asked)
        return Reply(status=200, effect=Effect.CERTAIN)


class Mishap(Enum):
    """What becomes of one ask."""

    NONE = "none"
    REFUSED = "refused"  # in words that nobody knows, and nothing was done
    THROTTLED = "throttled"
    LOST = "lost"  # done, and the answer lost
    BROKEN = "broken"  # not done, and nobody can tell
    RAISES = "raises"  # a bug of ours before anything was done
    RAISES_LATE = "raises late"  # likewise, afterwards
    HANGS = "hangs"  # never done
    ARRIVES = "arrives"  # done only long after we have given up
    DOUBTS = "doubts"  # a success that does not say that anything exists, and nothing does


@dataclass(slots=True)
class Faulty:
    """Another store under mishaps, one for each ask in turn; then all goes well. `release` ends what hangs."""

    store: Memory
    mishaps: Iterator[Mishap]
    released: threading.Event = field(default_factory=threading.Event)
    arrived: list[threading.Event] = field(default_factory=list)

    def ask(self, ask: Ask) -> Reply:  # noqa: C901 - one answer for each mishap
        doubt = Effect.POSSIBLE if isinstance(ask, Put | PutParts) else Effect.NONE
        match next(self.mishaps, Mishap.NONE):
            case Mishap.NONE:
                return self.store.ask(ask)
            case Mishap.REFUSED:
                return refused(ask, "FluxCapacitorDrained", 400)
            case Mishap.THROTTLED:
                return refused(ask, "SlowDown", 503, doubt)
            case Mishap.LOST:
                self.store.ask(ask)
                return refused(ask, "ConnectionClosedError", None, doubt)
            case Mishap.BROKEN:
                return refused(ask, "ConnectionClosedError", None, doubt)
            case Mishap.RAISES:
                raise RuntimeError(f"a bug near {STORAGE.secret.reveal() if STORAGE.secret else ''}")
            case Mishap.RAISES_LATE:
                self.store.ask(ask)
                raise KeyError("a bug afterwards")
            case Mishap.HANGS:
                self.released.wait()
                return refused(ask, "TooLate", 500)
            case Mishap.ARRIVES:
                done = threading.Event()
                self.arrived.append(done)
                self.released.wait()
                reply = self.store.ask(ask)
                done.set()
                return reply
            case Mishap.DOUBTS:
                return Reply(status=200, effect=doubt)

    def release(self) -> None:
        """Let everything that is still under way end, and wait for it."""
        self.released.set()
        for done in self.arrived:
            done.wait(10)


class MemoryProvider:
    """A `model.Provider` of stores in memory; `sibling` gives parts a name of their own, as two clouds do."""

    def __init__(self, *, sibling: bool = False) -> None:
        self.sibling = sibling

    def writer(self, storage: Storage, reach: Reach) -> Store | str:
        del storage, reach
        return Memory(parts=lambda key: self.parts_key(STORAGE, key))

    def inspector(self, storage: Storage, reach: Reach) -> Store | str:
        del storage, reach
        return "nobody inspects a memory"

    def paper(self, storage: Storage, read: Callable[[Setting], Reply]) -> Store | str:
        del storage, read
        return "a memory has no documents"

    def cleaner(self, storage: Storage, reach: Reach) -> Store | str:
        return self.writer(storage, reach)

    def identify(self, storage: Storage) -> Writer:
        return Writer("somebody", storage.bucket, "a test")

    def needs(self, ask: Ask, storage: Storage) -> tuple[Permission, ...]:
        return (Permission(f"memory:{type(ask).__name__}", storage.bucket),)

    def parts_key(self, storage: Storage, key: str) -> str:
        del storage
        return f"{key}-parts" if self.sibling else key

    def address(self, storage: Storage, key: str) -> str:
        return f"memory://{storage.bucket}/{key}"

    def delete_command(self, storage: Storage, key: str) -> str:
        return shlex.join(["forget", self.address(storage, key)])


def memory_session(
    store: Store, *, sibling: bool = False, limits: Limits | None = None, storage: Storage = STORAGE
) -> Session:
    """A session whose writer is this store."""
    provider: Provider = MemoryProvider(sibling=sibling)
    session = Session(storage=storage, provider=provider, limits=limits or Limits(timeout=5))
    session.admit(Identity.WRITER, store)
    session.admit(Identity.INSPECTOR, "nobody inspects a memory")
    session.admit(Identity.DOCUMENTS, "a memory has no documents")
    return session


def faulty(mishaps: Iterable[Mishap], *, sibling: bool = False, may: frozenset[type] | None = None) -> Faulty:
    """A memory under these mishaps."""
    parts = (lambda key: f"{key}-parts") if sibling else (lambda key: key)
    memory = Memory(parts=parts)
    return Faulty(replace(memory, may=may) if may is not None else memory, iter(mishaps))
