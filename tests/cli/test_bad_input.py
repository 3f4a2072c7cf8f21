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


@pytest.mark.parametrize("option", ["--timeout", "--deadline", "--wait"])
@pytest.mark.parametrize("given", ["nan", "inf", "-inf", "1e12", "1e3", "-1", "0", "25h", "86401", "٣", "", "s", "5x"])
def test_a_time_is_finite_and_within_a_day(preflight: Preflight, option: str, given: str) -> None:
    """What no clock can count to is refused before anything is asked; to wait for nothing is the only zero."""
    done = preflight("check", "-", f"{option}={given}", text=json.dumps(S3))

    if (option, given) == ("--wait", "0"):
        assert "no duration" not in done.stderr
    else:
        assert (done.returncode, done.stdout) == (2, "")
        assert f"Invalid value for '{option}': {given!r} is no duration: write seconds, 90s, 5m or 1h" in done.stderr


@pytest.mark.parametrize("given", ["0.001", "2.5", "90s", "5m", "24h", "86400"])
def test_a_time_is_written_with_or_without_its_unit(preflight: Preflight, given: str) -> None:
    """All three options read the same."""
    text = json.dumps({**S3, "bucket": "Bad_Bucket"})
    done = preflight("check", "-", "--timeout", given, "--deadline", given, "--wait", given, text=text)

    assert done.returncode == 1, done.stderr
