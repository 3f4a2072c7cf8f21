"""Lists and conditions that Azure would never give or take: findings with their place, never a crash or a pass."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.iam.azure.actions import WRITE
from preflight.iam.azure.condition import parse
from preflight.iam.azure.document import read_assignments, read_definition, read_denials
from preflight.iam.azure.evaluate import decide, paths
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request
from preflight.iam.decision import Answer

OWN = "e4b8d1a6-7c2f-4950-93be-2f6a8c0d5e04"
GOOD = {
    "principalId": OWN,
    "roleDefinitionId": "/x/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "scope": "/",
}


def answer(assignments: Any, *, denials: Any = None, definitions: Any = ()) -> Answer:
    layers = Layers(
        assignments=read_assignments(assignments),
        complete=True,
        denials=None if denials is None else read_denials(denials),
        definitions={one.id: one for one in (read_definition(role, "") for role in definitions)},
        hierarchical=False,
    )
    target = Target(account="acct", container="rec", listed=True)
    principal = Principal(object_id=OWN)
    return decide(Request(principal=principal, actions=(WRITE,), asked=paths("c/"), target=target), layers).answer


def test_the_sound_list_allows() -> None:
    """The list that the others are broken from."""
    assert answer([GOOD]) is Answer.ALLOWED


@pytest.mark.parametrize(
    ("assignments", "pointer"),
    [
        (None, ""),
        ({}, ""),
        ("[", ""),
        ("text", ""),
        ({"value": 1}, "/value"),
        ([1], "/0"),
        ([{**GOOD, "principalId": None}], "/0/principalId"),
        ([{**GOOD, "roleDefinitionId": 1}], "/0/roleDefinitionId"),
        ([{**GOOD, "scope": ["/"]}], "/0/scope"),
        ([{**GOOD, "condition": 1}], "/0/condition"),
        ([{"properties": 1}], "/0/scope"),
    ],
)
def test_a_fault_is_found_where_it_is(assignments: Any, pointer: str) -> None:
    """The finding points at the element, and nothing is decided from the list."""
    found = read_assignments(assignments)
    assert pointer in {finding.pointer for finding in found.findings}
    assert answer(assignments) is Answer.UNKNOWN


def test_a_deny_assignment_that_cannot_be_read_may_deny() -> None:
    """What is granted is then no longer certain."""
    assert read_denials([{"scope": 1}]).findings
    assert answer([GOOD], denials=[{"scope": 1}]) is Answer.UNKNOWN


@pytest.mark.parametrize(
    "role", [{"name": "own"}, {"name": "own", "permissions": 1}, {"name": "own", "permissions": [{"dataActions": "*"}]}]
)
def test_a_role_that_cannot_be_read_is_unknown(role: Any) -> None:
    """It neither gives nor lacks."""
    assert read_definition(role, "").findings
    own = {**GOOD, "roleDefinitionId": "/x/own"}
    assert answer([own], definitions=[role]) is Answer.UNKNOWN


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "(" * 4000,
        "!" * 4000 + "a",
        "NOT " * 2000 + "a",
        "'" * 9000,
        "@Resource[a] StringEquals '",
        "{" * 3000,
        "a" * 8000,
    ],
)
def test_a_strange_condition_is_a_problem(expression: str) -> None:
    """However deep or long, the answer is one problem."""
    found = parse(expression)
    assert found.claim is None
    assert len(found.problems) == 1


@given(st.text(st.sampled_from("@Resource[a] StringEqualsLikeANDORNOT(){},'!&|*12:"), max_size=60))
def test_no_text_is_a_crash(text: str) -> None:
    """Whatever stands in a condition, reading it ends."""
    parse(text)


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("/"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "properties", "principalId", "roleDefinitionId", "scope", "condition", "permissions"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(documents)
def test_no_document_is_a_crash_or_a_pass(document: Any) -> None:
    """A document made up of the right words in the wrong places grants nothing for sure."""
    assert answer(document) is not Answer.ALLOWED
    read_denials(document)
    read_definition(document, "")
