"""Reads Google's refusals: which code and which sentence stand in an answer, without judging what they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.model import Refusal

BODY_LIMIT = 16_384  # characters of a body that a refusal keeps
_MESSAGE_LIMIT = 4_096
_HEADER_LIMIT = 512
_UNTOLD = frozenset({"set-cookie", "location"})
_OF_PROXIES = frozenset({407, 511})
_OWN_HEADERS = ("x-goog-", "x-guploader-")
_OF_SIGNING_IN = {"error", "error_description", "error_uri", "error_subtype"}
_XML = re.compile(r"<(Code|Message|Details)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One whole answer. `operation` and `stage` say what was asked; header names are in lower case.

    `resumable`: it belongs to an upload that is open, whose address is as good as a password.
    """

    operation: str
    stage: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    resumable: bool = False

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value, or None where the body is none
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def request_id(self) -> str | None:
        return self.told.get("x-guploader-uploadid") or self.told.get("x-cloud-trace-context")

    @property
    def told(self) -> Mapping[str, str]:
        """The headers that may be shown: the request id of an open upload is a part of its address."""
        untold = _UNTOLD | {"x-guploader-uploadid"} if self.resumable else _UNTOLD
        return {name: value[:_HEADER_LIMIT] for name, value in self.headers.items() if name not in untold}


def refuse(answer: Answer, *, code: str | None = None, message: str | None = None) -> Refusal:
    """The refusal that an answer is; `code` and `message` where we refuse what Google did not."""
    said = read_error(answer)
    return Refusal(
        provider="gcs",
        stage=answer.stage,
        operation=answer.operation,
        status=answer.status,
        code=code or said[0],
        message=message or said[1],
        body=answer.text[:BODY_LIMIT],
        headers=answer.told,
        foreign=_is_foreign(answer),
    )


def _is_foreign(answer: Answer) -> bool:
    """Whether nothing in the answer is Google's own.

    A proxy asks for its own credentials (407, 511), and a gateway hands headers on when it lost what is behind it.
    """
    if answer.status in _OF_PROXIES:
        return True
    marked = any(name.startswith(_OWN_HEADERS) for name in answer.headers)
    return not _is_own_error(answer) and (answer.status >= 500 or not marked)


def _is_own_error(answer: Answer) -> bool:
    """Whether the body is an error of one of the JSON APIs, of the token endpoint or of the XML API."""
    document = answer.json
    if not isinstance(document, dict):
        return "<Error>" in answer.text and "<Code>" in answer.text
    match document.get("error"):
        case dict() as error:
            return isinstance(error.get("code"), int) and not error.keys().isdisjoint({"errors", "status"})
        case str(code):  # every code of OAuth is of several words, and stands with nothing else
            return "_" in code and document.keys() <= _OF_SIGNING_IN
        case _:
            return False


def read_error(answer: Answer) -> tuple[str | None, str | None]:
    """Code and message, in whichever of the dialects the answer speaks."""
    document = answer.json
    if isinstance(document, dict):
        code, message = _read_document(document)
    else:
        found = {name: value.strip() for name, value in _XML.findall(answer.text[:BODY_LIMIT])}
        code, message = found.get("Code"), found.get("Details") or found.get("Message") or answer.text.strip()
    return code, (message or "")[:_MESSAGE_LIMIT] or None


def _read_document(document: Mapping[str, Any]) -> tuple[str | None, str | None]:
    error = document.get("error")
    if not isinstance(error, dict):  # the token endpoint: two plain texts
        return _text(error), _text(document.get("error_description"))
    code = _reason(error.get("details")) or _reason(error.get("errors")) or _text(error.get("status"))
    return code, _text(error.get("message"))


def _reason(parts: Any) -> str | None:  # noqa: ANN401 - whatever the answer held
    """The first `reason`; newer services put the exact one into `details`."""
    given = parts if isinstance(parts, list) else ()
    return next((_text(part["reason"]) for part in given if isinstance(part, dict) and part.get("reason")), None)


def _text(value: Any) -> str | None:  # noqa: ANN401 - likewise
    return value if isinstance(value, str) and value else None
