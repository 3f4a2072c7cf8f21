"""Every scenario of the sandbox examined once with its evidence kept, for all tests of this room."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preflight.cli.demo import at_home
from preflight.config import Configuration, load
from preflight.evidence import Recorder, dumps, read
from preflight.model import Reach, Report
from preflight.replay import replay
from preflight.run import Plan, check
from preflight.sandbox import Sandbox

ACCOUNTS = ("arn:aws:iam::111122223333", "my-recordings", "my-s3")


@dataclass(frozen=True, slots=True)
class Seen:
    """A scenario's report, its evidence as a document, and what the file must never hold."""

    report: Report
    document: Mapping[str, Any]
    configuration: Configuration
    secrets: tuple[str, ...]

    @property
    def text(self) -> str:
        return dumps(self.document)


@functools.cache
def seen(name: str) -> Seen:
    with Sandbox(name) as box, at_home([box]):
        configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
        recorder = Recorder()
        reach = Reach(endpoints=box.endpoints, timeout=5, inspect=box.scenario.inspect)
        plan = Plan(reach=reach, opener=recorder.open)
        report = check(configuration, plan)
        document = recorder.document(configuration, plan, report)
        secrets = [secret.reveal() for storage in configuration.storages for secret in storage.secrets]
    return Seen(report, document, configuration, tuple(secret for secret in secrets if len(secret) > 3))


def again(text: str) -> Report:
    return replay(read("evidence.json", text))


def judged(report: Report) -> list[object]:
    """What a report says, but for its words."""
    outcomes = [outcome for storage in report.storages for outcome in storage.outcomes]
    told = [(each.check, each.status, [candidate.cause for candidate in each.candidates]) for each in outcomes]
    return [report.verdict, report.exit_code, *told]
