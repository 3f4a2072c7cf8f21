"""AWS on the wire: XML, headers and request ids."""

from __future__ import annotations

import base64
import secrets
from xml.sax.saxutils import escape

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.s3.refusal import RefusedError

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def element(name: str, content: str | int | bool = "") -> str:  # noqa: FBT001 - the content of an element
    text = str(content).lower() if isinstance(content, bool) else str(content)
    return f"<{name}>{escape(text)}</{name}>"


def document(root: str, inner: str, namespace: str = NAMESPACE) -> bytes:
    space = f' xmlns="{namespace}"' if namespace else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}{space}>{inner}</{root}>'.encode()


def request_id() -> str:
    return secrets.token_hex(8).upper()


def host_id() -> str:
    return base64.b64encode(secrets.token_bytes(56)).decode()


def stamp(response: Response, *, aws: bool) -> Response:
    """The headers that every answer of the service carries."""
    identity = {"x-amz-request-id": request_id()}
    if aws:
        identity |= {"x-amz-id-2": host_id(), "Server": "AmazonS3"}
    return Response(response.status, {**identity, **response.headers}, response.body)


def refusal(request: Request, error: RefusedError, region: str = "", *, aws: bool) -> Response:
    """A refusal of S3's; a HEAD says no more than its status and headers."""
    ids = {"RequestId": request_id(), "HostId": host_id() if aws else "default-default"}
    headers = {"x-amz-request-id": ids["RequestId"], "Content-Type": "application/xml", **error.headers}
    if aws:
        headers |= {"x-amz-id-2": ids["HostId"], "Server": "AmazonS3"}
        if region:
            headers["x-amz-bucket-region"] = region
    if request.method == "HEAD":
        return Response(error.status, headers)
    fields = {"Code": error.code, "Message": error.message, **error.fields, **ids}
    inner = "".join(element(name, value) for name, value in fields.items())
    return Response(error.status, headers, document("Error", inner, namespace=""))


def query_refusal(error: RefusedError, namespace: str) -> Response:
    """A refusal of the services that speak the query protocol (STS, IAM)."""
    ours = element("Type", "Sender") + element("Code", error.code) + element("Message", error.message)
    inner = f"<Error>{ours}</Error>" + element("RequestId", uuid())
    return Response(error.status, {"Content-Type": "text/xml"}, document("ErrorResponse", inner, namespace))


def query_answer(action: str, result: str, namespace: str) -> Response:
    meta = f"<ResponseMetadata>{element('RequestId', uuid())}</ResponseMetadata>"
    inner = f"<{action}Result>{result}</{action}Result>{meta}"
    return Response(200, {"Content-Type": "text/xml"}, document(f"{action}Response", inner, namespace))


def uuid() -> str:
    text = secrets.token_hex(16)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
