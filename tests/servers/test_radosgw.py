"""The S3 gateway enforces what the other tests rely on it to enforce."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, SSLError

from tests.servers.authority import Authority
from tests.servers.aws_client import aws_client
from tests.servers.names import unique
from tests.servers.radosgw import Radosgw


def refusal(raised: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    answer = raised.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def only_put(bucket: str, prefix: str, principal: dict[str, list[str]] | None = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/{prefix}*"}
    whom = {"Principal": principal} if principal else {}
    return {"Version": "2012-10-17", "Statement": [statement | whom]}


def test_wrong_secret_is_refused(radosgw: Radosgw) -> None:
    """A signature made with another secret is told apart from an unknown key."""
    user = radosgw.create_user()
    with pytest.raises(ClientError) as raised:
        radosgw.client(user.access_key, "wrong").list_buckets()
    assert refusal(raised) == (403, "SignatureDoesNotMatch")
    with pytest.raises(ClientError) as raised:
        radosgw.client("NOBODYNOBODYNOBODY", user.secret).list_buckets()
    assert refusal(raised) == (403, "InvalidAccessKeyId")


def test_bucket_policy_ends_at_its_prefix(radosgw: Radosgw) -> None:
    """A user whom the bucket policy lets write under one prefix writes there and nowhere else."""
    user, bucket = radosgw.create_user(), unique("media")
    radosgw.create_bucket(bucket, policy=only_put(bucket, "recordings/", {"AWS": [user.arn]}))
    user.client().put_object(Bucket=bucket, Key="recordings/a", Body=b"a")
    with pytest.raises(ClientError) as raised:
        user.client().put_object(Bucket=bucket, Key="elsewhere/a", Body=b"a")
    assert refusal(raised) == (403, "AccessDenied")


def test_identity_policy_grants_and_ends(radosgw: Radosgw) -> None:
    """A user policy with only `s3:PutObject` lets its user write, not read what others wrote, not delete."""
    bucket = radosgw.create_bucket()
    radosgw.admin.client().put_object(Bucket=bucket, Key="others", Body=b"a")
    client = radosgw.create_user(policy=only_put(bucket, "")).client()
    client.put_object(Bucket=bucket, Key="own", Body=b"a")
    for verb, asked in (
        ("get_object", {"Key": "others"}),
        ("list_objects_v2", {}),
        ("delete_object", {"Key": "own"}),
    ):
        with pytest.raises(ClientError) as raised:
            getattr(client, verb)(Bucket=bucket, **asked)
        assert refusal(raised) == (403, "AccessDenied")


def test_writer_may_read_what_it_wrote(radosgw: Radosgw) -> None:
    """Unlike on AWS today, the writer owns its object: only a Deny keeps it from reading that back."""
    bucket = radosgw.create_bucket()
    policy = only_put(bucket, "")
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    user = radosgw.create_user(policy=policy)
    user.client().put_object(Bucket=bucket, Key="own", Body=b"a")
    assert user.client().get_object(Bucket=bucket, Key="own")["Body"].read() == b"a"
    radosgw.set_user_policy(user, policy | {"Statement": [*policy["Statement"], deny]})
    with pytest.raises(ClientError) as raised:
        user.client().get_object(Bucket=bucket, Key="own")
    assert refusal(raised) == (403, "AccessDenied")


def test_create_only_is_kept(radosgw: Radosgw) -> None:
    """`If-None-Match: *` refuses to overwrite, and the first object stays."""
    bucket, client = radosgw.create_bucket(), radosgw.admin.client()
    client.put_object(Bucket=bucket, Key="a", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as raised:
        client.put_object(Bucket=bucket, Key="a", Body=b"second", IfNoneMatch="*")
    assert refusal(raised) == (412, "PreconditionFailed")
    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == b"first"


def test_object_lock_is_settable(radosgw: Radosgw) -> None:
    """A bucket made with object lock says so."""
    bucket = radosgw.create_bucket(object_lock=True)
    answer = radosgw.admin.client().get_object_lock_configuration(Bucket=bucket)
    assert answer["ObjectLockConfiguration"]["ObjectLockEnabled"] == "Enabled"


def test_tls_needs_the_private_authority(radosgw_tls: Radosgw, stranger: Authority) -> None:
    """Over https the same gateway answers those who trust its authority, and nobody else."""
    bucket, admin = radosgw_tls.create_bucket(), radosgw_tls.admin
    admin.client().put_object(Bucket=bucket, Key="a", Body=b"a")
    distrustful = aws_client("s3", radosgw_tls.endpoint, admin.access_key, admin.secret, stranger.ca)
    with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        distrustful.list_buckets()
