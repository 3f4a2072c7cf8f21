"""One diagnosis per line: from a JSON value to a refusal, and from a diagnosis to a JSON value."""

from collections.abc import Mapping
from typing import Any

from preflight.model import Candidate, Diagnosis, Refusal

SCHEMA = "preflight.diagnosis/1"
_TEXTS = ("text", "provider", "stage", "operation", "code", "message", "body")


def refusal_from(item: object) -> Refusal:
    """A line of a batch: a text, or an object with any of the fields of `Refusal`; unknown names are ignored.

    Raises `ValueError` with one sentence if the line is neither.
    """
    if isinstance(item, str):
        return Refusal(text=item)
    if not isinstance(item, Mapping):
        raise ValueError(f"expected a text or an object, got {type(item).__name__}")  # noqa: TRY004 - bad input, not a bug
    texts: dict[str, Any] = {name: _text(item.get(name)) for name in _TEXTS}
    headers = item.get("headers")
    pairs = headers.items() if isinstance(headers, Mapping) else ()
    return Refusal(
        **texts,
        status=_status(item.get("status")),
        headers={str(name): _text(value) or "" for name, value in pairs},
    )


def as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as the document `preflight.diagnosis/1`."""
    return {
        "schema": SCHEMA,
        "provider": diagnosis.provider,
        "candidates": [candidate_json(candidate) for candidate in diagnosis.candidates],
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """One candidate with the names that every report uses."""
    return {
        "cause": str(candidate.cause),
        "confidence": str(candidate.confidence),
        "because": candidate.because,
        "missing": [{"action": permission.action, "resource": permission.resource} for permission in candidate.missing],
        "field": candidate.field,
        "expected": candidate.expected,
        "tell": candidate.tell,
    }


def _text(value: object) -> str | None:
    """Whatever a line holds as text: numbers as they are written, lists and objects as they would be printed."""
    if value is None or isinstance(value, str):
        return value
    return str(value)


def _status(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value.strip()[:9])
    return None
