"""rclone's S3 server is a plain store: signatures count, preconditions do not."""

import pytest
from botocore.exceptions import ClientError

from tests.servers.aws_client import aws_client
from tests.servers.rclone import Rclone


def test_create_only_is_ignored(rclone_s3: Rclone) -> None:
    """`If-None-Match: *` overwrites all the same: here a create-only promise is not kept."""
    bucket, client = rclone_s3.create_bucket(), rclone_s3.client()
    client.put_object(Bucket=bucket, Key="a", Body=b"first", IfNoneMatch="*")
    client.put_object(Bucket=bucket, Key="a", Body=b"second", IfNoneMatch="*")
    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == b"second"


def test_wrong_secret_is_refused(rclone_s3: Rclone) -> None:
    """A signature made with another secret is refused."""
    client = aws_client("s3", rclone_s3.endpoint, rclone_s3.access_key, "wrong")
    with pytest.raises(ClientError) as raised:
        client.list_buckets()
    assert raised.value.response["Error"]["Code"] == "SignatureDoesNotMatch"
