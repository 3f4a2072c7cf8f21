"""How Google says no: an exception that carries status, reason and sentence, and the shape that it travels in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from preflight.sandbox.exchange import Response

_STATUSES = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}


class RefusedError(Exception):
    """A refusal of the JSON API; `error` and `details` are what a part of them says beside the usual."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        error: Mapping[str, Any] | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message
        self.error, self.details, self.headers = error or {}, details, headers or {}

    @property
    def response(self) -> Response:
        one = {"message": self.message, "domain": "global", "reason": self.reason, **self.error}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [one]}
        if self.details:
            error |= {"status": _STATUSES.get(self.status, "UNKNOWN"), "details": list(self.details)}
        return answer({"error": error}, self.status, self.headers)


def answer(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:  # noqa: ANN401 - any JSON value
    """A whole answer of the API; without a document, one without a body."""
    body = b"" if document is None else json.dumps(document, indent=2).encode() + b"\n"
    known = {"Content-Type": "application/json; charset=UTF-8", "Server": "UploadServer", "Cache-Control": "no-cache"}
    return Response(status, {**known, "X-GUploader-UploadID": secrets.token_urlsafe(24), **(headers or {})}, body)


def denied(who: str, permission: str, *, on: str) -> RefusedError:
    """IAM's one sentence, whatever the reason: no binding, a condition, a deny policy, no such resource."""
    status, reason = (401, "required") if who == ANONYMOUS else (403, "forbidden")
    sentence = (
        f"{who} does not have {permission} access to the Google Cloud Storage {on}. "
        f"Permission '{permission}' denied on resource (or it may not exist)."
    )
    extra = {"locationType": "header", "location": "Authorization"} if status == 401 else {}
    return RefusedError(status, reason, sentence, error=extra)


def missing_bucket() -> RefusedError:
    return RefusedError(404, "notFound", "The specified bucket does not exist.")


def missing_object(bucket: str, key: str) -> RefusedError:
    return RefusedError(404, "notFound", f"No such object: {bucket}/{key}")


def unmet(message: str = "At least one of the pre-conditions you specified did not hold.") -> RefusedError:
    """412 names `If-Match` even if nobody sent it."""
    return RefusedError(412, "conditionNotMet", message, error={"locationType": "header", "location": "If-Match"})


ANONYMOUS = "Anonymous caller"
