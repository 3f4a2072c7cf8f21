"""Laws that every decision about Google's bindings keeps, on policies made up at random."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import celpy
import pytest
from celpy.adapter import json_to_cel
from hypothesis import given
from hypothesis import strategies as st

from preflight.iam.decision import Answer, Decision
from preflight.iam.gcp.cel import parse
from preflight.iam.gcp.conditions import extract
from preflight.iam.gcp.document import read_deny, read_policy
from preflight.iam.gcp.evaluate import decide
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.weighing import Layers, Request, objects
from preflight.iam.globs import Glob

WRITER = "w@p.iam.gserviceaccount.com"
NOW = datetime(2026, 8, 1, tzinfo=UTC)
BASE, ASKED = objects("b", "r/")
DAYS = ["2026-07-01", "2026-09-01"]
ENVIRONMENT = celpy.Environment()  # raises the recursion limit, which no test may do by itself

tails = st.text("ab/", max_size=4).map(lambda tail: f"{BASE}r/{tail}") | st.sampled_from([BASE, f"{BASE}q", "a", ""])
atoms = st.one_of(
    st.builds('resource.name.startsWith("{}")'.format, tails),
    st.builds('resource.name.endsWith("{}")'.format, st.text("ab/", max_size=3)),
    st.builds('resource.name {} "{}"'.format, st.sampled_from(["==", "!="]), tails),
    st.builds(
        'resource.name.extract("/objects/{}{{x}}{}") == "{}"'.format,
        st.sampled_from(["", "r/"]),
        st.sampled_from(["", "/", "b", "ab"]),
        st.text("ab/r", max_size=3),
    ),
    st.builds('resource.name.extract("objects/{{x}}/") == "{}"'.format, st.sampled_from(["r", "a", ""])),
    st.builds('request.time {} timestamp("{}T00:00:00Z")'.format, st.sampled_from("<>"), st.sampled_from(DAYS)),
    st.sampled_from(['resource.type == "storage.googleapis.com/Object"', "true", "false"]),
)
unknowns = st.sampled_from(
    ['resource.matchTag("1/e", "p")', "request.time.getHours() < 9", 'resource.name.extract("/r/a{x}") == "b"']
)


def joined(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} && {})".format, inner, inner),
            st.builds("({} || {})".format, inner, inner),
            st.builds("!({})".format, inner),
            st.builds("({} ? {} : {})".format, inner, inner, inner),
        ),
        max_leaves=4,
    )


known = joined(atoms)
conditions = joined(atoms | unknowns)
members = st.sampled_from([f"serviceAccount:{WRITER}"] * 3 + ["allUsers", "group:g@x.y", "user:u@x.y"])
roles = st.sampled_from(["roles/storage.objectCreator"] * 3 + ["roles/storage.objectViewer", "projects/p/roles/r"])


@st.composite
def bindings(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {"role": draw(roles), "members": draw(st.lists(members, min_size=1, max_size=2))}
    if "allUsers" not in made["members"] and draw(st.booleans()):
        made["condition"] = {"title": "t", "expression": draw(conditions)}
    return made


policies = st.lists(bindings(), max_size=3)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    who = ["principalSet://goog/public:all", "principalSet://goog/group/g@x.y"]
    what = ["storage.googleapis.com/objects.create", "storage.googleapis.com/objects.get"]
    return {
        "denyRule": {
            "deniedPrincipals": [draw(st.sampled_from(who))],
            "deniedPermissions": [draw(st.sampled_from(what))],
        }
    }


def layers(found: list[dict[str, Any]], *, unread: tuple[str, ...] = (), denied: Any = ()) -> Layers:
    policy = read_policy({"version": 3, "bindings": found}, "bucket policy")
    assert policy.valid, policy.findings
    denials = (read_deny({"rules": list(denied)}, "deny policy"),)
    return Layers(bucket=policy, unread=unread, denials=denials, uniform=True)


def request(asked: Glob = ASKED) -> Request:
    account = Account(email=WRITER, prevented=False)
    return Request(account=account, permission="storage.objects.create", asked=asked, base=f"{BASE}r/", now=NOW)


def granting(expression: str) -> dict[str, Any]:
    condition = {"title": "t", "expression": expression}
    return {"role": "roles/storage.objectCreator", "members": [f"serviceAccount:{WRITER}"], "condition": condition}


def ask(found: list[dict[str, Any]], **more: Any) -> Decision:
    return decide(request(), layers(found, **more))


def alone(found: list[dict[str, Any]], name: str) -> Answer:
    return decide(request(Glob.literal(name)), layers(found)).answer


def some_get(decision: Decision) -> dict[Answer, bool]:
    return {
        Answer.ALLOWED: decision.allowed is not None,
        Answer.DENIED: decision.denied is not None,
        Answer.UNKNOWN: decision.undecided is not None,
    }


@given(policies, bindings())
def test_a_binding_never_denies(found: Any, more: Any) -> None:
    """With one more binding no name becomes denied, nor open, that was allowed."""
    before, after = ask(found), ask([*found, more])
    if before.denied is None:
        assert after.denied is None
    if before.answer is Answer.ALLOWED:
        assert after.answer is Answer.ALLOWED


@given(policies, st.lists(rules(), max_size=2), rules())
def test_a_deny_rule_never_allows(found: Any, denied: Any, more: Any) -> None:
    """With one more deny rule no name becomes allowed, nor open, that was denied."""
    before, after = ask(found, denied=denied), ask(found, denied=[*denied, more])
    if before.allowed is None:
        assert after.allowed is None
    if before.answer is Answer.DENIED:
        assert after.answer is Answer.DENIED


@given(policies, st.randoms())
def test_order_does_not_matter(found: Any, shuffler: random.Random) -> None:
    """Bindings may stand in any order."""
    mixed = found[:]
    shuffler.shuffle(mixed)
    assert ask(found).answer is ask(mixed).answer


@given(policies, st.text("abr/x", min_size=1, max_size=5))
def test_every_name_agrees(found: Any, tail: str) -> None:
    """Whatever a single name gets is among what the decision for all names says some name gets."""
    assert some_get(ask(found))[alone(found, f"{BASE}r/{tail}")]


@given(policies)
def test_examples_hold(found: Any) -> None:
    """Each example, asked alone, is decided as the decision claims."""
    whole = ask(found)
    for example, answer in (
        (whole.allowed, Answer.ALLOWED),
        (whole.denied, Answer.DENIED),
        (whole.undecided, Answer.UNKNOWN),
    ):
        if example is not None:
            assert example.startswith(f"{BASE}r/")
            assert alone(found, example) is answer


@given(policies, policies)
def test_a_level_that_was_not_read_hides_nothing(found: Any, above: Any) -> None:
    """Once the project's policy is read, what was decided before stays decided so."""
    before = ask(found, unread=("project",))
    told = layers(found)
    read = read_policy({"version": 3, "bindings": above}, "project policy")
    after = decide(request(), replace(told, above=(read,)))
    assert before.denied is None
    if before.answer is Answer.ALLOWED:
        assert after.answer is Answer.ALLOWED


