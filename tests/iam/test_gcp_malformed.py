"""Policies that Google would refuse: findings with their place, never a crash, never a pass."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.iam.decision import Answer
from preflight.iam.gcp.cel import parse
from preflight.iam.gcp.document import read_deny, read_policy, read_role
from preflight.iam.gcp.evaluate import decide
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.weighing import Layers, Request, objects

WRITER = "w@p.iam.gserviceaccount.com"
GOOD = {"role": "roles/storage.objectCreator", "members": [f"serviceAccount:{WRITER}"]}

ALWAYS = {"title": "t", "expression": "true"}


def answer(policy: Any, *, denials: Any = ()) -> Answer:
    base, asked = objects("b", "r/")
    account = Account(email=WRITER, prevented=False)
    request = Request(account=account, permission="storage.objects.create", asked=asked, base=base)
    read = tuple(read_deny(one, "deny policy") for one in denials)
    return decide(request, Layers(bucket=read_policy(policy, "bucket policy"), unread=(), denials=read)).answer


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ([], ""),
        ("text", ""),
        (None, ""),
        ("{", ""),
        ({"bindings": {}}, "/bindings"),
        ({"bindings": [1]}, "/bindings/0"),
        ({"bindings": [{**GOOD, "role": None}]}, "/bindings/0/role"),
        ({"bindings": [{**GOOD, "role": "storage.objectCreator"}]}, "/bindings/0/role"),
        ({"bindings": [{**GOOD, "members": WRITER}]}, "/bindings/0/members"),
        ({"bindings": [{**GOOD, "members": [WRITER]}]}, "/bindings/0/members/0"),
        ({"bindings": [{**GOOD, "members": [7]}]}, "/bindings/0/members/0"),
        ({"bindings": [{**GOOD, "members": ["serviceAccount:"]}]}, "/bindings/0/members/0"),
        ({"bindings": [{**GOOD, "condition": "true"}]}, "/bindings/0/condition"),
        ({"bindings": [{**GOOD, "condition": {"title": "t"}}]}, "/bindings/0/condition/expression"),
        ({"bindings": [{**GOOD, "condition": {"expression": 1}}]}, "/bindings/0/condition/expression"),
        ({"version": "three", "bindings": [GOOD]}, "/version"),
        ({"version": True, "bindings": [GOOD]}, "/version"),
        (
            {"bindings": [{**GOOD, "role": "roles/editor", "condition": {"expression": "true"}}]},
            "/bindings/0/condition",
        ),
    ],
)
def test_a_fault_is_found_where_it_is(policy: Any, pointer: str) -> None:
    """The finding points at the element, and nothing is decided from the policy."""
    found = read_policy(policy, "bucket policy")
    assert pointer in {finding.pointer for finding in found.findings}
    assert not found.valid
    assert answer(policy) is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ([], ""),
        ({"rules": 1}, "/rules"),
        ({"rules": [1]}, "/rules/0"),
        ({"rules": [{}]}, "/rules/0/denyRule"),
        ({"rules": [{"denyRule": {"deniedPrincipals": "all"}}]}, "/rules/0/denyRule/deniedPrincipals"),
        ({"rules": [{"denyRule": {"denialCondition": {}}}]}, "/rules/0/denyRule/denialCondition/expression"),
    ],
)
def test_a_deny_policy_that_cannot_be_read_may_deny(policy: Any, pointer: str) -> None:
    """What is granted is then no longer certain."""
    assert pointer in {finding.pointer for finding in read_deny(policy, "deny policy").findings}
    assert answer({"bindings": [GOOD]}, denials=[policy]) is Answer.UNKNOWN


def test_a_policy_with_conditions_wants_version_3() -> None:
    """A lower version is doubtful: Google then leaves conditions out, or refuses the policy."""
    found = read_policy({"version": 1, "bindings": [{**GOOD, "condition": ALWAYS}]}, "bucket policy")
    assert [finding.pointer for finding in found.findings] == ["/version"]
    assert found.valid


def test_a_list_nested_without_end_is_refused() -> None:
    """Depth is bounded, however the document came."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert not read_policy({"bindings": deep}, "bucket policy").valid
    assert not read_policy("[" * 100_000, "bucket policy").valid


@pytest.mark.parametrize(
    "expression",
    ["(" * 4000 + "true" + "]" * 4000, "!" * 2000 + "true", "a" * 9000, "a." * 4000 + "b", "true && " * 1000 + "true"],
)
def test_a_strange_condition_is_a_problem(expression: str) -> None:
    """However deep or long, the answer is a problem in a sentence, at once."""
    found = parse(expression)
    assert len(found.problems) == 1
    assert len(found.problems[0]) < 200


@given(st.text(st.sampled_from('resourcename.timquw()"&|!=<>?:[]{} 09\\\n'), max_size=60))
def test_no_text_is_a_crash(text: str) -> None:
    """Whatever stands in a condition, reading it ends."""
    parse(text)


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("roles/viewer"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["bindings", "role", "members", "condition", "expression", "version", "rules", "denyRule"]),
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
    assert answer(json.dumps(document)) is not Answer.ALLOWED
    read_deny(document, "deny policy")
    read_role(document)


def test_a_policy_without_conditions_imports_no_library() -> None:
    """What a condition costs is paid by those who have one."""
    code = (
        "import sys; from preflight.iam.gcp.document import read_policy;"
        "read_policy({'bindings': [{'role': 'roles/viewer', 'members': ['allUsers']}]}, 'p');"
        "print('celpy' in sys.modules, 'lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
