"""A session asks the stores of one storage, remembers every reply, keeps to its own names and its own residue."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from preflight.journal import Forgetful, Journal
from preflight.model import (
    TEST_NAME,
    Ask,
    Candidate,
    Cause,
    Delete,
    Diagnosis,
    Effect,
    Evidence,
    Identity,
    List,
    Owner,
    Problem,
    Provider,
    Put,
    PutParts,
    Read,
    Refusal,
    Reply,
    Residue,
    Setting,
    Storage,
    Store,
    Witness,
    Writer,
)
from preflight.redact import redact

TEST_SIZE = 512  # bytes, an upper bound for what one test object weighs
TOO_LATE = "preflight's deadline was reached before this could be asked; --deadline gives it more time"

# Codes of replies that are no answer, for nobody was asked or waited for to the end: there is nothing to diagnose.
_DEADLINE, _INTERRUPTED, NOT_RECORDED = "deadline-reached", "interrupted", "not-recorded"
UNANSWERED = frozenset({_DEADLINE, _INTERRUPTED, NOT_RECORDED})
OUR_BUG = "our-bug"  # the code of a reply that stands for an exception of our own: nobody refused anything


def new_run() -> str:
    """128 random bits: the part of a test object's name that nobody else has."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds per ask, and the moment (`time.monotonic`) at which nothing more is asked."""

    timeout: float = 30.0
    deadline: float = float("inf")

    def left(self) -> float:
        return min(self.timeout, self.deadline - time.monotonic())


