"""Laws that every AWS decision keeps, on policies made up at random."""

import json
import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.iam.aws.document import Document, Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import UNREAD, Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.values import ABSENT, UNKNOWN, Context, Value
from preflight.iam.decision import Answer, Decision
from preflight.iam.globs import SOMETHING, Glob

ANN = Principal.of("arn:aws:iam::111122223333:user/ann", tags={})
STREAM = Principal.of_account("185583345998")
BUCKET = "arn:aws:s3:::b"
PATH = f"{BUCKET}/r/"
ASKED = Glob.literal(PATH) + SOMETHING

tails = st.text("ab/*?", max_size=5)
resources = st.one_of(
    tails.map(lambda tail: f"{BUCKET}/r/{tail}"),
    tails.map(lambda tail: f"{BUCKET}/{tail}"),
    st.sampled_from(["*", BUCKET, f"{BUCKET}/*", f"{PATH}*", "arn:aws:s3:::*", f"{BUCKET}/q/*"]),
)
entries = st.sampled_from(
    ["*", "185583345998", "111122223333", ANN.arn, STREAM.arn, "arn:aws:iam::185583345998:role/x", "AIDAJQABLZS4A3QDU"]
)
actions = st.sampled_from(["s3:PutObject", "s3:*", "s3:Put*", "s3:GetObject", "*"])
conditions = st.dictionaries(
    st.sampled_from(["StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists", "StringNotLike"]),
    st.dictionaries(
        st.sampled_from(["aws:UserAgent", "aws:Referer"]), st.sampled_from(["a", "b", "a*", "?"]), max_size=2
    ),
    max_size=2,
)


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> dict[str, Any]:
    principal = draw(st.sampled_from(["Principal"] * 6 + ["NotPrincipal"]))
    action = draw(st.sampled_from(["Action"] * 5 + ["NotAction"]))
    resource = draw(st.sampled_from(["Resource"] * 5 + ["NotResource"]))
    return {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        principal: {"AWS": draw(st.lists(entries, min_size=1, max_size=2))},
        action: draw(st.lists(actions, min_size=1, max_size=2)),
        resource: draw(st.lists(resources, min_size=1, max_size=3)),
        "Condition": draw(conditions),
    }


policies = st.lists(statements(), max_size=4)
callers = st.sampled_from([ANN, STREAM])
values: st.SearchStrategy[Value] = st.sampled_from(["a", "b", "ab", ABSENT, UNKNOWN])
contexts = st.fixed_dictionaries({"aws:UserAgent": values, "aws:Referer": values})


def document(found: list[dict[str, Any]]) -> Document:
    made = read(json.dumps({"Version": "2012-10-17", "Statement": found}), Kind.RESOURCE)
    assert made.valid, made.findings
    return made


def layers(found: list[dict[str, Any]], owner: str = "444455556666") -> Layers:
    everything = read(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}, Kind.IDENTITY
    )
    return Layers(
        resource=document(found),
        identity=everything,
        boundary=None,
        session=None,
        endpoint=None,
        scps=None,
        rcps=None,
        owner=owner,
        restricted=False,
    )


def request(caller: Principal, context: dict[str, Value], asked: Glob = ASKED) -> Request:
    return Request(caller, "s3:PutObject", asked, Context(context).over(caller.keys()))


def ask(caller: Principal, context: dict[str, Value], found: list[dict[str, Any]]) -> Decision:
    return decide(request(caller, context), layers(found))


def concrete(caller: Principal, context: dict[str, Value], found: list[dict[str, Any]], key: str) -> Answer:
    return decide(request(caller, context, Glob.literal(PATH + key)), layers(found)).answer


def keys_of(decision: Decision) -> dict[Answer, bool]:
    """Which answers some key gets."""
    return {
        Answer.ALLOWED: decision.allowed is not None,
        Answer.DENIED: decision.denied is not None,
        Answer.UNKNOWN: decision.undecided is not None,
    }


@given(callers, contexts, policies, statements("Deny"))
def test_a_deny_never_allows(caller: Principal, context: Any, found: Any, more: Any) -> None:
    """With one more Deny no key becomes allowed, nor open, that was not."""
    before, after = ask(caller, context, found), ask(caller, context, [*found, more])
    if before.allowed is None:
        assert after.allowed is None
    if before.answer is Answer.DENIED:
        assert after.answer is Answer.DENIED


@given(callers, contexts, policies, statements("Allow"))
def test_an_allow_never_denies(caller: Principal, context: Any, found: Any, more: Any) -> None:
    """With one more Allow no key becomes denied, nor open, that was allowed."""
    before, after = ask(caller, context, found), ask(caller, context, [*found, more])
    if before.denied is None:
        assert after.denied is None
    if before.answer is Answer.ALLOWED:
        assert after.answer is Answer.ALLOWED


