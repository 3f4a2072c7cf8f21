"""What S3 says that it signed, against what we sent: a wrong secret is told from a request changed on its way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlsplit

from preflight.model import Candidate, Cause, Confidence

_ECHO = re.compile(r"<CanonicalRequest>(.*?)</CanonicalRequest>", re.DOTALL)


def judge(body: bytes, method: str, url: str, headers: Mapping[str, str]) -> tuple[Candidate, ...]:
    """The causes of a signature that does not match, proven by the echo; none where the server does not echo.

    `headers` are those that were sent, with names in small letters. Source of the form: "Create a canonical request"
    in AWS's Signature Version 4 documentation.
    """
    echo = _ECHO.search(body.decode("utf-8", "replace"))
    if echo is None:
        return ()
    lines = unescape(echo[1]).splitlines()
    changed = _changed(lines, method, url, headers)
    if changed:
        because = f"{changed} reached the server otherwise than it was signed: something between changed the request"
        return (Candidate(cause=Cause.SIGNATURE_BROKEN, confidence=Confidence.STATED, because=because),)
    because = "the server signed the very request that was sent and came to another signature: the secret is another"
    field = "aws_s3.s3_secret"
    return (
        Candidate(cause=Cause.SECRET_WRONG, confidence=Confidence.STATED, because=because, field=field),
        Candidate(
            cause=Cause.CREDENTIAL_MALFORMED,
            because="a secret with a blank, quotes or a piece missing is refused in the same words",
            field=field,
        ),
    )


def _changed(lines: list[str], method: str, url: str, headers: Mapping[str, str]) -> str:
    """The first part of the request that the server saw otherwise; nothing if it saw what we sent."""
    if len(lines) < 3:
        return ""
    if lines[0] != method:
        return "the method"
    if lines[1] != (urlsplit(url).path or "/"):
        return "the path"
    for line in lines[3:]:
        name, colon, value = line.partition(":")
        if not colon:
            break
        if " ".join(headers.get(name, "").split()) != " ".join(value.split()):
            return f"the header {name}"
    return ""
