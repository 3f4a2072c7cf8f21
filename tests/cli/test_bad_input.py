"""Whatever a command is given, it ends with a report or with one sentence: never with a bug of ours."""

from __future__ import annotations

import json

import pytest

from preflight import reports
from tests.cli.conftest import Preflight

S3 = {"name": "a", "storage_type": "s3", "bucket": "my-recordings", "path": "recordings/"}
KEYS = {"s3_region": "eu-central-1", "s3_api_key": "AKIAIOSFODNN7EXAMPLE", "s3_secret": "${BYTES}"}


@pytest.mark.parametrize("name", reports.formats())
def test_bytes_that_are_not_utf8_are_told_in_every_format(preflight: Preflight, name: str) -> None:
    """One storage has them in a variable; it is told with its line, and the one beside it is examined all the same."""
    text = json.dumps({"storages": [{**S3, "aws_s3": KEYS}, {**S3, "name": "b", "bucket": "Bad_Bucket"}]}, indent=1)
    done = preflight("check", "-", "-o", name, "-v", text=text, env={"BYTES": "abc\udcff\udcfe"})

    assert (done.returncode, done.stderr) == (1, "")
    assert "not valid Unicode" in done.stdout
    assert "Bad_Bucket" in done.stdout
    assert "abc" not in done.stdout
