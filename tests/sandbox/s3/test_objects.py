"""Objects and uploads in parts: what is stored, what is refused, and that a refusal stores nothing."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from preflight.sandbox import Sandbox
from preflight.sandbox.s3.payload import CHECKSUMS

EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
KEY = "recordings/one"
AT: Mapping[str, Any] = {"Bucket": "my-recordings", "Key": KEY}


@pytest.fixture
def writer(open_box: Any, client: Any) -> Any:
    """A boto3 client that may do everything; `settings` set up the bucket."""

    def made(**settings: Any) -> Any:
        box: Sandbox = open_box(
            {
                "users": {"stream-writer": {"policies": [EVERYTHING]}},
                "buckets": {"my-recordings": {"settings": settings}},
            }
        )
        return client(box, checksums="when_required" if settings.get("lock") else "when_supported")

    return made


def _code(call: Any, **parameters: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    response = refusal.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def _names(writer: Any) -> list[str]:
    found = writer.list_objects_v2(Bucket="my-recordings").get("Contents", [])
    return [entry["Key"] for entry in found]


def test_what_is_written_can_be_read_listed_and_deleted(writer: Any) -> None:
    """The whole life of an object."""
    s3 = writer()
    s3.put_object(**AT, Body=b"a recording", ContentType="video/mp4")
    assert s3.get_object(**AT)["Body"].read() == b"a recording"
    assert s3.head_object(**AT)["ContentType"] == "video/mp4"
    listing = s3.list_objects_v2(Bucket="my-recordings", Prefix="recordings/", MaxKeys=1)
    assert [entry["Key"] for entry in listing["Contents"]] == [KEY]
    assert s3.list_objects_v2(Bucket="my-recordings", Prefix="other/")["KeyCount"] == 0
    s3.delete_object(**AT)
    assert _names(s3) == []


def test_create_only_refuses_a_taken_name(writer: Any) -> None:
    """If-None-Match: * gives 412 on the second create, and the first body stays."""
    s3 = writer()
    s3.put_object(**AT, Body=b"first", IfNoneMatch="*")
    assert _code(s3.put_object, **AT, Body=b"second", IfNoneMatch="*") == (412, "PreconditionFailed")
    assert s3.get_object(**AT)["Body"].read() == b"first"


def test_if_match_wants_the_object_that_is_there(writer: Any) -> None:
    """No object: 404. Another one: 412. The very one: accepted."""
    s3 = writer()
    assert _code(s3.put_object, **AT, Body=b"", IfMatch='"0"')[0] == 404
    etag = s3.put_object(**AT, Body=b"first")["ETag"]
    assert _code(s3.put_object, **AT, Body=b"", IfMatch='"0"') == (412, "PreconditionFailed")
    assert s3.put_object(**AT, Body=b"second", IfMatch=etag)


@pytest.mark.parametrize(
    ("digest", "code"),
    [
        ({"ContentMD5": base64.b64encode(bytes(16)).decode()}, "BadDigest"),
        ({"ContentMD5": "not base64"}, "InvalidDigest"),
        ({"ChecksumCRC32": base64.b64encode(bytes(4)).decode()}, "BadDigest"),
        ({"ChecksumSHA256": base64.b64encode(bytes(32)).decode()}, "BadDigest"),
        ({"ChecksumCRC64NVME": base64.b64encode(bytes(8)).decode()}, "BadDigest"),
    ],
)
def test_a_wrong_digest_stores_nothing(writer: Any, digest: Mapping[str, str], code: str) -> None:
    """Content-MD5 and every checksum are really compared."""
    s3 = writer()
    assert _code(s3.put_object, **AT, Body=b"hello", **digest) == (400, code)
    assert _names(s3) == []


def test_a_wrong_digest_matters_after_the_permission_only(open_box: Any, client: Any) -> None:
    """Who may not write hears so, whatever digest was sent."""
    digest = base64.b64encode(bytes(16)).decode()
    denied = {"Bucket": "my-recordings", "Key": "elsewhere/one", "Body": b"", "ContentMD5": digest}
    assert _code(client(open_box()).put_object, **denied) == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("algorithm", "check"),
    [
        ("crc32", "cbf43926"),
        ("crc32c", "e3069283"),
        ("crc64nvme", "ae8b14860a799888"),
        ("sha256", hashlib.sha256(b"123456789").hexdigest()),
    ],
)
def test_checksums_give_their_published_check_values(algorithm: str, check: str) -> None:
    """Each algorithm over "123456789", as its catalogue has it."""
    assert CHECKSUMS[algorithm](b"123456789").hex() == check


def test_an_upload_in_parts_becomes_one_object(writer: Any) -> None:
    """Create, parts, complete: the parts in order, and an ETag that counts them."""
    s3 = writer()
    upload = s3.create_multipart_upload(**AT)["UploadId"]
    bodies = [b"x" * (5 * 1024 * 1024), b"the rest"]
    parts = [
        {"PartNumber": n, "ETag": s3.upload_part(**AT, UploadId=upload, PartNumber=n, Body=body)["ETag"]}
        for n, body in enumerate(bodies, 1)
    ]
    assert _names(s3) == []
    done = s3.complete_multipart_upload(**AT, UploadId=upload, MultipartUpload={"Parts": parts})
    assert done["ETag"].endswith('-2"')
    assert s3.get_object(**AT)["Body"].read() == b"".join(bodies)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="my-recordings")


@pytest.mark.parametrize(
    ("numbers", "etag", "code"),
    [
        ([2, 1], None, "InvalidPartOrder"),
        ([1, 2], None, "EntityTooSmall"),
        ([1], '"0"', "InvalidPart"),
        ([3], None, "InvalidPart"),
    ],
)
def test_a_wrong_completion_is_refused(writer: Any, numbers: list[int], etag: str | None, code: str) -> None:
    """Order, size and existence of parts are checked, and the upload stays open."""
    s3 = writer()
    upload = s3.create_multipart_upload(**AT)["UploadId"]
    etags = {n: s3.upload_part(**AT, UploadId=upload, PartNumber=n, Body=b"part")["ETag"] for n in (1, 2)}
    parts = [{"PartNumber": n, "ETag": etag or etags.get(n, '"0"')} for n in numbers]
    complete = {"UploadId": upload, "MultipartUpload": {"Parts": parts}}
    assert _code(s3.complete_multipart_upload, **AT, **complete) == (400, code)
    assert len(s3.list_multipart_uploads(Bucket="my-recordings")["Uploads"]) == 1


def test_an_aborted_upload_is_gone(writer: Any) -> None:
    """After the abort nothing is left, and its id means nothing."""
    s3 = writer()
    upload = s3.create_multipart_upload(**AT)["UploadId"]
    s3.abort_multipart_upload(**AT, UploadId=upload)
    assert _code(s3.upload_part, **AT, UploadId=upload, PartNumber=1, Body=b"") == (404, "NoSuchUpload")


def test_an_abort_needs_a_permission_of_its_own(open_box: Any, client: Any) -> None:
    """A write-only key can start an upload and cannot abort it: the parts stay."""
    s3 = client(open_box())
    upload = s3.create_multipart_upload(**AT)["UploadId"]
    assert _code(s3.abort_multipart_upload, **AT, UploadId=upload) == (403, "AccessDenied")


LOCK = {"mode": "GOVERNANCE", "days": 1}


def test_a_lock_demands_a_checksum(writer: Any) -> None:
    """A default retention wants Content-MD5 or a checksum; the signed payload hash does not count."""
    s3 = writer(lock=LOCK, versioning="Enabled")
    assert _code(s3.put_object, **AT, Body=b"hello") == (400, "InvalidRequest")
    assert s3.put_object(**AT, Body=b"hello", ChecksumAlgorithm="SHA256")["VersionId"]
    upload = s3.create_multipart_upload(**AT)["UploadId"]
    part = {"UploadId": upload, "PartNumber": 1, "Body": b"hello"}
    assert _code(s3.upload_part, **AT, **part) == (400, "InvalidRequest")


def test_a_locked_version_cannot_be_deleted(writer: Any) -> None:
    """A delete marker goes on top; the version itself stays until its date."""
    s3 = writer(lock=LOCK, versioning="Enabled")
    version = s3.put_object(**AT, Body=b"hello", ChecksumAlgorithm="SHA256")["VersionId"]
    assert s3.delete_object(**AT)["DeleteMarker"]
    with pytest.raises(ClientError, match="protected by object lock"):
        s3.delete_object(**AT, VersionId=version)
    assert s3.get_object(**AT, VersionId=version)["Body"].read() == b"hello"


@pytest.mark.parametrize(
    ("change", "header"),
    [({"IfNoneMatch": "*"}, "if-none-match"), ({"ServerSideEncryption": "AES256"}, "x-amz-server-side-encryption")],
)
def test_a_server_without_a_feature_says_so(
    open_box: Any,
    client: Any,
    change: Mapping[str, str],
    header: str,
) -> None:
    """501 NotImplemented for a header that this store does not implement."""
    box = open_box({"unsupported": [header]})
    assert _code(client(box).put_object, **AT, Body=b"", **change) == (501, "NotImplemented")


def test_an_ignored_precondition_overwrites(open_box: Any, client: Any) -> None:
    """Some stores accept the header and do as they please."""
    s3 = client(open_box({"ignored": ["if-none-match"]}))
    for body in (b"first", b"second"):
        s3.put_object(**AT, Body=body, IfNoneMatch="*")


@pytest.mark.parametrize("target", ["/my-recordings?encryption", "/my-recordings?policy", "/my-recordings"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nothing_can_be_done_to_a_bucket(open_box: Any, method: str, target: str) -> None:
    """No request configures, creates or deletes a bucket here: what sends one has a bug."""
    import http.client

    box: Sandbox = open_box()
    line = http.client.HTTPConnection(box.endpoints["s3"].removeprefix("http://"), timeout=5)
    line.request(method, target)
    assert line.getresponse().status in {403, 405}
    line.close()
