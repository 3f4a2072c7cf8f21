"""Where the bucket is: what AWS says to whoever asks in the wrong region."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from preflight.sandbox import Sandbox


def _refusal(client: Any, box: Sandbox, region: str, verb: str = "put_object", **more: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refusal:
        getattr(client(box, region_name=region), verb)(Bucket="my-recordings", **more)
    response: dict[str, Any] = refusal.value.response  # type: ignore[assignment]  # a typed dictionary
    return response


def test_the_global_endpoint_says_which_region_it_expected(open_box: Any, client: Any) -> None:
    """Signed for us-east-1: 400 AuthorizationHeaderMalformed, with both regions and a Region element."""
    response = _refusal(client, open_box(), "us-east-1", Key="recordings/x", Body=b"")
    error = response["Error"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["Code"] == "AuthorizationHeaderMalformed"
    assert "the region 'us-east-1' is wrong; expecting 'eu-central-1'" in error["Message"]
    assert error["Region"] == "eu-central-1"


def test_another_region_redirects_and_names_the_region_in_a_header(open_box: Any, client: Any) -> None:
    """301 PermanentRedirect knows an endpoint only; the header has the region."""
    response = _refusal(client, open_box(), "eu-west-1", Key="recordings/x", Body=b"")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 301
    assert response["Error"]["Code"] == "PermanentRedirect"
    assert response["Error"]["Endpoint"] == "my-recordings.s3.eu-central-1.amazonaws.com"
    assert response["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "eu-central-1"


def test_a_redirect_to_us_east_1_names_the_plain_host(open_box: Any, client: Any) -> None:
    """`s3.amazonaws.com` in a redirect means us-east-1."""
    box = open_box({"buckets": {"my-recordings": {"region": "us-east-1"}}})
    response = _refusal(client, box, "eu-west-1", Key="recordings/x", Body=b"")
    assert response["Error"]["Endpoint"] == "my-recordings.s3.amazonaws.com"


def test_a_region_that_one_must_switch_on_speaks_of_location_constraints(open_box: Any, client: Any) -> None:
    """Opt-in regions answer IllegalLocationConstraintException even to a PUT."""
    box = open_box({"buckets": {"my-recordings": {"region": "ap-east-1"}}})
    response = _refusal(client, box, "eu-central-1", Key="recordings/x", Body=b"")
    assert response["Error"]["Code"] == "IllegalLocationConstraintException"
    assert "The ap-east-1 location constraint is incompatible" in response["Error"]["Message"]


def test_a_head_has_no_body_but_the_header(open_box: Any, client: Any) -> None:
    """HEAD of a bucket elsewhere: bare status and x-amz-bucket-region."""
    response = _refusal(client, open_box(), "eu-west-1", "head_bucket")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 301
    assert response["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "eu-central-1"


def test_a_denial_names_the_region_too(open_box: Any, client: Any) -> None:
    """403 answers carry x-amz-bucket-region as well: free evidence."""
    response = _refusal(client, open_box(), "eu-central-1", Key="elsewhere/x", Body=b"")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert response["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "eu-central-1"


def test_a_compatible_knows_no_regions(open_box: Any, client: Any) -> None:
    """Any region is signed for and accepted, and no header names one."""
    box = open_box({"brand": "compatible"})
    answer = client(box, region_name="anywhere").put_object(Bucket="my-recordings", Key="recordings/x", Body=b"")
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert "x-amz-bucket-region" not in headers
    assert "server" not in headers
