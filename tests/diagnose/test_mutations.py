"""The same error in other clothes gets the same diagnosis."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preflight.diagnose import diagnose
from preflight.model import Diagnosis, Refusal

DATA = Path(__file__).parents[1] / "data"
CASES: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("errors", "errors-more")
    for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
TEXTS = sorted({case["input"]["text"] for case in CASES if case["input"]["text"]})


def of(text: str) -> Diagnosis:
    return diagnose(Refusal(text=text))


def first(text: str) -> str:
    candidates = of(text).candidates
    return str(candidates[0].cause) if candidates else ""


def logged(text: str) -> str:
    """As a logger writes it: a time stamp before each line."""
    return "\n".join(f"2026-05-18T07:35:24.123Z ERROR [worker-17] {line}" for line in text.splitlines())


def wrapped(text: str) -> str:
    """As a narrow terminal shows it: broken between words."""
    return re.sub(r"([^\n]{40,60}) ", r"\1\n", text)


def coloured(text: str) -> str:
    return f"\x1b[31m{text}\x1b[0m"


def escaped(text: str) -> str:
    """As a JSON string inside another JSON document."""
    return json.dumps({"level": "error", "msg": text})


def marked_up(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def surrounded(text: str) -> str:
    """In the middle of a job's output."""
    return f"uploading recording 17\nstarting worker\n{text}\nretrying later\n    at main (app.js:1)\n"


def other_ids(text: str) -> str:
    """Other account numbers and request ids of the same shape."""
    text = re.sub(r"\b111122223333\b", "444455556666", text)
    return re.sub(r"\b[0-9a-f]{8}-([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})", r"0badcafe-\1", text)


REWRITES = [logged, wrapped, coloured, escaped, marked_up, windows, surrounded, other_ids]


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_clothes_do_not_matter(rewrite: Callable[[str], str]) -> None:
    """A log line, a terminal, JSON, markup, other line ends or other ids do not change the first cause."""
    changed = [text for text in TEXTS if first(rewrite(text)) != first(text)]
    assert changed == []


def test_a_lost_tail_does_not_mislead() -> None:
    """A long text that lost its last tenth still gets a cause that the whole text named, for nearly every error."""
    long = [text for text in TEXTS if len(text) > 200]
    strays = [t for t in long if first(t[: -len(t) // 10]) not in {str(c.cause) for c in of(t).candidates} | {""}]
    assert len(strays) <= len(long) // 25, strays


CODES = {
    "NoSuchBucket": ("The specified bucket does not exist", "bucket-missing"),
    "AccessDenied": ("Access Denied", "access-denied"),
    "InvalidAccessKeyId": ("The AWS Access Key Id you provided does not exist in our records.", "credential-unknown"),
    "SlowDown": ("Please reduce your request rate.", "throttled"),
    "RequestTimeTooSkewed": (
        "The difference between the request time and the current time is too large.",
        "clock-skew",
    ),
    "AccessControlListNotSupported": ("The bucket does not allow ACLs", "acl-refused"),
    "KMS.DisabledException": ("arn:aws:kms:us-east-1:111122223333:key/1 is disabled.", "encryption-key-unusable"),
    "NotImplemented": ("A header you provided implies functionality that is not implemented", "feature-unsupported"),
}
RENDERINGS = {
    "boto3": "botocore.exceptions.ClientError: An error occurred ({code}) when calling the PutObject operation: {text}",
    "aws-cli": "upload failed: ./a to s3://b/a An error occurred ({code}) when calling the PutObject operation: {text}",
    "xml": "<?xml version='1.0'?><Error><Code>{code}</Code><Message>{text}</Message><HostId>x</HostId></Error>",
    "java": "AmazonS3Exception: {text} (Service: Amazon S3; Error Code: {code}; Request ID: X)",
    "go-v1": "{code}: {text}\n\tstatus code: 400, request id: 9Z, host id: x=",
    "go-v2": "operation error S3: PutObject, https response error StatusCode: 400, api error {code}: {text}",
    "node-v3": "{code}: {text}\n    at throwDefaultError (index.js:8:20) {{ '$fault': 'client', Code: '{code}' }}",
    "node-v2": '{{"message":"{text}","code":"{code}","region":null,"statusCode":400,"retryable":false}}',
    "php": 'Error executing "PutObject" on "https://b.s3.amazonaws.com/k"; AWS HTTP error: {code} (client): {text}',
    "terraform": "Error: uploading S3 Object (k): operation error S3: PutObject, api error {code}: {text}",
    "rclone": "ERROR : a: Failed to copy: {code}: {text}\n\tstatus code: 400, request id: 1, host id: 2",
    "s3cmd": "ERROR: S3 error: 400 ({code}): {text}",
}


@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.parametrize("code", CODES)
def test_every_tool_is_understood(code: str, rendering: str) -> None:
    """Each S3 client's way of printing an error gives the same first cause."""
    text, cause = CODES[code]
    assert first(RENDERINGS[rendering].format(code=code, text=text)) == cause
