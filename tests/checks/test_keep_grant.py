"""A grant that ends one day is told before that day, and does not block a launch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preflight.cli import run

GRANT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::185583345998:root"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::my-recordings/recordings/*",
}
ENDING = GRANT | {"Condition": {"DateLessThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z"}}}
Judge = Callable[..., str]


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """The report, in one format, on a keyless bucket with these statements in its policy."""

    def judged(*statements: dict[str, Any], form: str) -> str:
        file, policy = tmp_path / "storages.yaml", tmp_path / "policy.json"
        entry = {"name": "a", "storage_type": "s3", "bucket": "my-recordings", "path": "recordings/"}
        file.write_text(json.dumps({"storages": [entry | {"aws_s3": {"s3_region": "eu-central-1"}}]}), encoding="utf-8")
        policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}), encoding="utf-8")
        none = [
            f"--document={kind}=none" for kind in ("encryption", "payer", "retention", "public-access", "ownership")
        ]
        run(["policy", "test", str(file), f"--document=policy={policy}", *none, "-o", form])
        return capsys.readouterr().out

    return judged


def told(report: str) -> dict[str, Any]:
    (storage,) = json.loads(report)["storages"]
    return next(outcome for outcome in storage["outcomes"] if outcome["check"] == "keep-grant")


def test_a_grant_that_ends_is_warned_of(judge: Judge) -> None:
    """The moment is named; the storage can be registered today, so it is a warning."""
    found = told(judge(ENDING, form="json"))

    assert (found["status"], found["severity"]) == ("fail", "warning")
    assert "2999-01-01" in found["message"]
    assert "2999-01-01" in found["remedy"]["summary"]


@pytest.mark.parametrize("statements", [(GRANT,), (GRANT, ENDING)])
def test_a_grant_without_an_end_passes(judge: Judge, statements: tuple[dict[str, Any], ...]) -> None:
    """Where another statement grants the same for good, nothing ends."""
    assert told(judge(*statements, form="json"))["status"] == "pass"


@pytest.mark.parametrize("form", ["short", "github", "sarif", "junit", "gitlab", "markdown"])
def test_every_format_tells_the_end(judge: Judge, form: str) -> None:
    """A gate's log and annotations name the moment, not only the report for people."""
    assert "2999-01-01" in judge(ENDING, form=form)