@given(policies)
def test_until_is_when_the_answer_changes(found: Any) -> None:
    """A second after the moment that is told the answer is another one, and a second before it is the same."""
    decision = ask(found)
    if decision.until is not None:
        end = datetime.fromisoformat(decision.until)
        before, after = (replace(request(), now=end + timedelta(seconds=step)) for step in (-1, 1))
        assert decide(before, layers(found)).answer is decision.answer
        assert decide(after, layers(found)).answer is not decision.answer


@given(st.text("ab", max_size=3), st.text("ab", max_size=2), st.text("abc", max_size=8))
def test_extract_is_what_stands_between(before: str, after: str, text: str) -> None:
    """By the definition: after the first occurrence, up to the next one of the end, else nothing."""
    start = text.find(before)
    end = text.find(after, start + len(before)) if after else len(text)
    expected = text[start + len(before) : end] if start >= 0 and end >= 0 else ""
    assert extract(f"{before}{{x}}{after}", text) == expected


class TestAgainstLibraries:
    """Conditions decided as sets of names agree, for each name, with whole CEL implementations."""

    @given(known, st.text("abr/", max_size=4))
    def test_the_library_that_parses(self, expression: str, tail: str) -> None:
        """cel-python evaluates a single name to the same answer."""
        if parse(expression).problems:
            return
        name = f"{BASE}r/x{tail}"
        program = ENVIRONMENT.program(ENVIRONMENT.compile(expression), functions={"extract": extracted})
        resource = json_to_cel({"name": name, "type": "storage.googleapis.com/Object"})
        moment = celpy.celtypes.TimestampType(NOW)
        time = celpy.celtypes.MapType({celpy.celtypes.StringType("time"): moment})
        holds = bool(program.evaluate({"resource": resource, "request": time}))
        assert alone([granting(expression)], name) is (Answer.ALLOWED if holds else Answer.DENIED)

    @given(known, st.text("abr/", max_size=4))
    def test_googles_own(self, expression: str, tail: str) -> None:
        """Google's C++ implementation agrees likewise."""
        cel = pytest.importorskip("cel_expr_python.cel", reason="Google's CEL for Python is not installed here")
        if parse(expression).problems:
            return
        name, text = f"{BASE}r/x{tail}", cel.Type.STRING
        overload = cel.Overload("string_extract", text, [text, text], is_member=True, impl=lambda t, p: extract(p, t))
        environment = cel.NewEnv(
            variables={"resource.name": text, "resource.type": text, "request.time": cel.Type.TIMESTAMP},
            functions=[cel.FunctionDecl("extract", [overload])],
        )
        told = {"resource.name": name, "resource.type": "storage.googleapis.com/Object", "request.time": NOW}
        holds = environment.compile(expression).eval(data=told).value()
        assert alone([granting(expression)], name) is (Answer.ALLOWED if holds else Answer.DENIED)


def extracted(text: Any, template: Any) -> Any:
    return celpy.celtypes.StringType(extract(str(template), str(text)))