@dataclass(slots=True, kw_only=True)
class Session:
    """One storage under examination. Not shared between threads, but for reading what it has so far and `halt`.

    `stores` holds who can be asked; `absent` says in one sentence why an identity is not among them. `dry`: the
    writes are authorised, and nothing is meant to be stored; `spared` says why, where nobody has asked for that.
    """

    storage: Storage
    provider: Provider | None = None
    stores: dict[Identity, Store] = field(default_factory=dict)
    absent: dict[Identity, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    limits: Limits = field(default_factory=Limits)
    journal: Journal | Forgetful = field(default_factory=Forgetful)
    dry: bool = False
    spared: str = ""
    run: str = field(default_factory=new_run)
    halted: bool = False
    replies: dict[tuple[Identity, Ask], Evidence] = field(default_factory=dict)
    left: dict[str, Residue] = field(default_factory=dict)
    diagnoses: dict[int, Diagnosis] = field(default_factory=dict)
    _leaving: threading.Lock = field(default_factory=threading.Lock)

    @property
    def writer(self) -> Writer:
        """Who writes: as the provider named whoever asked, else as the configuration tells."""
        if self.provider is None:
            return Writer("")
        writer = self.provider.identify(self.storage)
        for evidence in self.evidence:
            principal = evidence.reply.facts.get("principal")
            if evidence.identity is Identity.WRITER and principal:
                return Writer(str(principal), str(evidence.reply.facts.get("account") or writer.account), writer.source)
        return writer

    @property
    def put(self) -> Put:
        """The write of this run."""
        return Put(self.key, dry=self.dry)

    @property
    def put_parts(self) -> PutParts:
        return PutParts(self.key, dry=self.dry)

    @property
    def key(self) -> str:
        """The name of this run's test object, below the storage's path."""
        return f"{self.storage.path}{TEST_NAME}{self.run}.txt"

    @property
    def keys(self) -> tuple[str, ...]:
        """Every name that this run may have written: writing in parts may take a name of its own."""
        parts = self._target(PutParts(self.key))
        return (self.key,) if parts == self.key else (self.key, parts)

    def ask(self, ask: Ask, identity: Identity = Identity.WRITER) -> Evidence:
        """The evidence for one ask; asked once, remembered for the session."""
        known = self.replies.get((identity, ask))
        if known:
            return known
        self._keep_to_own_names(ask)
        with self._leaving:
            halted = self.halted
            if not halted:
                self._expect(ask, identity)
        unasked = self._no_answer(ask, _HALTED, Effect.NONE, _INTERRUPTED) if halted else None
        reply = unasked or self._kept(ask, self._bounded(self.stores[identity], ask))
        evidence = Evidence(
            witness=Witness.PAPER if identity is Identity.DOCUMENTS else Witness.LIVE,
            identity=identity,
            ask=ask,
            reply=self._clean(reply),
        )
        self.replies[identity, ask] = evidence
        self._settle(ask, identity, reply, evidence.reply)
        return evidence

    def halt(self) -> None:
        """Ask nothing from now on: what is in `residue` then is all that there can be."""
        with self._leaving:
            self.halted = True

    def begin_again(self) -> None:
        """Forget every reply and take a new name, so that all is asked anew. What may be left stays in `residue`."""
        self.run = new_run()
        self.replies.clear()
        self.diagnoses.clear()

    def diagnose(self, evidence: Evidence) -> Diagnosis:
        """What a refusal means for this storage; remembered."""
        if evidence.reply.refusal is None or evidence.reply.code in UNANSWERED | {OUR_BUG}:
            return Diagnosis("", ())
        from preflight.diagnose import diagnose  # the happy path needs no grammar

        found = self.diagnoses.get(id(evidence))
        if found is None:
            proven = Diagnosis("", evidence.reply.candidates)
            found = proven if proven.candidates else diagnose(evidence.reply.refusal, self.storage)
            if evidence.reply.refusal.foreign:
                found = _between(found, self.storage)
            located = (replace(c, location=c.location or self.storage.locate(c.field)) for c in found.candidates)
            found = self.diagnoses[id(evidence)] = Diagnosis(found.provider, tuple(located))
        return found

    def admit(self, identity: Identity, store: Store | str) -> None:
        """Add somebody who can be asked, or the reason why there is nobody (any more)."""
        if isinstance(store, str):
            self.absent[identity] = store
            self.stores.pop(identity, None)
        else:
            self.stores[identity] = store

    def read(self, setting: Setting) -> Reply:
        """A setting, as the inspector sees it."""
        return self.ask(Read(setting), Identity.INSPECTOR).reply

    @property
    def absent_writer(self) -> str:
        """Why nobody here can write, where nobody can."""
        return self.absent.get(Identity.WRITER, "nobody here can try")

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(self.replies.values())

    @property
    def residue(self) -> tuple[Residue, ...]:
        return tuple(self.left.values())

    def _keep_to_own_names(self, ask: Ask) -> None:
        """Nothing is ever asked about an object that is not this run's own: a bug here must not reach a customer."""
        name = ask.prefix if isinstance(ask, List) else getattr(ask, "key", self.key)
        if name not in self.keys:
            raise ValueError(f"not our own object: {name}")

    def _expect(self, ask: Ask, identity: Identity) -> None:
        """Write down what may come to exist, or to an end, before the request leaves."""
        if identity is not Identity.WRITER or not self.provider or not isinstance(ask, Put | PutParts | Delete):
            return
        key = self._target(ask)
        address = self.provider.address(self.storage, key)
        if isinstance(ask, Delete):
            if address in self.left:
                self.left[address] = replace(self.left[address], certain=False)
        elif address not in self.left:
            residue = Residue(
                address=address,
                size=TEST_SIZE,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                delete=self.provider.delete_command(self.storage, key),
                certain=False,
            )
            self.journal.intend(self.storage, key, residue)
            self.left[address] = residue

    def _settle(self, ask: Ask, identity: Identity, raw: Reply, reply: Reply) -> None:
        """Bring the residue in line with what the reply proves; a doubt keeps the entry."""
        if identity is not Identity.WRITER or not self.provider or not isinstance(ask, Put | PutParts | Delete):
            return
        key = self._target(ask)
        address = self.provider.address(self.storage, key)
        self._settle_upload(address, key, raw)
        effects = self._effects(key)
        if isinstance(ask, Delete):
            # A write whose answer was lost may still arrive after the object was deleted.
            gone = reply.ok and not reply.facts.get("version_remains") and Effect.POSSIBLE not in effects
        else:
            gone = not effects - {Effect.NONE}
        if gone:
            self.left.pop(address, None)
            self.journal.settle(address)
        elif address in self.left:
            certain = Effect.CERTAIN in effects and not (isinstance(ask, Delete) and _may_have_deleted(reply))
            note = str(reply.facts.get("residue_note") or self.left[address].note)
            self.left[address] = self._by_version(key, replace(self.left[address], certain=certain, note=note))

    def _kept(self, ask: Ask, reply: Reply) -> Reply:
        """A deletion whose answer says nothing of versions, as the settings have it that the inspector has read."""
        read = self.replies.get((Identity.INSPECTOR, Read(Setting.VERSIONING)))
        days = read.reply.facts.get("soft_delete_days") if read and read.reply.ok else None
        if not isinstance(ask, Delete) or not reply.ok or not days or "version_remains" in reply.facts:
            return reply
        until = (datetime.now(UTC) + timedelta(days=min(days, 36_525))).isoformat(timespec="seconds")
        note = f"deleted, and kept by the soft delete of the {self.storage.words['bucket']} until {until}"
        return replace(reply, facts={**reply.facts, "version_remains": True, "residue_note": note})

    def _by_version(self, key: str, residue: Residue) -> Residue:
        """Where the bucket keeps versions, each is named, for the name alone deletes none of them."""
        writes = list(self._writes(key))
        told = [*writes, *(one.reply for (_, ask), one in self.replies.items() if ask == Delete(key))]
        versions = {str(r.facts["version"]): str(r.facts["version_command"]) for r in told if "version" in r.facts}
        if not versions:
            return residue
        unnamed = any(reply.effect is not Effect.NONE and "version" not in reply.facts for reply in writes)
        more = ", and perhaps another, whose answer was lost" if unnamed else ""
        note = f"the bucket keeps versions: {', '.join(versions)}{more}"
        return replace(residue, note=note, delete=" && ".join(versions.values()))

    def _settle_upload(self, address: str, key: str, raw: Reply) -> None:
        """An upload that could be neither finished nor aborted is residue of its own, named as it was given to us."""
        upload, delete = (str(raw.facts.get(name, "")) for name in ("open_upload", "abort_command"))
        if not upload or any(len(secret) > 3 and secret.reveal() in upload for secret in self.storage.secrets):
            return
        residue = Residue(
            address=f"{address}?uploadId={upload}",
            size=TEST_SIZE,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            delete=delete,
            certain=bool(raw.facts.get("open_for_sure", True)),
            note="an unfinished upload, which no listing of objects shows",
        )
        self.journal.intend(self.storage, key, residue, upload)
        self.left[residue.address] = residue

    def _effects(self, key: str) -> set[Effect]:
        """What the writes to a name have come to, as far as their answers tell."""
        replies = list(self._writes(key))
        late = {Effect.POSSIBLE for reply in replies if reply.facts.get("may_arrive_late")}
        return {reply.effect for reply in replies} | late

    def _writes(self, key: str) -> Iterator[Reply]:
        """The answers to the writes to a name."""
        for (identity, ask), evidence in self.replies.items():
            if identity is Identity.WRITER and isinstance(ask, Put | PutParts) and self._target(ask) == key:
                yield evidence.reply

    def _target(self, ask: Put | PutParts | Delete) -> str:
        """The name that an ask really writes to."""
        if isinstance(ask, PutParts) and self.provider:
            return self.provider.parts_key(self.storage, ask.key)
        return ask.key

    def _bounded(self, store: Store, ask: Ask) -> Reply:
        """Ask within the time that is left. A thread that hangs is left behind: it dies with the process."""
        seconds = self.limits.left()
        if seconds <= 0:
            return self._no_answer(ask, TOO_LATE, Effect.NONE, _DEADLINE)
        box: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        threading.Thread(target=lambda: box.put(self._guarded(store, ask)), daemon=True).start()
        try:
            return box.get(timeout=seconds)
        except queue.Empty:
            if seconds < self.limits.timeout:
                return self._no_answer(ask, _CUT_OFF, _doubt(ask), _DEADLINE)
            return self._no_answer(ask, f"no whole answer within {seconds:g} seconds (timed out)", _doubt(ask))

    def _guarded(self, store: Store, ask: Ask) -> Reply:
        try:
            return store.ask(ask)
        except Exception as error:  # noqa: BLE001 - a store never raises; if ours does, that is evidence too
            return self._no_answer(
                ask, f"preflight itself failed here: {type(error).__name__}: {error}", _doubt(ask), OUR_BUG
            )

    def _no_answer(self, ask: Ask, message: str, effect: Effect, code: str = "NoAnswer") -> Reply:
        refusal = Refusal(
            provider=self.storage.storage_type,
            stage="connect",
            operation=str(ask),
            code=code,
            message=message,
        )
        facts = {"residue_note": _PERHAPS_OPEN} if isinstance(ask, PutParts) and effect is not Effect.NONE else {}
        return Reply(code=code, message=message, refusal=refusal, effect=effect, facts=facts)

    def _clean(self, reply: Reply) -> Reply:
        """Everything that came from outside passes here once: secrets are hidden before anybody keeps it."""

        def clean(value: Any) -> Any:  # noqa: ANN401 - any JSON value
            if isinstance(value, str):
                return redact(value, self.storage.secrets)
            if isinstance(value, Mapping):
                return {clean(key): clean(item) for key, item in value.items()}
            if isinstance(value, list | tuple):
                return [clean(item) for item in value]
            return value

        refusal = reply.refusal and replace(reply.refusal, **{n: clean(getattr(reply.refusal, n)) for n in _TOLD})
        own = {name: clean(getattr(reply, name)) for name in ("code", "message", "request_id", "facts")}
        return replace(reply, refusal=refusal, **own)


_TOLD = ("operation", "code", "message", "body", "headers", "text")  # of a refusal, and not by us
_PERHAPS_OPEN = "an unfinished upload of this name may remain, too"
_HALTED = "interrupted before this could be asked"
_CUT_OFF = "preflight's deadline was reached before the whole answer came; --deadline gives it more time"


def _between(found: Diagnosis, storage: Storage) -> Diagnosis:
    """A refusal that nobody signed decides nothing about the storage, whatever its words say."""
    if any(candidate.cause.owner in {Owner.NETWORK, Owner.PROVIDER} for candidate in found.candidates[:1]):
        return found
    because = f"the answer bears no mark of {storage.words['provider']}: something between may have given it"
    first = Candidate(
        cause=Cause.PROXY_INTERFERED,
        because=because,
        tell="ask from another network, and look who sends this answer: a proxy, a gateway or the storage itself",
    )
    return Diagnosis(found.provider, (first, *(c for c in found.candidates if c.cause is not first.cause)))


def _doubt(ask: Ask) -> Effect:
    """After a lost answer a write may have happened, a dry one too; anything else left no trace."""
    return Effect.POSSIBLE if isinstance(ask, Put | PutParts) else Effect.NONE


def _may_have_deleted(reply: Reply) -> bool:
    """Whether the object may be gone after this answer to a `Delete`."""
    if reply.ok:
        return not reply.facts.get("version_remains")
    return reply.status is None or reply.status >= 500
