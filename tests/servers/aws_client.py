"""boto3 clients for a server under test: short timeouts, one attempt, path style, no checksum trailers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import boto3
from botocore.config import Config

ONCE = Config(
    connect_timeout=5,
    read_timeout=10,
    retries={"total_max_attempts": 1},
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",  # radosgw answers 411 to trailers over https
    response_checksum_validation="when_required",
)

REGION = "us-east-1"

Document = Mapping[str, Any]
"""A policy document as it would stand in JSON."""

Service = Literal["iam", "kms", "s3", "sts"]


def aws_client(service: Service, endpoint: str, access_key: str, secret: str, ca: Path | None = None) -> Any:
    """Return a client of `service` at `endpoint`, which trusts only `ca` where the endpoint is https."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        verify=str(ca) if ca else None,
        config=ONCE,
    )
