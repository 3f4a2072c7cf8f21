"""Objects as Google keeps them: preconditions, overwriting, locks, keys, and every way in."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core import exceptions

from preflight.sandbox import Sandbox
from tests.sandbox.gcs.conftest import Open, Speak, granting, reason, upload

Bucket = Callable[[Sandbox], Any]
ADMIN = granting("roles/storage.objectAdmin")


def with_resource(**resource: Any) -> dict[str, Any]:
    return {"buckets": {"my-recordings": {"resource": resource}}}


@pytest.mark.parametrize("size", [0, 5, 700_000])
@pytest.mark.parametrize("chunk", [None, 262_144], ids=["whole", "in chunks"])
def test_what_goes_in_comes_out(open_box: Open, bucket: Bucket, size: int, chunk: int | None) -> None:
    """Google's library verifies every checksum: multipart, resumable and chunked uploads are kept to the byte."""
    content = bytes(range(256)) * (size // 256 + 1)
    made = bucket(open_box(ADMIN))
    made.blob("recordings/a", chunk_size=chunk).upload_from_file(io.BytesIO(content[:size]), retry=None)
    assert made.blob("recordings/a").download_as_bytes(retry=None) == content[:size]


def test_an_unknown_length_is_resumable(open_box: Open, bucket: Bucket) -> None:
    """A stream goes in by a resumable upload, which leaves nothing open."""
    box = open_box(ADMIN)
    bucket(box).blob("recordings/a").upload_from_file(io.BytesIO(b"hello"), retry=None)
    assert [r.method for service, r in box.world.served if service == "gcs"] == ["POST", "PUT"]


def test_preconditions_hold(open_box: Open, bucket: Bucket) -> None:
    """Generation 0 means: only if there is none."""
    blob = bucket(open_box(ADMIN)).blob("recordings/a")
    blob.upload_from_string(b"1", if_generation_match=0, retry=None)
    with pytest.raises(exceptions.PreconditionFailed) as raised:
        blob.upload_from_string(b"2", if_generation_match=0, retry=None)
    assert "pre-conditions" in str(raised.value)
    blob.upload_from_string(b"3", if_generation_match=blob.generation, retry=None)
    assert blob.download_as_bytes(retry=None) == b"3"


def test_overwriting_needs_more(open_box: Open, bucket: Bucket) -> None:
    """Who may only create is told of `storage.objects.delete` when the name is taken; documented."""
    blob = bucket(open_box()).blob("recordings/a")
    blob.upload_from_string(b"1", retry=None)
    with pytest.raises(exceptions.Forbidden, match=r"storage\.objects\.delete"):
        blob.upload_from_string(b"2", retry=None)


def test_a_resumable_upload_is_judged_late(open_box: Open, speak: Speak) -> None:
    """Opening one proves little: the precondition is looked at when it ends."""
    box = open_box(ADMIN)
    session = speak(box)
    assert upload(session, box, "recordings/a").status_code == 200
    url = f"{box.endpoints['gcs']}/upload/storage/v1/b/my-recordings/o"
    query = {"uploadType": "resumable", "ifGenerationMatch": "0", "name": "recordings/a"}
    begun = session.post(url, params=query, timeout=5)
    assert begun.status_code == 200
    ended = session.put(begun.headers["Location"], data=b"x", headers={"Content-Range": "bytes 0-0/1"}, timeout=5)
    assert reason(ended)[:2] == (412, "conditionNotMet")


def test_a_cancelled_upload_is_gone(open_box: Open, speak: Speak) -> None:
    """Cancelling is answered 499, and the address is then nobody's."""
    box = open_box()
    session = speak(box)
    url = f"{box.endpoints['gcs']}/upload/storage/v1/b/my-recordings/o"
    begun = session.post(url, params={"uploadType": "resumable", "name": "recordings/a"}, timeout=5)
    assert session.delete(begun.headers["Location"], timeout=5).status_code == 499
    assert session.put(begun.headers["Location"], data=b"x", timeout=5).status_code == 404


def test_acls_are_refused_where_access_is_uniform(open_box: Open, bucket: Bucket) -> None:
    """An ACL on a bucket with uniform access is a 400 that says so; without it, one needs to be allowed to."""
    with pytest.raises(exceptions.BadRequest, match="uniform bucket-level access is enabled"):
        bucket(open_box()).blob("recordings/a").upload_from_string(b"1", predefined_acl="publicRead", retry=None)
    fine = with_resource(iamConfiguration={"uniformBucketLevelAccess": {"enabled": False}})
    with pytest.raises(exceptions.Forbidden, match=r"storage\.objects\.setIamPolicy"):
        bucket(open_box(fine)).blob("recordings/a").upload_from_string(b"1", predefined_acl="publicRead", retry=None)


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ({"retentionPolicy": {"retentionPeriod": "86400"}}, "retentionPolicyNotMet"),
        ({"defaultEventBasedHold": True}, "objectUnderActiveHold"),
    ],
)
def test_locks_keep_what_was_written(open_box: Open, speak: Speak, resource: dict[str, Any], why: str) -> None:
    """The first write works; deleting and overwriting do not."""
    box = open_box(ADMIN, with_resource(**resource))
    session = speak(box)
    assert upload(session, box, "recordings/a").status_code == 200
    assert reason(upload(session, box, "recordings/a"))[:2] == (403, why)
    url = f"{box.endpoints['gcs']}/storage/v1/b/my-recordings/o/recordings%2Fa"
    assert reason(session.delete(url, timeout=5))[:2] == (403, why)


