"""The whole job against rclone's S3 server, which knows no policies and ignores preconditions."""

from __future__ import annotations

from preflight.model import Status, Verdict
from tests.check.conftest import Examine, outcome
from tests.servers.rclone import Rclone


def test_a_store_that_ignores_preconditions_is_told(rclone_s3: Rclone, examine: Examine) -> None:
    """The write is proven; that only the random name protects what is there is said in words."""
    bucket = rclone_s3.create_bucket()
    report = examine(
        {
            "name": "dumb",
            "storage_type": "s3",
            "bucket": bucket,
            "path": "recordings/",
            "aws_s3": {
                "s3_region": "us-east-1",
                "s3_api_key": rclone_s3.access_key,
                "s3_secret": rclone_s3.secret,
                "s3_custom_endpoint_url": rclone_s3.endpoint,
            },
        }
    )

    assert report.verdict is Verdict.READY
    assert outcome(report, "refuse-overwrite").status is Status.FAIL
    assert "only the random name protects" in outcome(report, "refuse-overwrite").message
