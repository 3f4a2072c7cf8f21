"""The ways into a bucket: media, multipart, and resumable uploads, whose errors come late."""

from __future__ import annotations

import email
import email.policy
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.gcs import objects
from preflight.sandbox.gcs.call import Call
from preflight.sandbox.gcs.refusal import RefusedError, answer

_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-(?P<last>\d+)|\*)/(?P<total>\d+|\*)")


@dataclass(slots=True)
class Open:
    """An upload that was begun: all that its end will be judged by, and what has come so far."""

    bucket: str
    name: str
    metadata: Mapping[str, Any]
    query: Mapping[str, str]
    body: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Uploads:
    begun: dict[str, Open] = field(default_factory=dict)

    def serve(self, call: Call) -> Response:
        query = call.request.query
        match call.request.method, query.get("uploadType"):
            case "POST", "media":
                metadata = {"contentType": call.request.headers.get("content-type")}
                return _whole(call, metadata, call.request.body)
            case "POST", "multipart":
                return _whole(call, *_parts(call.request))
            case "POST", "resumable":
                return self._begin(call)
            case "PUT", "resumable":
                return self._continue(call, self._find(call))
            case "DELETE", "resumable":
                self._find(call)
                del self.begun[query["upload_id"]]
                return answer(None, 499)
            case _:
                raise RefusedError(400, "invalid", f"Unsupported uploadType: {query.get('uploadType')}")

    def _begin(self, call: Call) -> Response:
        """Only who may create is judged now; the rest when the upload ends."""
        query = call.request.query
        metadata = _document(call.request.body)
        metadata.setdefault("contentType", call.request.headers.get("x-upload-content-type"))
        name = objects.authorise(call, metadata, query)
        identifier = secrets.token_urlsafe(48)
        self.begun[identifier] = Open(call.bucket.name, name, metadata, query)
        onward = urlencode({**query, "name": name, "upload_id": identifier})
        location = f"{call.endpoint}{call.request.raw_path}?{onward}"
        return answer(None, 200, {"Location": location, "X-GUploader-UploadID": identifier})

    def _continue(self, call: Call, upload: Open) -> Response:
        found = _RANGE.fullmatch(call.request.headers.get("content-range", "bytes 0-0/*"))
        if not found:
            raise RefusedError(400, "invalid", "Failed to parse Content-Range header.")
        if found["first"] is not None and int(found["first"]) == len(upload.body):
            upload.body += call.request.body
        if found["total"] == "*" or len(upload.body) < int(found["total"]):
            so_far = {"Range": f"bytes=0-{len(upload.body) - 1}"} if upload.body else {}
            return answer(None, 308, so_far)
        response = objects.store(call, upload.metadata, upload.query, upload.name, bytes(upload.body))
        del self.begun[call.request.query["upload_id"]]
        return response

    def _find(self, call: Call) -> Open:
        upload = self.begun.get(call.request.query.get("upload_id", ""))
        if upload is None or upload.bucket != call.bucket.name:
            raise RefusedError(404, "notFound", "No such upload")
        return upload


def _whole(call: Call, metadata: Mapping[str, Any], body: bytes) -> Response:
    query = call.request.query
    return objects.store(call, metadata, query, objects.authorise(call, metadata, query), body)


def _parts(request: Request) -> tuple[dict[str, Any], bytes]:
    """Metadata and content of a multipart/related body."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body, policy=email.policy.HTTP)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) != 2:
        raise RefusedError(400, "badRequest", "Malformed multipart body.")
    metadata = _document(parts[0].get_payload(decode=True))
    metadata.setdefault("contentType", parts[1].get_content_type())
    content = parts[1].get_payload(decode=True)
    return metadata, content if isinstance(content, bytes) else b""


def _document(body: Any) -> dict[str, Any]:  # noqa: ANN401 - what the mail parser gives
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise RefusedError(400, "parseError", "Parse Error")
    return document