def test_the_storage_service_itself_needs_the_key(open_box: Open, speak: Speak) -> None:
    """It is the project's storage service account that must be able to encrypt, not who uploads."""
    granted = open_box(name="gcs/key-granted")
    assert "kmsKeyName" in upload(speak(granted), granted, "recordings/a").json()
    denied = open_box(name="gcs/key-denied")
    status, why, said = reason(upload(speak(denied), denied, "recordings/a"))
    assert (status, why) == (403, "forbidden")
    assert said.startswith("Permission denied on Cloud KMS key.")
    disabled = open_box(name="gcs/key-disabled")
    assert reason(upload(speak(disabled), disabled, "recordings/a"))[:2] == (400, "cloudKmsDisabledKey")


def test_folders_have_to_be_created(open_box: Open, speak: Speak) -> None:
    """In a bucket with a hierarchical namespace the folders above an object need a permission of their own."""
    box = open_box(name="gcs/custom-role")
    status, why, said = reason(upload(speak(box), box, "recordings/a"))
    assert (status, why) == (403, "forbidden")
    assert "storage.folders.create" in said
    creator = open_box(with_resource(hierarchicalNamespace={"enabled": True}))
    assert upload(speak(creator), creator, "recordings/a").status_code == 200


def test_listing_is_asked_of_the_bucket(open_box: Open, bucket: Bucket) -> None:
    """Names come in order, below a prefix, and only to who may list."""
    made = bucket(open_box(ADMIN))
    for name in ("recordings/b", "recordings/a", "other"):
        made.blob(name).upload_from_string(b"x", retry=None)
    assert [blob.name for blob in made.list_blobs(prefix="recordings/", retry=None)] == ["recordings/a", "recordings/b"]
    with pytest.raises(exceptions.Forbidden, match=r"storage\.objects\.list"):
        list(bucket(open_box()).list_blobs(retry=None))


def test_damaged_content_is_refused(open_box: Open, speak: Speak) -> None:
    """A digest that does not match is a 400, and nothing is stored."""
    box = open_box(ADMIN)
    session = speak(box)
    url = f"{box.endpoints['gcs']}/upload/storage/v1/b/my-recordings/o?uploadType=multipart"
    metadata = json.dumps({"name": "recordings/a", "md5Hash": "AAAAAAAAAAAAAAAAAAAAAA=="})
    body = (
        f"--b\r\nContent-Type: application/json\r\n\r\n{metadata}\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"
    )
    headers = {"Content-Type": "multipart/related; boundary=b"}
    assert reason(session.post(url, data=body, headers=headers, timeout=5))[:2] == (400, "invalid")
    assert session.get(f"{box.endpoints['gcs']}/storage/v1/b/my-recordings/o", timeout=5).json() == {
        "kind": "storage#objects"
    }


def test_versions_stay_unless_named(open_box: Open, bucket: Bucket) -> None:
    """With versioning, deleting a name keeps the old version; deleting a generation does not."""
    made = bucket(open_box(ADMIN, with_resource(versioning={"enabled": True})))
    blob = made.blob("recordings/a")
    blob.upload_from_string(b"x", retry=None)
    made.delete_blob("recordings/a", generation=blob.generation, retry=None)
    with pytest.raises(exceptions.NotFound, match="No such object"):
        blob.download_as_bytes(retry=None)
