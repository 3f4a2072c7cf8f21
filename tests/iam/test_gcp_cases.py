"""Google decides as its documentation says: every case names the page that it was written from."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from preflight.iam.decision import Decision
from preflight.iam.gcp.document import Policy, read_deny, read_policy
from preflight.iam.gcp.evaluate import decide
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.weighing import Layers, Request, objects
from preflight.iam.globs import Glob

CASES = Path(__file__).parent / "cases" / "gcp"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
WRITER = "writer@video.iam.gserviceaccount.com"


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text()):
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def policy(bindings: Any, label: str) -> Policy:
    return read_policy(json.dumps({"version": 3, "bindings": bindings}), label)


def layers_of(case: Any) -> Layers:
    told: dict[str, Any] = {"unread": tuple(case["unread"])} if "unread" in case else {}
    denials = case.get("denials")
    return Layers(
        bucket=None if case.get("bucket_unread") else policy(case["bindings"], "IAM policy of the bucket"),
        above=tuple(policy(one, f"IAM policy of the {level}") for level, one in case.get("above", {}).items()),
        denials=None if denials is None else tuple(read_deny(one, "deny policy") for one in denials),
        roles={name: frozenset(held) for name, held in case.get("roles", {}).items()},
        uniform=case.get("uniform", True),
        **told,
    )


def request_of(case: Any) -> Request:
    path = case.get("path", "recordings/")
    base, asked = objects("b", path)
    typed = "storage.googleapis.com/Object"
    if case.get("listing"):
        asked, typed = Glob.literal("projects/_/buckets/b"), "storage.googleapis.com/Bucket"
    if "key" in case:
        asked = Glob.literal(base + case["key"])
    return Request(
        account=Account(email=WRITER, prevented=case.get("prevented", False)),
        permission=case.get("permission", "storage.objects.create"),
        asked=asked,
        base=f"{base}{path}",
        typed=typed,
        now=NOON,
    )


def decided(case: Any) -> Decision:
    return decide(request_of(case), layers_of(case))


@pytest.mark.parametrize("case", list(cases()))
def test_documented(case: Any) -> None:
    """The answer, and where the case says so the cause, the example, the need, the end, the finding or the words."""
    decision = decided(case)
    told = [reason.says for reason in decision.reasons], [need.says for need in decision.needs]
    assert decision.answer == case["expect"], told
    if "cause" in case:
        assert decision.cause == case["cause"], told
    if "denied_key" in case:
        assert decision.denied == f"projects/_/buckets/b/objects/{case['denied_key']}"
    if "says" in case:
        assert any(case["says"] in says for says in told[0]), told
    if "needs" in case:
        assert any(case["needs"] in says for says in told[1]), told
    if "until" in case:
        assert decision.until == case["until"]
    if "assumes" in case:
        assert len(decision.assumptions) == case["assumes"]
    bucket = layers_of(case).bucket
    found = [str(finding) for finding in bucket.findings] if bucket else []
    assert any(case.get("finding", "") in one for one in found) if "finding" in case else not found, found


def test_sources() -> None:
    """Every case says which page of Google's it was written from, and there are a hundred of them and more."""
    found = [case.values[0] for case in cases()]
    assert len(found) >= 100
    assert all(case["source"].startswith("https://docs.cloud.google.com/") for case in found)


def test_an_open_answer_says_what_would_settle_it() -> None:
    """Nothing is left unknown without a need."""
    for case in (case.values[0] for case in cases()):
        decision = decided(case)
        assert bool(decision.needs) is (decision.undecided is not None), case["name"]
