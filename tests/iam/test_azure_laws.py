"""Laws that every decision about Azure's role assignments keeps, on lists made up at random."""

import random
import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preflight.iam.azure.actions import ADD, BLOBS, WRITE
from preflight.iam.azure.document import read_assignments, read_denials
from preflight.iam.azure.evaluate import decide, paths
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request
from preflight.iam.decision import Answer, Decision
from preflight.iam.globs import Glob

OWN, OTHER = "e4b8d1a6-7c2f-4950-93be-2f6a8c0d5e04", "99999999-7c2f-4950-93be-2f6a8c0d5e04"
ACCOUNT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/rec"
CONTRIBUTOR, READER = "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
NOW = datetime(2026, 8, 1, tzinfo=UTC)
PATH = f"@Resource[{BLOBS}:path]"

_TEXTS = st.text("abC/*?", max_size=4)
operators = st.builds(
    "{}{}{}{}".format,
    st.just("String"),
    st.sampled_from(["", "Not"]),
    st.sampled_from(["Equals", "StartsWith", "Like"]),
    st.sampled_from(["", "IgnoreCase"]),
)
comparisons = st.builds(
    "{} {} '{}{}'".format, st.just(PATH), operators, st.sampled_from(["", "c/", "C/", "*", "x"]), _TEXTS
)
unknowns = st.sampled_from(["@Environment[isPrivateLink] BoolEquals true", "Exists @Principal[a]"])
actions = st.sampled_from([f"ActionMatches{{'{WRITE}'}}", f"ActionMatches{{'{ADD}'}}"])


def joined(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} AND {})".format, inner, inner),
            st.builds("({} OR {})".format, inner, inner),
            st.builds("!({})".format, inner),
        ),
        max_leaves=4,
    )


known = joined(comparisons | actions)
conditions = joined(comparisons | actions | unknowns)


@st.composite
def assignments(draw: st.DrawFn) -> dict[str, Any]:
    condition = draw(st.none() | conditions)
    return {
        "name": "a",
        "principalId": draw(st.sampled_from([OWN, OWN, OWN, OTHER])),
        "principalType": "ServicePrincipal",
        "roleDefinitionId": draw(st.sampled_from([CONTRIBUTOR, CONTRIBUTOR, READER, "unread"])),
        "scope": draw(st.sampled_from([CONTAINER, ACCOUNT, "/", f"{CONTAINER}-other"])),
        "condition": condition,
        "conditionVersion": "2.0" if condition else None,
    }


@st.composite
def denials(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "denyAssignmentName": "d",
        "scope": draw(st.sampled_from([CONTAINER, ACCOUNT, f"{CONTAINER}-other"])),
        "permissions": [{"dataActions": [draw(st.sampled_from([WRITE, ADD, f"{BLOBS}/*", f"{BLOBS}/read"]))]}],
        "principals": [{"id": draw(st.sampled_from([OWN, OTHER])), "type": "ServicePrincipal"}],
    }


lists = st.lists(assignments(), max_size=3)
asks = st.sampled_from([(ADD, WRITE), (WRITE,)])


def decided(asked: Glob, wanted: tuple[str, ...], found: Any, denied: Any = (), *, complete: bool = True) -> Decision:
    read = read_assignments(found)
    assert read.valid, read.findings
    target = Target(account="acct", container="rec", scope=CONTAINER, listed=True)
    layers = Layers(assignments=read, complete=complete, denials=read_denials(list(denied)), hierarchical=False)
    principal = Principal(object_id=OWN)
    return decide(Request(principal=principal, actions=wanted, asked=asked, target=target, now=NOW), layers)


def ask(wanted: tuple[str, ...], found: Any, denied: Any = (), **more: Any) -> Decision:
    return decided(paths("c/"), wanted, found, denied, **more)


def alone(wanted: tuple[str, ...], found: Any, path: str) -> Answer:
    return decided(Glob.literal(path), wanted, found).answer


def some_get(decision: Decision) -> dict[Answer, bool]:
    return {
        Answer.ALLOWED: decision.allowed is not None,
        Answer.DENIED: decision.denied is not None,
        Answer.UNKNOWN: decision.undecided is not None,
    }


@given(asks, lists, assignments())
def test_an_assignment_never_denies(wanted: Any, found: Any, more: Any) -> None:
    """With one more assignment no path becomes denied, nor open, that was allowed."""
    before, after = ask(wanted, found), ask(wanted, [*found, more])
    if before.denied is None:
        assert after.denied is None
    if before.answer is Answer.ALLOWED:
        assert after.answer is Answer.ALLOWED


