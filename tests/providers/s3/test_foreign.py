"""Who refused: the storage itself, or something between that speaks of denials too."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError

from preflight.cli.demo import at_home, examine
from preflight.model import Cause, Report, Status, Verdict
from preflight.providers.s3.client import Exchange
from preflight.providers.s3.replies import refused
from preflight.sandbox import Fault, Kind, Sandbox

ENVOY = ("RBAC: access denied", {"Content-Type": "text/plain", "Server": "envoy"})
KONG = ('{"message":"Forbidden"}', {"Content-Type": "application/json"})
PLAIN = ("Forbidden", {"Content-Type": "text/plain"})
GATEWAY = ('{"error":"forbidden","message":"Access denied by gateway"}', {"Content-Type": "application/json"})
STEPS = {"create": "PUT *", "open parts": "POST *uploads*", "a part": "PUT *partNumber*"}


def _answered(step: str, status: int, body: str, headers: dict[str, str]) -> Report:
    with Sandbox("s3/healthy") as box, at_home([box]):
        answer = Fault(kind=Kind.ANSWER, service="s3", request=STEPS[step], status=status, body=body, headers=headers)
        box.inject(answer)
        return examine(box)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("said", [ENVOY, KONG, PLAIN], ids=["envoy", "kong", "plain"])
def test_a_denial_that_is_not_signed_blocks_no_launch(step: str, said: tuple[str, dict[str, str]]) -> None:
    """A gateway of this network may have refused: undetermined, and nothing is held against the storage."""
    report = _answered(step, 403, *said)
    outcomes = report.storages[0].outcomes

    assert report.verdict is Verdict.UNDETERMINED
    assert not [one.check for one in outcomes if one.status is Status.FAIL]
    assert any(one.candidates[0].cause is Cause.PROXY_INTERFERED for one in outcomes if one.candidates) or any(
        "reach-endpoint" in one.waits_for for one in outcomes
    )


@pytest.mark.parametrize("status", [400, 404, 405, 407, 502, 507, 511])
def test_what_a_gateway_says_of_access_decides_nothing(status: int) -> None:
    """Whatever its status: the words `access denied` are anybody's."""
    report = _answered("create", status, *GATEWAY)
    assert report.verdict is Verdict.UNDETERMINED


def _exchange(status: int, body: bytes = b"", **headers: str) -> Exchange:
    exchange = Exchange()
    exchange.status, exchange.body = status, body
    exchange.headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return exchange


def _is_foreign(exchange: Exchange) -> bool:
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}, "PutObject")
    refusal = refused(exchange, time.monotonic(), "PutObject", "put_object", error).refusal
    assert refusal
    return refusal.foreign


DENIED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
OWN = {
    "AWS": _exchange(403, DENIED, x_amz_request_id="7Q2", server="AmazonS3"),
    "a compatible without ids": _exchange(403, DENIED),
    "Ceph, empty message": _exchange(403, b"<Error><Code>AccessDenied</Code><Message></Message></Error>"),
    "no body, an id": _exchange(403, x_amz_request_id="tx0000"),
    "no body, the product": _exchange(403, server="MinIO"),
    "STS": _exchange(403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"),
    "KMS": _exchange(400, b'{"__type":"AccessDeniedException","message":"no"}'),
    "a disk that is full": _exchange(507, b"<Error><Code>XMinioStorageFull</Code></Error>"),
}
FOREIGN = {
    "CloudFront": _exchange(403, b"<html>", x_amz_cf_id="a", server="CloudFront"),
    "the API Gateway": _exchange(403, b'{"message":"Forbidden"}', x_amzn_requestid="a"),
    "Cloudflare's wall": _exchange(403, b"<html>", server="cloudflare", cf_ray="a"),
    "a proxy's login": _exchange(407, DENIED, x_amz_request_id="a"),
    "a gateway that lost the storage": _exchange(502, b"access denied", x_amz_request_id="a"),
}


@pytest.mark.parametrize("who", OWN)
def test_a_storage_is_known_by_its_marks(who: str) -> None:
    """Its error document, or one header of its own, is enough: a true denial stays one."""
    assert not _is_foreign(OWN[who])


@pytest.mark.parametrize("who", FOREIGN)
def test_what_stands_before_a_storage_is_not_taken_for_it(who: str) -> None:
    """Fronts, walls and proxies answer in its place, some with headers that look like Amazon's."""
    assert _is_foreign(FOREIGN[who])
