"""Terraform plans of every cloud: whatever stands in one, it is read or refused with what was expected."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from preflight.documents import Part, UnrecognisedError

RESOURCES: dict[str, list[dict[str, Any]]] = {
    "s3": [
        {"type": "aws_s3_bucket_policy", "values": {"bucket": "b", "policy": "{}"}},
        {
            "type": "aws_s3_bucket_lifecycle_configuration",
            "values": {"bucket": "b", "rule": [{"status": "Enabled", "filter": [{"prefix": "x"}]}]},
        },
        {
            "type": "aws_s3_bucket_object_lock_configuration",
            "values": {"bucket": "b", "rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 1}]}]},
        },
        {"type": "aws_iam_user_policy", "values": {"user": "u", "policy": "{}"}},
    ],
    "gcs": [
        {
            "type": "google_storage_bucket_iam_member",
            "values": {"bucket": "b", "role": "r", "member": "m", "condition": [{"expression": "true"}]},
        },
        {
            "type": "google_storage_bucket_iam_policy",
            "values": {"bucket": "b", "policy_data": '{"bindings": [{"role": "r", "members": ["m"]}]}'},
        },
    ],
    "abs": [
        {"type": "azurerm_role_definition", "values": {"name": "R", "permissions": [{"data_actions": ["a"]}]}},
        {
            "type": "azurerm_role_assignment",
            "values": {"scope": "/s", "role_definition_name": "R", "principal_id": "o"},
        },
    ],
}


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, as the keys and indices that lead there."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*at, key))


def spoiled(plan: Any, at: tuple[Any, ...], other: Any) -> Any:
    if not at:
        return other
    whole = copy.deepcopy(plan)
    inner = whole
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = other
    return whole


OTHERS: tuple[Any, ...] = (None, 0, 7, "x", [], {}, ["x"], [[]], [None], {"a": 1}, True)
Recognise = Callable[[Any, str], tuple[Part, ...]]


@pytest.mark.parametrize("cloud", RESOURCES)
def test_any_value_anywhere_in_a_plan_is_read_or_refused(cloud: str) -> None:
    """A plan that was edited, cut or made by something else is never a crash: its reader says what was expected."""
    recognise: Recognise = importlib.import_module(f"preflight.providers.{cloud}.documents").recognise
    root = {"resources": RESOURCES[cloud], "child_modules": [{"resources": []}]}
    plan = {"format_version": "1.2", "planned_values": {"root_module": root}}
    assert recognise(plan, "plan")
    spoilt = [spoiled(plan, at, other) for at in places(plan) for other in OTHERS]
    said = [sentence for one in spoilt if (sentence := _refusal(recognise, one))]
    assert said
    assert [sentence for sentence in said if "expected" not in sentence and "JSON" not in sentence] == []


def _refusal(recognise: Recognise, plan: Any) -> str:
    try:
        recognise(plan, "plan")
    except UnrecognisedError as why:
        return str(why)
    return ""