@given(asks, lists, st.lists(denials(), max_size=2), denials())
def test_a_deny_assignment_never_allows(wanted: Any, found: Any, denied: Any, more: Any) -> None:
    """With one more deny assignment no path becomes allowed, nor open, that was denied."""
    before, after = ask(wanted, found, denied), ask(wanted, found, [*denied, more])
    if before.allowed is None:
        assert after.allowed is None
    if before.answer is Answer.DENIED:
        assert after.answer is Answer.DENIED


@given(asks, lists, st.randoms())
def test_order_does_not_matter(wanted: Any, found: Any, shuffler: random.Random) -> None:
    """Assignments may stand in any order."""
    mixed = found[:]
    shuffler.shuffle(mixed)
    assert ask(wanted, found).answer is ask(wanted, mixed).answer


@given(asks, lists, st.text("abcC/x", min_size=1, max_size=4))
def test_every_path_agrees(wanted: Any, found: Any, tail: str) -> None:
    """Whatever a single path gets is among what the decision for all paths says some path gets."""
    assert some_get(ask(wanted, found))[alone(wanted, found, f"c/{tail}")]


@given(asks, lists)
def test_examples_hold(wanted: Any, found: Any) -> None:
    """Each example, asked alone, is decided as the decision claims."""
    whole = ask(wanted, found)
    for example, answer in (
        (whole.allowed, Answer.ALLOWED),
        (whole.denied, Answer.DENIED),
        (whole.undecided, Answer.UNKNOWN),
    ):
        if example is not None:
            assert example.startswith("c/")
            assert alone(wanted, found, example) is answer


@given(asks, lists, lists)
def test_what_was_not_listed_hides_nothing(wanted: Any, found: Any, rest: Any) -> None:
    """Once the rest of the assignments is read, what was decided before stays decided so."""
    before, after = ask(wanted, found, complete=False), ask(wanted, [*found, *rest])
    assert before.denied is None
    if before.answer is Answer.ALLOWED:
        assert after.answer is Answer.ALLOWED


@given(lists)
def test_parts_need_no_less_than_a_whole(found: Any) -> None:
    """Whoever may write in parts may write a new blob whole."""
    if ask((WRITE,), found).answer is Answer.ALLOWED:
        assert ask((ADD, WRITE), found).answer is Answer.ALLOWED


@given(asks, lists)
def test_unknown_is_consistent(wanted: Any, found: Any) -> None:
    """Whatever an unknown clause turns out to be, what was decided with it open stays decided so."""
    before = ask(wanted, found)
    for outcome in (f"{PATH} StringLike '*'", f"{PATH} StringNotLike '*'"):
        settled = [{**one, "condition": _settle(one["condition"], outcome)} for one in found]
        after = ask(wanted, settled)
        if before.answer in {Answer.ALLOWED, Answer.DENIED}:
            assert after.answer is before.answer


def _settle(condition: str | None, outcome: str) -> str | None:
    return condition and re.sub(
        r"@Environment\[isPrivateLink\] BoolEquals true|Exists @Principal\[a\]", outcome, condition
    )


@given(known, asks, st.text("abcC/x*?", min_size=1, max_size=4))
def test_plain_reading(condition: str, wanted: tuple[str, ...], tail: str) -> None:
    """One path is decided as Python decides the same condition, word for word."""
    path = f"c/{tail}"
    found = {
        "name": "a",
        "principalId": OWN,
        "roleDefinitionId": CONTRIBUTOR,
        "scope": CONTAINER,
        "condition": condition,
        "conditionVersion": "2.0",
    }
    holds = any(plainly(condition, path, action) for action in wanted)
    assert alone(wanted, [found], path) is (Answer.ALLOWED if holds else Answer.DENIED)


def plainly(condition: str, path: str, action: str) -> bool:
    """The condition as an expression of Python's, with each clause replaced by what it says."""
    text = re.sub(r"ActionMatches\{'([^']*)'\}", lambda found: str(found[1] == action), condition)
    clause = re.escape(PATH) + r" String(Not)?(Equals|StartsWith|Like)(IgnoreCase)? '([^']*)'"
    text = re.sub(clause, lambda found: str(_clause(found, path)), text)
    return bool(eval(text.replace("AND", "and").replace("OR", "or").replace("!", " not ")))  # noqa: S307 - our own words


def _clause(found: re.Match[str], path: str) -> bool:
    negated, base, fold, wanted = found.groups()
    if fold:
        path, wanted = path.lower(), wanted.lower()
    if base == "Like":
        pattern = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in wanted)
        met = re.fullmatch(pattern, path, re.DOTALL) is not None
    else:
        met = path == wanted if base == "Equals" else path.startswith(wanted)
    return met is not bool(negated)
