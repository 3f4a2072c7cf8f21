"""Azure decides as its documentation says: every case names the page that it was written from."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from preflight.iam.azure.actions import ADD, BLOBS, WRITE
from preflight.iam.azure.document import read_assignments, read_definition, read_denials
from preflight.iam.azure.evaluate import decide, paths
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request
from preflight.iam.decision import Decision

CASES = Path(__file__).parent / "cases" / "azure"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
WRITER = Principal(
    object_id="e4b8d1a6-7c2f-4950-93be-2f6a8c0d5e04",
    client_id="7a9e4b52-1f3d-4e8b-b6c2-90d8e5a1c302",
)
CONTAINER = (
    "/subscriptions/5d2e8c47-3b6a-4f19-8e70-1c9b4a6d2e03/resourceGroups/rg-video/providers/Microsoft.Storage/"
    "storageAccounts/contoso/blobServices/default/containers/recordings"
)
ACTIONS = {"put": (ADD, WRITE), "parts": (WRITE,), "read": (f"{BLOBS}/read",)}


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text()):
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def layers_of(case: Any) -> Layers:
    denials = case.get("denials")
    definitions = [read_definition(json.dumps(one), "") for one in case.get("definitions", ())]
    return Layers(
        assignments=None if case.get("assignments_unread") else read_assignments(json.dumps(case["assignments"])),
        complete=case.get("complete", case.get("place") != "unknown"),
        definitions={one.id: one for one in definitions},
        denials=None if denials is None else read_denials(json.dumps(denials)),
        hierarchical=case.get("hierarchical", False),
    )


def decided(case: Any) -> Decision:
    layers = layers_of(case)
    scope = "" if case.get("place") == "unknown" else CONTAINER
    target = Target(account="contoso", container="recordings", scope=scope, listed=layers.complete)
    principal = Principal(object_id=case.get("object_id", WRITER.object_id), client_id=WRITER.client_id)
    actions = ACTIONS[case.get("actions", "put")]
    asked = paths("calls/")
    return decide(Request(principal=principal, actions=actions, asked=asked, target=target, now=NOON), layers)


@pytest.mark.parametrize("case", list(cases()))
def test_documented(case: Any) -> None:
    """The answer, and where the case says so the cause, the example, the need, the end, the finding or the words."""
    decision = decided(case)
    told = [reason.says for reason in decision.reasons], [need.says for need in decision.needs]
    assert decision.answer == case["expect"], told
    if "cause" in case:
        assert decision.cause == case["cause"], told
    if "denied_key" in case:
        assert decision.denied == case["denied_key"]
    if "says" in case:
        assert any(case["says"] in says for says in told[0]), told
    if "needs" in case:
        assert any(case["needs"] in says for says in told[1]), told
    if "until" in case:
        assert decision.until == case["until"]
    if "assumes" in case:
        wanted = case["assumes"]
        assert any(wanted in one for one in decision.assumptions) if wanted else not decision.assumptions
    read = layers_of(case).assignments
    found = [str(finding) for finding in read.findings] if read else []
    assert any(case.get("finding", "") in one for one in found) if "finding" in case else not found, found


def test_sources() -> None:
    """Every case says which page of Microsoft's it was written from, and there are a hundred of them and more."""
    found = [case.values[0] for case in cases()]
    assert len(found) >= 100
    assert all(case["source"].startswith("https://learn.microsoft.com/en-us/") for case in found)


def test_an_open_answer_says_what_would_settle_it() -> None:
    """Nothing is left unknown without a need."""
    for case in (case.values[0] for case in cases()):
        decision = decided(case)
        assert bool(decision.needs) is (decision.undecided is not None), case["name"]
