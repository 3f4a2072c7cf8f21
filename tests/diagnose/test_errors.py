"""Real provider errors with the answers an expert gives: figures that may only rise."""

import collections
import json
from pathlib import Path
from typing import Any

import pytest

from preflight.diagnose import diagnose
from preflight.diagnose.batch import as_json, refusal_from

Case = dict[str, Any]
Answer = dict[str, Any]

DATA = Path(__file__).parents[1] / "data"
FILES = ("errors", "errors-more")
CASES: dict[str, list[Case]] = {
    name: [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in FILES
}
ALL = [case for cases in CASES.values() for case in cases]

# Per cent of the rows that each figure applies to. Raise a floor when a figure rises; never lower one.
PERFECT: dict[str, float] = {"first": 100, "among": 100, "missing": 100, "field": 100, "modest": 100, "unasked": 100}
FLOORS: dict[str, dict[str, float]] = {
    "errors/text/strict": PERFECT,
    "errors/text/loose": PERFECT,
    "errors/fields/strict": PERFECT,
    "errors/fields/loose": PERFECT,
    "errors-more/text/strict": PERFECT,
    "errors-more/text/loose": PERFECT,
    "errors-more/fields/strict": PERFECT,
    "errors-more/fields/loose": PERFECT,
}


def given(case: Case, mode: str) -> object:
    """What is diagnosed: the text as a person pastes it, or the fields that a check has."""
    fed = case["input"]
    if mode == "text":
        return {"text": fed.get("text") or ""}
    parts = {name: fed.get(name) for name in ("code", "message", "body", "headers")}
    named = {name: case.get(name) for name in ("provider", "stage", "operation")}
    return {**named, **parts, "status": fed.get("http_status")}


def judged(case: Case, answer: Answer) -> dict[str, bool]:
    """True or false for every figure that applies to the case."""
    expect, candidates = case["expect"], answer["candidates"]
    causes = [candidate["cause"] for candidate in candidates]
    actions = {permission["action"].lower() for candidate in candidates for permission in candidate["missing"]}
    fields = {candidate["field"] or "-" for candidate in candidates}
    got = {
        "first": bool(causes) and causes[0] in {expect["cause"], *expect["also"]},
        "among": expect["cause"] in causes,
    }
    if expect["missing"]:
        got["missing"] = expect["missing"].lower() in actions
    else:
        got["unasked"] = not candidates or not candidates[0]["missing"]
    if wanted := expect["field"]:
        got["field"] = any(
            f == wanted or f"{wanted}.".startswith(f"{f}.") or f.startswith(f"{wanted}.") for f in fields
        )
    if expect["also"]:
        alone = len(candidates) == 1 and candidates[0]["confidence"] == "stated"
        got["modest"] = not alone or causes[0] == expect["cause"]
    return got


def figures(name: str, mode: str, strength: str) -> dict[str, float]:
    tally: dict[str, list[bool]] = collections.defaultdict(list)
    for case in CASES[name]:
        if case["strength"] == strength:
            answer = as_json(diagnose(refusal_from(given(case, mode))))
            for figure, good in judged(case, answer).items():
                tally[figure].append(good)
    return {figure: 100 * sum(marks) / len(marks) for figure, marks in tally.items()}


@pytest.mark.parametrize("table", FLOORS)
def test_figures_do_not_fall(table: str) -> None:
    """No figure over the published errors is below its floor."""
    reached = figures(*table.split("/"))
    assert [figure for figure, floor in FLOORS[table].items() if reached[figure] < floor] == [], reached


@pytest.mark.parametrize("mode", ["text", "fields"])
@pytest.mark.parametrize("case", ALL, ids=lambda case: case["id"])
def test_answers_are_tidy(case: Case, mode: str) -> None:
    """Five candidates at most, none twice, each with its reason and with what would tell it from the next."""
    candidates = diagnose(refusal_from(given(case, mode))).candidates
    assert len(candidates) <= 5
    assert len({candidate.cause for candidate in candidates}) == len(candidates)
    assert all(candidate.because and candidate.tell for candidate in candidates)
