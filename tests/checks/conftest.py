"""The whole run against stores in memory: what a writer, an inspector and documents say, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from preflight.config import Configuration
from preflight.model import (
    Ask,
    Delete,
    Effect,
    GcsStorage,
    Get,
    Identity,
    List,
    Location,
    Outcome,
    Put,
    PutParts,
    Read,
    Refusal,
    Reply,
    Report,
    S3Storage,
    Secret,
    Setting,
    Storage,
    WhoAmI,
)
from preflight.providers import provider
from preflight.run import Plan, check
from preflight.session import Session

ORIGIN = Location("storages.yaml", 1, 1)
KEYLESS = S3Storage(
    name="my-s3", storage_type="s3", bucket="my-recordings", path="recordings/", region="eu-central-1", origin=ORIGIN
)
KEYED = S3Storage(
    name="my-s3",
    storage_type="s3",
    bucket="my-recordings",
    path="recordings/",
    region="eu-central-1",
    api_key=Secret("AKIAIOSFODNN7EXAMPLE", source="storages.yaml:7", prefix="AKIA"),
    secret=Secret("a" * 20 + "B1" * 10, source="storages.yaml:8"),
    origin=ORIGIN,
)
GOOGLE = GcsStorage(name="my-gcs", storage_type="gcs", bucket="my-recordings", path="recordings/", origin=ORIGIN)

DENIED = Refusal(
    provider="s3",
    stage="put_object",
    operation="PutObject",
    status=403,
    code="AccessDenied",
    message="Access Denied",
)


@dataclass
class Writing:
    """A live writer: it may write or not, and may do nothing else."""

    writes: bool = True
    refusal: Refusal = DENIED
    asked: list[Ask] = field(default_factory=list)

    def ask(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        match ask:
            case Put() | PutParts() if self.writes:
                return Reply(status=200, effect=Effect.CERTAIN)
            case WhoAmI():
                return Reply(status=200, facts={"principal": "arn:aws:iam::111122223333:user/writer"})
            case _:
                refusal = self.refusal
                return Reply(status=403, code="AccessDenied", message=refusal.message, refusal=refusal)


@dataclass
class Looking:
    """An inspector who gets the facts of the settings that are given, and is refused every other."""

    facts: Mapping[Setting, Mapping[str, Any]]
    otherwise: Reply | None = None  # what is answered to everything else, if not a denial
    asked: list[Ask] = field(default_factory=list)

    def ask(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        assert isinstance(ask, Read)
        if ask.setting in self.facts:
            return Reply(status=200, facts=self.facts[ask.setting])
        if self.otherwise:
            return self.otherwise
        operation = {Setting.ENCRYPTION: "GetBucketEncryption"}.get(ask.setting, f"Get{ask.setting}")
        refusal = Refusal(
            provider="s3", stage="get_bucket_policy", operation=operation, status=403, code="AccessDenied",
            message="Access Denied",
        )  # fmt: skip
        return Reply(status=403, code="AccessDenied", message="Access Denied", refusal=refusal)


@dataclass
class Documents:
    """Policy documents that come to one answer."""

    reply: Reply

    def ask(self, ask: Ask) -> Reply:
        assert isinstance(ask, Put | PutParts | Get | List | Delete)
        return self.reply


@dataclass(frozen=True)
class Examine:
    """Run the whole check on one storage with these stores."""

    def __call__(
        self,
        storage: Storage,
        *,
        writer: Writing | None = None,
        facts: Mapping[Setting, Mapping[str, Any]] | None = None,
        otherwise: Reply | None = None,
        documents: Documents | None = None,
        real_documents: bool = False,
    ) -> Report:
        def opened(one: Storage, problems: Any, plan: Plan, limits: Any) -> Session:
            del plan
            found = provider(one.storage_type)
            session = Session(storage=one, provider=found, problems=tuple(problems), limits=limits)
            session.admit(Identity.WRITER, writer or "no key is configured, so only Stream can try it")
            session.admit(Identity.INSPECTOR, Looking(facts, otherwise) if facts is not None else "nobody looks")
            paper = found.paper(one, session.read) if real_documents else documents or "no documents"
            session.admit(Identity.DOCUMENTS, paper)
            return session

        return check(Configuration(storages=(storage,)), Plan(opener=opened))


@pytest.fixture
def examine() -> Examine:
    return Examine()


def outcome(report: Report, name: str) -> Outcome:
    return next(one for one in report.storages[0].outcomes if one.check == name)
