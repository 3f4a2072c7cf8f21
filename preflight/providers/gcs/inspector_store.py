"""The store as the operator, who only looks: settings and the IAM policy of the bucket."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import google.auth

from preflight.model import Ask, GcsStorage, Read, Refusal, Reply, Setting
from preflight.providers import Reach
from preflight.providers.gcs import objects, passes, replies, settings
from preflight.providers.gcs.key import malformed
from preflight.providers.gcs.wire import API, Attempt, Wire

SCOPE = "https://www.googleapis.com/auth/cloud-platform"  # nothing narrower reads IAM policies


@dataclass(slots=True)
class InspectorStore:
    """One read of the bucket's metadata answers nearly every setting; it is remembered."""

    storage: GcsStorage
    reach: Reach
    opened: Wire | Refusal | None = None
    metadata: Attempt | None = None

    def ask(self, ask: Ask) -> Reply:
        match ask:
            case Read(Setting.IDENTITY | Setting.HELD | Setting.KEY_POLICY):
                return replies.not_offered(ask)
            case Read(setting):
                return self._read(setting)
            case _:
                raise ValueError(f"the inspector only looks: {ask}")

    def _read(self, setting: Setting) -> Reply:
        started = time.monotonic()
        self.opened = self.opened or open_wire(self.storage, self.reach)
        if isinstance(self.opened, Refusal):
            return replies.of_refusal(self.opened)
        reply = self._answer(setting, self.opened, time.monotonic() + self.reach.timeout)
        return replace(reply, millis=round((time.monotonic() - started) * 1000))

    def _answer(self, setting: Setting, wire: Wire, deadline: float) -> Reply:
        if setting is Setting.POLICY:
            attempt = wire.send(passes.read_policy(wire), deadline)
            document = attempt.answer.json if attempt.answer else None
            if attempt.ok and settings.is_policy(document):
                return replies.accept(attempt, {"document": document})
            return replies.unexpected(attempt, "an IAM policy") if attempt.ok else replies.refused(attempt)
        if self.metadata is None or self.metadata.answer is None:
            self.metadata = wire.send(passes.read_bucket(wire), deadline)
        document = self.metadata.answer.json if self.metadata.answer else None
        if self.metadata.ok and settings.is_bucket(document):
            facts = settings.read(setting, document)
            return replies.accept(self.metadata, facts if "shown_to" not in facts else self._unfiltered(wire, deadline))
        if self.metadata.ok:
            return replies.unexpected(self.metadata, "the bucket's metadata")
        return replies.refused(self.metadata)

    def _unfiltered(self, wire: Wire, deadline: float) -> dict[str, Any]:
        """No address filter was in the answer: that means none to who would have been shown it."""
        held = objects.held(wire, ((settings.SHOWS_FILTER,),), deadline).facts.get("permissions", ())
        return settings.network({}, shown=settings.SHOWS_FILTER in held)


def open_wire(storage: GcsStorage, reach: Reach) -> Wire | Refusal:
    """The operator's own way to the storage, or why there is none."""
    try:
        credentials, _ = google.auth.default(scopes=[SCOPE])
    except Exception as error:  # noqa: BLE001 - the operator's own set-up can be broken in any way
        return malformed(str(error)[:1024], type(error).__name__)
    return Wire(_unbilled(credentials), storage.bucket, reach.endpoints.get("gcs", API).rstrip("/"))


def _unbilled(credentials: Any) -> Any:  # noqa: ANN401 - any of google-auth's many kinds
    """Without the operator's own quota project, whose use would be one more permission to lack."""
    forget = getattr(credentials, "with_quota_project", None)
    return forget(None) if forget and getattr(credentials, "quota_project_id", None) else credentials
