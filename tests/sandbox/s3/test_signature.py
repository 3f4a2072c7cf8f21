"""Who signed: the real boto3 signs, and the sandbox accepts what AWS accepts and refuses in its words."""

import http.client
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from preflight.sandbox import Sandbox, Transport

KEY = "recordings/one object + ümlaut/~(1).txt"
WRITER: Mapping[str, Any] = {"Bucket": "my-recordings", "Key": KEY, "Body": b"hello"}


def _refused(call: Any, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    response: dict[str, Any] = refusal.value.response  # type: ignore[assignment]  # a typed dictionary
    return {"status": response["ResponseMetadata"]["HTTPStatusCode"], **response["Error"]}


def test_a_right_signature_is_accepted(open_box: Any, client: Any) -> None:
    """Keys with blanks, signs and letters beyond ASCII are signed and stored under their own name."""
    box = open_box()
    answer = client(box).put_object(**WRITER)
    assert answer["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'


def test_virtual_host_addressing_is_understood(open_box: Any, client: Any) -> None:
    """The bucket may be the first label of the host name."""
    box = open_box()
    url = box.endpoints["s3"].replace("127.0.0.1", "localhost")
    virtual = client(box, endpoint_url=url, s3={"addressing_style": "virtual"})
    virtual.put_object(**WRITER)
    assert box.world.served[-1][1].host.startswith("my-recordings.localhost")


def test_a_wrong_secret_is_refused_with_what_was_signed(open_box: Any, client: Any) -> None:
    """SignatureDoesNotMatch echoes the canonical request and the string to sign, so that one can compare."""
    error = _refused(client(open_box(), aws_secret_access_key="x" * 40).put_object, **WRITER)
    assert (error["status"], error["Code"]) == (403, "SignatureDoesNotMatch")
    assert error["CanonicalRequest"].startswith("PUT\n/my-recordings/recordings/one%20object%20%2B%20%C3%BCmlaut/~%281")
    assert error["StringToSign"].startswith("AWS4-HMAC-SHA256\n")


def test_a_changed_body_is_refused(open_box: Any, client: Any) -> None:
    """A body that is not the signed one gives XAmzContentSHA256Mismatch, and nothing is stored."""
    box = open_box()
    changed = client(box)

    def swap(request: Any, **_: object) -> None:
        request.body = b"HELLO"

    changed.meta.events.register("before-send.s3", swap)
    error = _refused(changed.put_object, **WRITER)
    assert (error["status"], error["Code"]) == (400, "XAmzContentSHA256Mismatch")


def test_an_unknown_key_is_named(open_box: Any, client: Any) -> None:
    """InvalidAccessKeyId carries the key id that nobody knows."""
    error = _refused(client(open_box(), aws_access_key_id="AKIAUNKNOWN000000000").put_object, **WRITER)
    assert (error["status"], error["Code"]) == (403, "InvalidAccessKeyId")
    assert error["AWSAccessKeyId"] == "AKIAUNKNOWN000000000"


@pytest.mark.parametrize(("minutes", "accepted"), [(14, True), (-14, True), (16, False), (-16, False)])
def test_the_clock_may_be_off_by_fifteen_minutes(
    open_box: Any,
    client: Any,
    minutes: int,
    accepted: bool,  # noqa: FBT001 - one row of a table
) -> None:
    """Beyond that, RequestTimeTooSkewed gives both times."""
    writer = client(open_box(clock=minutes * 60))
    if accepted:
        assert writer.put_object(**WRITER)["ETag"]
        return
    error = _refused(writer.put_object, **WRITER)
    assert (error["status"], error["Code"]) == (403, "RequestTimeTooSkewed")
    ours = datetime.strptime(error["RequestTime"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    theirs = datetime.fromisoformat(error["ServerTime"])
    assert abs((theirs - ours) - timedelta(minutes=minutes)) < timedelta(seconds=30)
    assert abs(ours - datetime.now(UTC)) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("user", "token", "status", "code"),
    [
        ({"token": "session"}, "session", 200, ""),
        ({"token": "session"}, None, 403, "InvalidAccessKeyId"),
        ({"token": "session"}, "another", 400, "InvalidToken"),
        ({}, "session", 400, "InvalidToken"),
        ({"token": "session", "expired": True}, "session", 400, "ExpiredToken"),
        ({"disabled": True}, None, 403, "InvalidAccessKeyId"),
    ],
)
def test_temporary_credentials_need_their_own_token(
    open_box: Any,
    client: Any,
    user: Mapping[str, Any],
    token: str | None,
    status: int,
    code: str,
) -> None:
    """No token, another's token and a stale token are three different refusals."""
    box = open_box({"users": {"stream-writer": user}})
    writer = client(box, aws_session_token=token)
    if status == 200:
        assert writer.put_object(**WRITER)["ETag"]
        return
    error = _refused(writer.put_object, **WRITER)
    assert (error["status"], error["Code"]) == (status, code)


@pytest.mark.parametrize("checksums", ["when_supported", "when_required"])
def test_uploads_over_tls_come_in_chunks_and_are_understood(
    open_box: Any,
    client: Any,
    checksums: str,
) -> None:
    """Over TLS the SDK leaves the payload unsigned and sends checksums as trailers: the stored bytes are bare."""
    import io

    box: Sandbox = open_box({"users": {"stream-writer": {"policies": [ALL]}}}, transport=Transport.HTTPS)
    writer = client(box, checksums=checksums)
    writer.put_object(Bucket="my-recordings", Key="recordings/x", Body=io.BytesIO(b"streamed bytes"))
    assert writer.get_object(Bucket="my-recordings", Key="recordings/x")["Body"].read() == b"streamed bytes"


def test_nobody_is_let_in_without_a_reason(open_box: Any) -> None:
    """An unsigned request gets a bare Access Denied in XML, with AWS's ids."""
    box: Sandbox = open_box()
    line = http.client.HTTPConnection(box.endpoints["s3"].removeprefix("http://"), timeout=5)
    line.request("PUT", "/my-recordings/recordings/x", b"hello")
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    assert answer.status == 403
    assert answer.headers["Server"] == "AmazonS3"
    assert len(answer.headers["x-amz-request-id"]) == 16
    assert "<Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>" in body


ALL = """
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
"""
