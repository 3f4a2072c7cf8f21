"""A wrong secret is told from a request that was changed on its way, by what the server says that it signed."""

from __future__ import annotations

import io
from html import escape

import pytest

from preflight.config import load
from preflight.model import Cause, Confidence, Reach
from preflight.providers.s3.echo import judge
from preflight.run import Plan, check
from preflight.sandbox import Sandbox

URL = "https://b.s3.eu-central-1.amazonaws.com/recordings/a%20b.txt"
SENT = {"host": "b.s3.eu-central-1.amazonaws.com", "x-amz-date": "20261122T000000Z", "content-type": "text/plain"}
CANONICAL = [
    "PUT",
    "/recordings/a%20b.txt",
    "",
    "content-type:text/plain",
    "host:b.s3.eu-central-1.amazonaws.com",
    "x-amz-date:20261122T000000Z",
    "",
    "content-type;host;x-amz-date",
    "UNSIGNED-PAYLOAD",
]


def _body(lines: list[str]) -> bytes:
    echo = escape("\n".join(lines))
    return f"<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>{echo}</CanonicalRequest></Error>".encode()


def test_the_very_request_that_was_sent_proves_the_secret_wrong() -> None:
    """Nothing between changed anything: only the secret can differ, and the proof is stated."""
    first = judge(_body(CANONICAL), "PUT", URL, SENT)[0]

    assert (first.cause, first.confidence, first.field) == (
        Cause.SECRET_WRONG,
        Confidence.STATED,
        "aws_s3.s3_secret",
    )


@pytest.mark.parametrize(
    ("line", "seen", "named"),
    [
        (0, "POST", "the method"),
        (1, "/recordings/a b.txt", "the path"),
        (3, "content-type:text/plain; charset=utf-8", "content-type"),
        (4, "host:proxy.example", "host"),
    ],
)
def test_a_changed_request_is_named(line: int, seen: str, named: str) -> None:
    """A proxy that rewrites is told, with the part that it changed, and the secret is not accused."""
    lines = [*CANONICAL[:line], seen, *CANONICAL[line + 1 :]]
    [only] = judge(_body(lines), "PUT", URL, SENT)

    assert only.cause is Cause.SIGNATURE_BROKEN
    assert named in only.because


def test_a_server_that_echoes_nothing_proves_nothing() -> None:
    """Compatibles do not echo: the text alone is left to the grammar."""
    assert judge(b"<Error><Code>SignatureDoesNotMatch</Code></Error>", "PUT", URL, SENT) == ()


def test_the_check_asks_that_question_itself() -> None:
    """With a wrong secret at AWS, the check states the cause instead of listing what it might be."""
    with Sandbox("s3/wrong-secret") as box:
        configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
        report = check(configuration, Plan(reach=Reach(timeout=5, endpoints=box.endpoints)))
    found = next(one for one in report.storages[0].outcomes if one.check == "accept-credential")

    assert (found.candidates[0].cause, found.candidates[0].confidence) == (Cause.SECRET_WRONG, Confidence.STATED)
