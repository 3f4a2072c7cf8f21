"""Which region is the bucket's: what was accepted is right, and only AWS's own header outranks a refusal's words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from preflight.model import Cause, Outcome, Refusal, Reply, Status, Verdict
from tests.checks.conftest import DENIED, KEYED, Examine, Writing, outcome

ENDPOINT = "https://minio.example"
MALFORMED = Refusal(
    provider="s3",
    stage="put_object",
    operation="PutObject",
    status=400,
    code="AuthorizationHeaderMalformed",
    message="The authorization header is malformed; the region 'auto' is wrong; expecting 'us-east-1'",
)


@dataclass
class Telling(Writing):
    """A writer whose every answer names a region."""

    region: str = "us-east-1"

    def ask(self, ask: object) -> Reply:
        reply = super().ask(ask)  # type: ignore[arg-type]  # as the check asks
        return replace(reply, facts={**reply.facts, "bucket_region": self.region})


def _judged(examine: Examine, writer: Writing, region: str, endpoint: str = "") -> Outcome:
    return outcome(examine(replace(KEYED, region=region, endpoint_url=endpoint), writer=writer), "match-region")


@pytest.mark.parametrize("endpoint", ["", ENDPOINT])
def test_a_region_that_was_accepted_is_right(examine: Examine, endpoint: str) -> None:
    """A write went through: a header that names another region cannot make it wrong."""
    region = "auto" if endpoint else "eu-central-1"
    report = examine(replace(KEYED, region=region, endpoint_url=endpoint), writer=Telling())

    assert outcome(report, "match-region").status is Status.PASS
    assert report.verdict is Verdict.READY


def test_the_header_of_aws_outranks_the_words_of_a_refusal(examine: Examine) -> None:
    """A bare denial with another region in its header is about the region."""
    found = _judged(examine, Telling(writes=False), "eu-central-1")

    assert (found.status, found.candidates[0].cause) == (Status.FAIL, Cause.REGION_WRONG)
    assert found.candidates[0].expected == "us-east-1"


def test_the_header_of_a_compatible_decides_nothing(examine: Examine) -> None:
    """MinIO calls its region us-east-1 where `auto` is signed and accepted: a denial stays a denial."""
    found = _judged(examine, Telling(writes=False, refusal=DENIED), "auto", ENDPOINT)
    assert found.status is Status.PASS


def test_nobody_is_sent_to_aws_about_a_bucket_elsewhere(examine: Examine) -> None:
    """A compatible that wants another region says which, and the advice does not name Amazon."""
    found = _judged(examine, Telling(writes=False, refusal=MALFORMED), "auto", ENDPOINT)

    assert (found.status, found.candidates[0].cause) == (Status.FAIL, Cause.REGION_WRONG)
    assert found.remedy
    assert "us-east-1" in found.remedy.patch
    assert not [command for command in found.remedy.commands if "amazonaws.com" in command]


def _redirected(region: str) -> Refusal:
    return Refusal(
        provider="s3",
        stage="put_object",
        operation="PutObject",
        status=307,
        code="TemporaryRedirect",
        message="Please re-send this request to the specified temporary endpoint.",
        body=f"<Error><Code>TemporaryRedirect</Code><Endpoint>b.s3.{region}.amazonaws.com</Endpoint></Error>",
    )


def test_a_bucket_that_is_young_is_left_open(examine: Examine) -> None:
    """S3 redirects to the very region that was asked until the name is known everywhere: that passes by itself."""
    writer = Writing(writes=False, refusal=_redirected(KEYED.region))
    report = examine(KEYED, writer=writer)
    causes = [one.candidates[0].cause for one in report.storages[0].outcomes if one.candidates]

    assert report.verdict is Verdict.UNDETERMINED
    assert set(causes) == {Cause.NOT_PROPAGATED}


def test_a_redirect_to_another_region_names_it(examine: Examine) -> None:
    """Young or not, a bucket of another region has another region."""
    found = _judged(examine, Writing(writes=False, refusal=_redirected("us-east-2")), KEYED.region)

    assert (found.status, found.candidates[0].expected) == (Status.FAIL, "us-east-2")
