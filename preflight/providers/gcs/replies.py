"""Turns what became of an attempt into a reply: a success only where the answer proves it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from preflight.model import Effect, Refusal, Reply
from preflight.providers.gcs.refusals import Answer, refuse
from preflight.providers.gcs.wire import Attempt


def accept(attempt: Attempt, facts: Mapping[str, Any] | None = None, effect: Effect = Effect.NONE) -> Reply:
    answer = attempt.answer
    return Reply(
        status=answer.status if answer else None,
        request_id=answer.request_id if answer else None,
        facts={**told(answer), **(facts or {})},
        effect=effect,
    )


def refused(attempt: Attempt, *, doubt: Effect | None = None) -> Reply:
    """The reply to an attempt that did not go well."""
    return of_refusal(attempt.refusal, attempt.answer, attempt.doubt if doubt is None else doubt)


def unexpected(attempt: Attempt, wanted: str) -> Reply:
    """A 2xx that is not what was asked for: a proxy, a portal or another service may have answered."""
    if attempt.answer is None:
        return refused(attempt)
    message = f"answered {attempt.answer.status}, but not with {wanted}"
    return of_refusal(refuse(attempt.answer, code="unexpected-answer", message=message), attempt.answer, attempt.doubt)


def of_refusal(refusal: Refusal, answer: Answer | None = None, effect: Effect = Effect.NONE) -> Reply:
    return Reply(
        status=refusal.status,
        code=refusal.code,
        message=refusal.message,
        request_id=answer.request_id if answer else None,
        facts=told(answer),
        refusal=refusal,
        effect=effect,
    )


def not_offered(what: object) -> Reply:
    refusal = Refusal(
        provider="gcs",
        stage="config",
        operation=str(what),
        code="not-offered",
        message=f"Google Cloud Storage has no answer to: {what}",
    )
    return of_refusal(refusal)


def told(answer: Answer | None) -> dict[str, Any]:
    """What any answer tells beside its subject: how far ahead of this machine's the service's clock is."""
    try:
        theirs = parsedate_to_datetime(answer.headers["date"]) if answer else None
    except (KeyError, ValueError):
        return {}
    return {"skew_seconds": round(theirs.timestamp() + 0.5 - time.time())} if theirs else {}  # whole seconds, cut off
