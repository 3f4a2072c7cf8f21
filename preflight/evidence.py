"""What a run saw, as a file: enough to judge it again elsewhere, without credentials and without secrets."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from preflight.config import Configuration
from preflight.model import (
    Ask,
    CallType,
    Delete,
    Get,
    Identity,
    List,
    Location,
    Problem,
    Put,
    PutParts,
    Read,
    Reply,
    Report,
    Residue,
    Secret,
    Setting,
    Severity,
    Storage,
    Verdict,
    Waiver,
    WhoAmI,
    Writer,
)
from preflight.redact import redact
from preflight.run import Plan, open_session
from preflight.session import Limits, Session

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = "preflight.evidence/1"

Answer = Literal["allowed", "denied", "split", "unknown"]
Verb = Literal["who-am-i", "put", "put-parts", "get", "list", "delete", "read"]
Shape = TypeVar("Shape")


class Unusable(Exception):  # noqa: N818 - what the file is, not what happened to us
    """A file that is no evidence, or none that this version reads; its text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAsk:
    """An ask as a value of JSON: its verb and what the verb needs."""

    verb: Verb
    key: str = ""
    setting: Setting | None = None
    dry: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReply:
    identity: Identity
    ask: KeptAsk
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSecret:
    """What may be known of a secret: how long it is, its public prefix, where it came from."""

    length: int
    prefix: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStorage:
    """A storage without its secrets, and everything that was asked about it under the name of one `run`."""

    fields: Mapping[str, str]
    secrets: Mapping[str, KeptSecret]
    origin: Location
    where: Mapping[str, Location]
    run: str
    writer: Writer
    absent: Mapping[Identity, str]
    present: tuple[Identity, ...]
    replies: tuple[KeptReply, ...]
    residue: tuple[Residue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    no_residue: bool = False
    allow_locked_residue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The whole file. `configuration` is the SHA-256 of the public fields, `digest` that of the file without it."""

    schema: str
    version: str
    started: str
    finished: str
    verdict: Verdict
    configuration: str
    plan: KeptPlan
    storages: tuple[KeptStorage, ...]
    problems: tuple[Problem, ...] = ()
    call_types: tuple[CallType, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    anonymised: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTestimony:
    """What one document says, among the facts of all of them."""

    answer: Answer
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFacts:
    """The shape of those facts that are counted with or iterated over; a reply holds more, which are only shown."""

    answer: Answer | None = None
    of: Mapping[str, KeptTestimony] | None = None
    assumptions: tuple[str, ...] | None = None
    statement: str | None = None
    allowed: str | None = None
    denied: str | None = None
    undecided: str | None = None
    until: str | None = None
    days: float | None = None
    mode: str | None = None
    skew_seconds: float | None = None
    aborts_uploads_after_days: float | None = None
    blocks: Mapping[str, bool | None] | None = None
    rules: tuple[Any, ...] | None = None
    asked: tuple[str, ...] | None = None
    permissions: tuple[str, ...] | None = None
    beyond: tuple[str, ...] | None = None
    beyond_open: tuple[str, ...] | None = None
    anyone: tuple[str, ...] | None = None
    granted: tuple[str, ...] | None = None


# What a setting that could be read always says, and a judgement counts on.
_NEEDED: Mapping[Setting | None, Sequence[str]] = {
    Setting.LOCATION: ("region",),
    Setting.HELD: ("asked", "permissions"),
}


@dataclass(slots=True)
class Recorder:
    """Opens sessions, and knows them afterwards."""

    sessions: dict[int, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, storage: Storage, problems: Sequence[Problem], plan: Plan, limits: Limits) -> Session:
        session = open_session(storage, problems, plan, limits)
        with self._lock:
            self.sessions[id(storage)] = session
        return session

    def document(self, configuration: Configuration, plan: Plan, report: Report) -> dict[str, Any]:
        """The file as a JSON value."""
        from pydantic import TypeAdapter

        kept = Kept(
            schema=SCHEMA,
            version=report.version,
            started=report.started,
            finished=report.finished,
            verdict=report.verdict,
            configuration=fingerprint(configuration.storages),
            plan=KeptPlan(
                only=tuple(sorted(plan.only)),
                skip=tuple(sorted(plan.skip)),
                fail_on=plan.fail_on,
                no_residue=plan.no_residue,
                allow_locked_residue=plan.allow_locked_residue,
            ),
            storages=tuple(
                _storage(self.sessions[id(found.storage)], found.writer)
                for found in report.storages
                if id(found.storage) in self.sessions
            ),
            problems=configuration.problems,
            call_types=configuration.call_types,
            waivers=configuration.waivers,
        )
        document: dict[str, Any] = TypeAdapter(Kept).dump_python(kept, mode="json")
        secrets = [secret for storage in configuration.storages for secret in storage.secrets]
        return sealed(clean(document, secrets))


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the digest of all the rest of it: a file that was cut or edited is no evidence."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return {**rest, "digest": hashlib.sha256(canonical.encode()).hexdigest()}


def dumps(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1) + "\n"


def read(name: str, text: str) -> Kept:
    """The evidence in a file called `name`, fit to be judged: nothing in it has another shape. Raises `Unusable`."""
    from pydantic import TypeAdapter

    document = load(name, text)
    kept = _shaped(name, "", lambda: TypeAdapter(Kept).validate_python(document))
    for each, moment in {"started": kept.started, "finished": kept.finished}.items():
        if not _is_moment(moment):
            raise Unusable(f"{name}: {each}: no moment in ISO 8601; expected what `check --evidence` writes")
    for number, storage in enumerate(kept.storages):
        for place, one in enumerate(storage.replies):
            _look_at_facts(one, name, f"storages.{number}.replies.{place}.reply.facts.")
    return kept


def _look_at_facts(kept: KeptReply, name: str, within: str) -> None:
    """Raises `Unusable` for facts that no store of ours would have given."""
    facts = kept.reply.facts
    _shaped(name, within, lambda: _of_facts().validate_json(json.dumps(facts), strict=True))
    for fact in _NEEDED.get(kept.ask.setting, ()) if kept.reply.ok else ():
        if fact not in facts:
            raise Unusable(f"{name}: {within}{fact}: field required; expected what `check --evidence` writes")


@functools.cache
def _of_facts() -> TypeAdapter[KeptFacts]:
    from pydantic import TypeAdapter

    return TypeAdapter(KeptFacts)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shaped(name: str, within: str, validate: Callable[[], Shape]) -> Shape:
    from pydantic import ValidationError

    try:
        return validate()
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        place = within + ".".join(str(part) for part in first["loc"])
        raise Unusable(f"{name}: {place}: {first['msg'].lower()}; expected what `check --evidence` writes") from None


def load(name: str, text: str) -> dict[str, Any]:
    """The document of a file, whole and of a format that this version reads. Raises `Unusable`."""
    from preflight import __version__

    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        place = f"{name}:{getattr(wrong, 'lineno', 1)}:{getattr(wrong, 'colno', 1)}"
        raise Unusable(f"{place}: this is not JSON; expected what `check --evidence` writes") from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        if isinstance(schema, str) and schema.startswith("preflight.evidence/"):
            by = redact(str(document.get("version", "another version")))[:40]
            raise Unusable(f"{name}: {schema[:40]}, written by preflight {by}; preflight {__version__} reads {SCHEMA}")
        raise Unusable(f"{name}: this is no evidence of preflight's; expected `schema: {SCHEMA}`")
    if sealed(document)["digest"] != document.get("digest"):
        raise Unusable(f"{name}: was changed after it was written: its digest does not fit; ask for the original")
    return dict(document)


def fingerprint(storages: Iterable[Storage]) -> str:
    """SHA-256 over the public fields of all storages: the same for the same configuration, wherever it stands."""
    fields = [_fields(storage) for storage in storages]
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def clean(value: Any, secrets: Sequence[Secret]) -> Any:  # noqa: ANN401 - any JSON value
    """The last lock: no text leaves with a secret in it, whoever put it there."""
    match value:
        case str():
            return redact(value, secrets)
        case dict():
            return {name: clean(item, secrets) for name, item in value.items()}
        case list():
            return [clean(item, secrets) for item in value]
        case _:
            return value


def _storage(session: Session, writer: Writer) -> KeptStorage:
    storage = session.storage
    return KeptStorage(
        fields=_fields(storage),
        secrets={
            each.name: KeptSecret(length=len(value), prefix=value.prefix, source=value.source)
            for each in dataclasses.fields(storage)
            if isinstance(value := getattr(storage, each.name), Secret)
        },
        origin=storage.origin,
        where=storage.where,
        run=session.run,
        writer=writer,
        absent=dict(session.absent),
        present=tuple(session.stores),
        replies=tuple(
            KeptReply(identity=identity, ask=as_kept(ask), reply=evidence.reply)
            for (identity, ask), evidence in session.replies.copy().items()  # its thread may still note one
        ),
        residue=session.residue,
    )


def _fields(storage: Storage) -> dict[str, str]:
    values = {each.name: getattr(storage, each.name) for each in dataclasses.fields(storage)}
    return {name: redact(value, storage.secrets) for name, value in values.items() if isinstance(value, str)}


def as_kept(ask: Ask) -> KeptAsk:
    match ask:
        case WhoAmI():
            return KeptAsk(verb="who-am-i")
        case Put(key, dry, again):
            return KeptAsk(verb="put", key=key, dry=dry, again=again)
        case PutParts(key, dry):
            return KeptAsk(verb="put-parts", key=key, dry=dry)
        case Get(key):
            return KeptAsk(verb="get", key=key)
        case List(prefix):
            return KeptAsk(verb="list", key=prefix)
        case Delete(key):
            return KeptAsk(verb="delete", key=key)
        case Read(setting):
            return KeptAsk(verb="read", setting=setting)
