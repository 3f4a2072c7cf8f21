"""moto knows who asks and holds identity policies against it."""

import pytest
from botocore.exceptions import ClientError

from tests.servers.moto import Moto, MotoUser


def test_caller_is_named(moto: Moto) -> None:
    """GetCallerIdentity answers with account and user, whatever the user may do."""
    user = moto.create_user()
    answer = user.client("sts").get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == (moto.account, user.arn)


def test_wrong_secret_is_refused(moto: Moto) -> None:
    """A signature made with another secret is refused."""
    user = moto.create_user()
    with pytest.raises(ClientError) as raised:
        moto.client(user.access_key, "wrong", "sts").get_caller_identity()
    assert raised.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_identity_policy_decides(moto: Moto, moto_admin: MotoUser) -> None:
    """A user may do what its policy allows, and nothing else."""
    bucket = moto.create_bucket(moto_admin)
    allow = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/recordings/*"}
    client = moto.create_user(policy={"Version": "2012-10-17", "Statement": [allow]}).client()
    client.put_object(Bucket=bucket, Key="recordings/a", Body=b"a")
    with pytest.raises(ClientError) as raised:
        client.put_object(Bucket=bucket, Key="elsewhere/a", Body=b"a")
    assert raised.value.response["Error"]["Code"] == "AccessDenied"


def test_bucket_names_its_region(moto: Moto, moto_admin: MotoUser) -> None:
    """HeadBucket tells the region that the bucket was made in."""
    bucket = moto.create_bucket(moto_admin, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    headers = moto_admin.client().head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-bucket-region"] == "eu-west-1"