@given(callers, contexts, policies, st.randoms())
def test_order_does_not_matter(caller: Principal, context: Any, found: Any, shuffler: random.Random) -> None:
    """The statements of a policy may stand in any order."""
    mixed = found[:]
    shuffler.shuffle(mixed)
    assert ask(caller, context, found).answer is ask(caller, context, mixed).answer


@given(callers, contexts, policies, st.text("ab/x", min_size=1, max_size=6))
def test_every_key_agrees(caller: Principal, context: Any, found: Any, key: str) -> None:
    """Whatever a single key gets is among what the decision for all keys says some key gets."""
    whole = ask(caller, context, found)
    assert keys_of(whole)[concrete(caller, context, found, key)]


@given(callers, contexts, policies)
def test_examples_hold(caller: Principal, context: Any, found: Any) -> None:
    """Each example, asked alone, is decided as the decision claims."""
    whole = ask(caller, context, found)
    for example, answer in (
        (whole.allowed, Answer.ALLOWED),
        (whole.denied, Answer.DENIED),
        (whole.undecided, Answer.UNKNOWN),
    ):
        if example is not None:
            assert example.startswith(PATH)
            assert len(example) > len(PATH)
            assert concrete(caller, context, found, example.removeprefix(PATH)) is answer


@given(callers, policies, contexts, st.sampled_from(["a", "b", "ab", ABSENT]))
def test_unknown_is_consistent(caller: Principal, found: Any, context: Any, value: Value) -> None:
    """Once a key that was not known has any value, what was decided before stays decided so."""
    known = {key: value if one is UNKNOWN else one for key, one in context.items()}
    before, after = ask(caller, context, found), ask(caller, known, found)
    if before.answer in {Answer.ALLOWED, Answer.DENIED}:
        assert after.answer is before.answer
    if before.allowed is not None:
        assert after.allowed is not None
    if before.denied is not None:
        assert after.denied is not None


@given(callers, contexts, policies, policies, st.sampled_from(["resource", "rcps", "endpoint", "boundary", "scps"]))
def test_unread_is_consistent(caller: Principal, context: Any, found: Any, other: Any, name: str) -> None:
    """Once a layer that was not read is there, or is not, what was decided before stays decided so."""
    asked = request(caller, context)
    unread: dict[str, Any] = {name: UNREAD}
    before = decide(asked, replace(layers(found), **unread))
    levels = name in {"rcps", "scps"}
    for told in (None, document(other)):
        read_as: dict[str, Any] = {name: ((told,),) if levels and told else told}
        after = decide(asked, replace(layers(found), **read_as))
        if before.answer in {Answer.ALLOWED, Answer.DENIED}:
            assert after.answer is before.answer
        if before.denied is not None:
            assert after.denied is not None


def plainly(pattern: str, text: str) -> bool:
    """The definition of a match, character by character."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return plainly(pattern[1:], text) or (bool(text) and plainly(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and plainly(pattern[1:], text[1:])


def holds(operator: str, have: str | None, want: str) -> bool:
    if have is None:
        return operator in {"StringNotEquals", "StringNotLike", "StringEqualsIfExists"}
    met = plainly(want, have) if operator.endswith("Like") else want == have
    return met is not operator.startswith("StringNot")


def applies(statement: dict[str, Any], context: dict[str, str | None], resource: str) -> bool:
    """A statement for account 185583345998's root user, by the words of the documentation and nothing else."""
    action = any(plainly(one.lower(), "s3:putobject") for one in statement.get("Action") or statement["NotAction"])
    where = any(plainly(one, resource) for one in statement.get("Resource") or statement["NotResource"])
    named = (statement.get("Principal") or statement["NotPrincipal"])["AWS"]
    who = bool({"*", "185583345998", STREAM.arn} & set(named))
    return (
        who is ("Principal" in statement)
        and action is ("Action" in statement)
        and where is ("Resource" in statement)
        and all(
            holds(operator, context[key], want)
            for operator, wanted in statement["Condition"].items()
            for key, want in wanted.items()
        )
    )


@settings(max_examples=300)
@given(
    policies.filter(lambda found: "AIDA" not in str(found)),
    st.fixed_dictionaries(dict.fromkeys(("aws:UserAgent", "aws:Referer"), st.sampled_from(["a", "b", "ab", None]))),
    st.text("ab/x", min_size=1, max_size=5),
)
def test_plain_reading(found: Any, context: dict[str, str | None], key: str) -> None:
    """One key is decided as a plain reading of the rules decides it, and the proof for every key includes it."""
    hit = [one["Effect"] for one in found if applies(one, context, PATH + key)]
    expected = Answer.ALLOWED if "Allow" in hit and "Deny" not in hit else Answer.DENIED
    root = Principal.of(STREAM.arn)
    known: dict[str, Value] = {name: ABSENT if value is None else value for name, value in context.items()}
    assert concrete(root, known, found, key) is expected
    assert keys_of(ask(root, known, found))[expected]
