"""What the tests of the whole job share: a healthy S3 storage on a real gateway, to break one thing at a time."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from preflight.config import load
from preflight.model import Outcome, Report, Status
from preflight.run import Plan, check
from tests.servers.names import unique
from tests.servers.radosgw import Radosgw


@dataclass(frozen=True, slots=True)
class Customer:
    """A bucket on radosgw whose writer may do nothing but create objects under `recordings/`."""

    server: Radosgw
    bucket: str
    payload: dict[str, Any] = field(repr=False)

    def storage(self, **changes: Any) -> dict[str, Any]:
        """The healthy configuration with fields replaced; `s3_*` names reach into `aws_s3`."""
        changed = copy.deepcopy(self.payload)
        for name, value in changes.items():
            target = changed["aws_s3"] if name.startswith("s3_") else changed
            target[name] = value
        return changed

    def keys(self) -> set[str]:
        """What is really in the bucket, as its owner sees it."""
        listed = self.server.admin.client().list_objects_v2(Bucket=self.bucket)
        return {item["Key"] for item in listed.get("Contents", [])}


def write_only(bucket: str, arn: str) -> dict[str, Any]:
    """A bucket policy that grants the creation of recordings and, as radosgw makes the uploader owner, no reading."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": [arn]},
                "Action": "s3:PutObject",
                "Resource": [f"arn:aws:s3:::{bucket}/recordings/*"],
            },
            {
                "Effect": "Deny",
                "Principal": {"AWS": [arn]},
                "Action": "s3:GetObject",
                "Resource": [f"arn:aws:s3:::{bucket}/*"],
            },
        ],
    }


@pytest.fixture
def customer(radosgw: Radosgw) -> Customer:
    """A healthy storage of its own for each test."""
    bucket, user = unique("bucket"), radosgw.create_user()
    radosgw.create_bucket(bucket, policy=write_only(bucket, user.arn))
    payload = {
        "name": "my-s3",
        "storage_type": "s3",
        "bucket": bucket,
        "path": "recordings/",
        "aws_s3": {
            "s3_region": "us-east-1",
            "s3_api_key": user.access_key,
            "s3_secret": user.secret,
            "s3_custom_endpoint_url": radosgw.endpoint,
        },
    }
    return Customer(radosgw, bucket, payload)


Examine = Callable[..., Report]


@pytest.fixture
def examine() -> Examine:
    """Run the whole job on payloads, as `preflight check -` would."""

    def run(*payloads: dict[str, Any], plan: Plan | None = None) -> Report:
        text = json.dumps({"storages": list(payloads)})
        return check(load(["-"], stdin=io.StringIO(text)), plan or Plan())

    return run


def findings(report: Report) -> list[tuple[str, str]]:
    """What is wrong or open, as (check, first cause), without warnings and without what merely waits."""
    return [
        (outcome.check, outcome.candidates[0].cause.value if outcome.candidates else "")
        for storage in report.storages
        for outcome in storage.outcomes
        if outcome.status in {Status.FAIL, Status.UNKNOWN} and outcome.severity == "error"
    ]


def outcome(report: Report, name: str) -> Outcome:
    """The outcome of one check of the first storage."""
    return next(found for found in report.storages[0].outcomes if found.check == name)
