"""Refusals that IAM has no part in, each in the shape and the words in which Google sends them."""

import json

import pytest

from tests.sandbox.gcs.conftest import Open, Speak, reason, upload

WORDS = {
    "gcs/perimeter": (403, "vpcServiceControls", "vpcServiceControlsUniqueIdentifier"),
    "gcs/filtered-addresses": (403, "forbidden", "There is an IP filtering condition that is preventing access"),
    "gcs/billing-closed": (403, "accountDisabled", "The billing account for the owning project is disabled"),
    "gcs/requester-pays": (400, "required", "Bucket is requester pays bucket but no user project provided."),
    "gcs/organization": (412, "conditionNotMet", "Request violates constraint 'constraints/"),
    "gcs/throttled": (429, "rateLimitExceeded", "exceeded the rate limit"),
    "gcs/api-disabled": (403, "accessNotConfigured", "has not been used in project 123456789012 before or it is"),
}


@pytest.mark.parametrize("name", WORDS)
def test_the_words_are_googles(open_box: Open, speak: Speak, name: str) -> None:
    """Status, reason and the sentence, as they were seen in real answers."""
    box = open_box(name=name)
    status, why, said = reason(upload(speak(box), box, "recordings/a"))
    assert (status, why) == WORDS[name][:2]
    assert WORDS[name][2] in said


def test_412_speaks_of_a_header_that_nobody_sent(open_box: Open, speak: Speak) -> None:
    """An organization policy's 412 names `If-Match`, as a failed precondition does."""
    box = open_box(name="gcs/organization")
    error = upload(speak(box), box, "recordings/a").json()["error"]["errors"][0]
    assert (error["locationType"], error["location"]) == ("header", "If-Match")


def test_the_disabled_api_is_in_the_details(open_box: Open, speak: Speak) -> None:
    """The newer dialect: the exact reason and the consumer project are in `details`."""
    box = open_box(name="gcs/api-disabled")
    error = upload(speak(box), box, "recordings/a").json()["error"]
    assert error["status"] == "PERMISSION_DENIED"
    assert error["details"][0]["reason"] == "SERVICE_DISABLED"
    assert error["details"][0]["metadata"]["consumer"] == "projects/123456789012"


def test_a_missing_bucket_is_missing_to_everybody(open_box: Open, speak: Speak) -> None:
    """404, also to who would have no rights there."""
    box = open_box()
    refused = reason(upload(speak(box), box, "recordings/a", bucket="nowhere"))
    assert refused == (404, "notFound", "The specified bucket does not exist.")


def test_a_malformed_address_is_plain_text(open_box: Open, speak: Speak) -> None:
    """A bucket field that holds `bucket/prefix` leads to an address that the API does not have."""
    box = open_box()
    response = speak(box).get(f"{box.endpoints['gcs']}/storage/v1/b/my-recordings/prefix", timeout=5)
    assert (response.status_code, response.text) == (404, "Not Found")


def test_conditions_are_told_from_version_3_on(open_box: Open, speak: Speak) -> None:
    """A policy read below version 3 leaves them out, so that a conditional grant looks like a plain one."""
    condition = {"title": "t", "expression": "true"}
    admin = {"role": "roles/storage.admin", "members": ["allUsers"]}
    writer = {"role": "roles/storage.objectCreator", "members": ["user:ann@example.com"], "condition": condition}
    box = open_box({"buckets": {"my-recordings": {"policy": json.dumps({"bindings": [admin, writer]})}}})
    url = f"{box.endpoints['gcs']}/storage/v1/b/my-recordings/iam"
    session = speak(box)
    plain = session.get(url, timeout=5).json()
    assert plain["version"] == 1
    assert all("condition" not in binding for binding in plain["bindings"])
    full = session.get(url, params={"optionsRequestedPolicyVersion": "3"}, timeout=5).json()
    assert full["version"] == 3
    assert full["bindings"][1]["condition"] == condition
