"""Saved evidence judged again: the same checks, and stores that answer from the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from preflight.config import Configuration
from preflight.evidence import Kept, KeptAsk, KeptSecret, KeptStorage, as_kept
from preflight.model import (
    AbsStorage,
    Ask,
    GcsStorage,
    Identity,
    Problem,
    Provider,
    Reach,
    Refusal,
    Reply,
    Report,
    S3Storage,
    Secret,
    Storage,
    Writer,
)
from preflight.providers import names, provider
from preflight.run import Plan, check
from preflight.session import NOT_RECORDED, Limits, Session

_KINDS: Mapping[str, type[Storage]] = {"s3": S3Storage, "gcs": GcsStorage, "abs": AbsStorage}


def replay(record: Kept) -> Report:
    """The report that this version makes of the evidence; it says when and by which version the evidence was taken."""
    storages = tuple(_storage(one) for one in record.storages)
    records = {id(storage): one for storage, one in zip(storages, record.storages, strict=True)}
    configuration = Configuration(
        storages=storages,
        problems=record.problems,
        call_types=record.call_types,
        waivers=record.waivers,
    )
    plan = Plan(
        only=frozenset(record.plan.only),
        skip=frozenset(record.plan.skip),
        fail_on=record.plan.fail_on,
        no_residue=record.plan.no_residue,
        allow_locked_residue=record.plan.allow_locked_residue,
        reach=Reach(inspect=any(Identity.INSPECTOR in _present(one) for one in record.storages)),
        opener=partial(_open, records),
    )
    report = check(configuration, plan)
    told = f"read again from evidence that preflight {record.version} took at {record.started}"
    return replace(
        report,
        started=record.started,
        finished=record.finished,
        storages=tuple(
            replace(found, residue=kept.residue, assumptions=(*found.assumptions, told))  # what is left is no judgement
            for found, kept in zip(report.storages, record.storages, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A store that answers what was asked when the evidence was taken, and knows nothing else."""

    storage_type: str
    replies: Mapping[KeptAsk, Reply]

    def ask(self, ask: Ask) -> Reply:
        reply = self.replies.get(as_kept(ask))
        if reply is not None:
            return reply
        message = f"not in the evidence: no answer to `{ask}` had come when it was taken"
        refusal = Refusal(provider=self.storage_type, operation=str(ask), code=NOT_RECORDED, message=message)
        return Reply(code=NOT_RECORDED, message=message, refusal=refusal)


class _Named:
    """A provider that knows who the writer was, for there is no credential left that would tell."""

    def __init__(self, of: Provider, writer: Writer) -> None:
        self._of = of
        self._writer = writer

    def identify(self, storage: Storage) -> Writer:
        del storage
        return self._writer

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the provider's own
        return getattr(self._of, name)


def _open(
    records: Mapping[int, KeptStorage], storage: Storage, problems: Sequence[Problem], plan: Plan, limits: Limits
) -> Session:
    record = records[id(storage)]
    known = storage.storage_type in names()
    session = Session(
        storage=storage,
        provider=cast("Provider", _Named(provider(storage.storage_type), record.writer)) if known else None,
        problems=tuple(problems),
        limits=limits,
        dry=plan.no_residue,
        run=record.run,
    )
    for identity, reason in record.absent.items():
        session.admit(identity, reason)
    for identity in _present(record):
        replies = {one.ask: one.reply for one in record.replies if one.identity is identity}
        session.admit(identity, Recorded(storage.storage_type, replies))
    return session


def _present(record: KeptStorage) -> tuple[Identity, ...]:
    """Who could be asked when the evidence was taken."""
    answered = {one.identity for one in record.replies}
    return tuple(one for one in Identity if one in record.present or one in answered)


def _storage(record: KeptStorage) -> Storage:
    """The storage as it was, with stand-ins for its secrets that look the same from outside."""
    kind = _KINDS.get(record.fields.get("storage_type", ""), Storage)
    known = set(kind.__dataclass_fields__)
    fields: dict[str, Any] = {name: value for name, value in record.fields.items() if name in known}
    fields |= {name: _stand_in(secret) for name, secret in record.secrets.items() if name in known}
    return kind(**fields, origin=record.origin, where=record.where)


def _stand_in(secret: KeptSecret) -> Secret:
    filling = "\N{BULLET}" * max(0, secret.length - len(secret.prefix))
    return Secret(secret.prefix + filling, source=secret.source, prefix=secret.prefix)
