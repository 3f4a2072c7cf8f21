"""Azure on the wire: XML of the blob service, JSON of everything else, and the headers of both."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4
from xml.sax.saxutils import escape

from preflight.sandbox.exchange import Request, Response

VERSION = "2026-06-06"


@dataclass(eq=False)
class RefusedError(Exception):
    """What the wire will say. `fields` become XML elements of their own. `front`: refused before the service itself."""

    status: int
    code: str
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    front: bool = False


def blob_headers(*, front: bool = False) -> dict[str, str]:
    server = "Microsoft-HTTPAPI/2.0" if front else "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"
    return {"Server": server, "x-ms-request-id": request_id(), "x-ms-version": VERSION}


def blob_refusal(request: Request, error: RefusedError) -> Response:
    """The blob service's refusal: a byte order mark, XML, and the code in a header too."""
    headers = {**blob_headers(front=error.front), "x-ms-error-code": error.code, **error.headers}
    if request.method == "HEAD":
        return Response(error.status, headers)
    time = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "0Z")
    message = f"{error.message}\nRequestId:{headers['x-ms-request-id']}\nTime:{time}"
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in error.fields.items())
    body = f"<Code>{error.code}</Code><Message>{escape(message)}</Message>{inner}"
    return xml(error.status, f"<Error>{body}</Error>", headers)


def xml(status: int, document: str, headers: Mapping[str, str]) -> Response:
    text = f'\ufeff<?xml version="1.0" encoding="utf-8"?>{document}'
    return Response(status, {"Content-Type": "application/xml", **headers}, text.encode())


def answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Response:
    """JSON, as Entra ID and Azure Resource Manager speak it."""
    told = {"Content-Type": "application/json; charset=utf-8", "x-ms-request-id": str(uuid4()), **(headers or {})}
    return Response(status, told, json.dumps(document).encode())


def arm_refusal(error: RefusedError) -> Response:
    document = {"error": {"code": error.code, "message": error.message}}
    return answer(error.status, document, error.headers)


def request_id() -> str:
    text = secrets.token_hex(13)
    return f"{text[:8]}-{text[8:12]}-00{text[12:14]}-{text[14:18]}-{text[18:24]}000000"
