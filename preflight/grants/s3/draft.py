"""The documents while they are being mended: as they are now, as they would be, and judged either way."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from preflight.iam.aws.layers import ASSUMED
from preflight.iam.aws.principals import Kind, Principal
from preflight.iam.aws.s3 import may
from preflight.iam.decision import Answer, Decision
from preflight.model import Read, Reply, S3Storage, Setting, Store
from preflight.providers.s3.paper_store import PaperStore

Json = dict[str, Any]

ACTION = "s3:PutObject"
ON_OBJECTS = ("s3:GetObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload")
ON_BUCKET = ("s3:PutBucketPolicy", "s3:ListBucket")


@dataclass(slots=True)
class Draft:
    """`changed` are the documents that are no longer as `current` reads them.

    Of the writer's own policies that is the only one, which stands in a file (`filed`), or one more.
    """

    storage: S3Storage
    current: Store
    changed: dict[Setting, Json] = field(default_factory=dict)
    replies: dict[Setting, Reply] = field(default_factory=dict)
    filed: bool = False

    def read(self, setting: Setting) -> Reply:
        if setting not in self.replies:
            self.replies[setting] = self.current.ask(Read(setting))
        return self.replies[setting]

    def mended(self, setting: Setting) -> Reply:
        """A setting as it would be."""
        reply = self.read(setting)
        if setting not in self.changed:
            return reply
        document = self.changed[setting]
        facts = {name: value for name, value in reply.facts.items() if name != "sources"}
        if setting is not Setting.IDENTITY:
            return replace(reply, facts={**facts, "document": document})
        held, names = list(facts.get("documents") or ()), list(facts.get("names") or ())
        if self.filed:
            held = [document]
        else:
            held, names = [*held, document], [*names, "mended"]
        return replace(reply, facts={**facts, "documents": held, "names": names})

    @property
    def before(self) -> PaperStore:
        return PaperStore(self.storage, self.read)

    @property
    def paper(self) -> PaperStore:
        return PaperStore(self.storage, self.mended)

    def value(self, setting: Setting, *, filed: bool = False) -> Json | None:
        """A document as it would be now, as a JSON value of its own; None where there is none."""
        if setting in self.changed and (setting is not Setting.IDENTITY or filed is self.filed):
            return copy.deepcopy(self.changed[setting])
        facts = self.read(setting).facts
        if setting is Setting.IDENTITY:
            return parsed(facts["documents"][0]) if filed else None
        return parsed(facts.get("document"))


def parsed(document: Any) -> Json | None:  # noqa: ANN401 - any JSON value
    """A policy as a JSON object. ValueError for a text that is none."""
    value = json.loads(document) if isinstance(document, str) else copy.deepcopy(document)
    if value is not None and not isinstance(value, dict):
        raise ValueError("a policy is a JSON object")
    return value


def others(paper: PaperStore) -> Iterator[tuple[str, Decision]]:
    """Decisions that mending must leave alone: other principals, other actions, other keys."""
    caller, bucket, path = paper.caller, paper.bucket, paper.storage.path
    assert caller  # noqa: S101 - nobody mends for a writer that is not known
    assumed = replace(paper.layers, identity=ASSUMED, boundary=ASSUMED)
    for who in _people(caller):
        layers = paper.layers if who is caller else assumed
        for action in ON_BUCKET:
            yield f"{who.arn} {action}", may(who, action, bucket, None, layers)
        for action in (*ON_OBJECTS, ACTION):
            granted = action == ACTION and (
                who is caller or (caller.kind is Kind.ACCOUNT and who.account == caller.account)
            )
            for where in _elsewhere(path) if granted else (path, "", *_elsewhere(path)):
                yield f"{who.arn} {action} {where}", may(who, action, bucket, where, layers)


def _people(caller: Principal) -> Iterator[Principal]:
    yield caller
    yield Principal.of("*")
    for account in ("111122223333", "999988887777", caller.account):
        yield Principal.of(f"arn:{caller.partition}:iam::{account}:user/somebody-else")
        yield Principal.of(f"arn:{caller.partition}:iam::{account}:role/some-role")


def _elsewhere(path: str) -> tuple[str, ...]:
    """Prefixes that share no key with the path."""
    return (
        tuple(one for one in (f"x{path}", f"{path[:-1]}0/", "preflight-elsewhere/") if not one.startswith(path))
        if path
        else ()
    )


def unmended(before: Mapping[str, Decision], after: Mapping[str, Decision]) -> str:
    """The first other decision that is not what it was, or nothing. Open ones may differ in why: see `narrowed`."""
    return next((name for name, one in before.items() if _seen(one) != _seen(after[name])), "")


def _seen(decision: Decision) -> tuple[Answer, bool, bool]:
    return decision.answer, decision.allowed is None, decision.denied is None
