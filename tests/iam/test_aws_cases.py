"""AWS decides as its documentation says: every case names the page that it was written from."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from preflight.iam.aws.document import Document, Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import ASSUMED, UNREAD, Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.shape import Operation, writing
from preflight.iam.aws.values import ABSENT, UNKNOWN, Context, OneOf, Value
from preflight.iam.globs import SOMETHING, Glob

CASES = Path(__file__).parent / "cases" / "aws"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
KINDS = {
    "resource": Kind.RESOURCE,
    "identity": Kind.IDENTITY,
    "boundary": Kind.BOUNDARY,
    "session": Kind.SESSION,
    "endpoint": Kind.ENDPOINT,
    "scps": Kind.SERVICE_CONTROL,
    "rcps": Kind.RESOURCE_CONTROL,
}
WITHOUT = {"unread": UNREAD, "assumed": ASSUMED, None: None}


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text()):
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def value(told: object) -> Value:
    match told:
        case str():
            return told
        case list():
            return tuple(told)
        case {"unknown": True}:
            return UNKNOWN
        case {"absent": True}:
            return ABSENT
        case {"one_of": list(choices)}:
            return OneOf(tuple(choices))
        case _:
            raise AssertionError(told)


def policy(told: Any, kind: Kind) -> Document:
    document = read(json.dumps(told), kind)
    assert document.valid, document.findings
    return document


def layer(name: str, told: Any, case: Any) -> Any:
    if told is None or isinstance(told, str):
        return WITHOUT[told]
    kind = Kind.KEY if name == "resource" and case.get("document") == "key" else KINDS[name]
    if name in {"scps", "rcps"}:
        return tuple(tuple(policy(one, kind) for one in level) for level in told)
    return tuple(policy(one, kind) for one in (told if isinstance(told, list) else [told]))


def request_of(case: Any) -> Request:
    who = case["principal"]
    tags: dict[str, str] | None = None if case.get("open") else {}
    caller = Principal.of(who, tags=tags) if isinstance(who, str) else Principal.of_account(who["account"])
    asked = Glob.literal(case["every"]) + SOMETHING if "every" in case else Glob.literal(case["resource"])
    told = {key: value(one) for key, one in case.get("context", {}).items()}
    known = case.get("open") or who == {"account": "185583345998"}
    context = Context(told, UNKNOWN if known else ABSENT)
    if "shape" in case:
        context = writing(Operation[case["shape"]], now=NOON, bucket_account=case["owner"])
    return Request(caller, case["action"], asked, context.over(caller.keys()))


def layers_of(case: Any) -> Layers:
    told = dict.fromkeys(KINDS) | {name: one for name, one in case["layers"].items() if name != "restricted"}
    restricted = case["layers"].get("restricted", False)
    return Layers(
        **{name: layer(name, one, case) for name, one in told.items()},
        owner=case["owner"],
        restricted=UNREAD if restricted == "unread" else restricted,
    )


@pytest.mark.parametrize("case", list(cases()))
def test_documented(case: Any) -> None:
    """The answer, and where the case says so the cause, the example key, the need, the end date or the words."""
    decision = decide(request_of(case), layers_of(case))
    told = [reason.says for reason in decision.reasons], [need.says for need in decision.needs]
    assert decision.answer == case["expect"], told
    if "cause" in case:
        assert decision.cause == case["cause"], told
    if "denied_key" in case:
        assert decision.denied == f"arn:aws:s3:::b/{case['denied_key']}"
    if "says" in case:
        assert any(case["says"] in says for says in told[0]), told
    if "needs" in case:
        assert any(case["needs"] in says for says in told[1]), told
    if "until" in case:
        assert decision.until == case["until"]


def test_sources() -> None:
    """Every case says which public page it was written from, and there are two hundred of them and more."""
    found = [case.values[0] for case in cases()]
    assert len(found) >= 200
    assert all(case["source"].startswith("https://") for case in found)
