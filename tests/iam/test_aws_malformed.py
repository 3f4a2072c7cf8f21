"""Documents that AWS would refuse: findings with their place, never a crash, never a pass."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.iam.aws.document import Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.s3 import Bucket, keyless, may_write
from preflight.iam.aws.values import Context
from preflight.iam.decision import Answer
from preflight.iam.globs import Glob
from preflight.model import Severity

STREAM = Principal.of_account("185583345998")
GOOD: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "185583345998"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::b/*",
}


def changed(**elements: object) -> dict[str, Any]:
    kept = {name: value for name, value in (GOOD | elements).items() if value is not ...}
    return {"Version": "2012-10-17", "Statement": [kept]}


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ([], ""),
        ("text", ""),
        (None, ""),
        (7, ""),
        ({}, "/Statement"),
        ({"Statement": None}, "/Statement"),
        ({"Statement": "x"}, "/Statement"),
        ({"Statement": ["x"]}, "/Statement/0"),
        ({"Statement": [GOOD], "Version": "2012-10-18"}, "/Version"),
        ({"Statement": [GOOD], "Version": 2012}, "/Version"),
        ({"Statement": [GOOD], "version": "2012-10-17"}, "/version"),
        ({"Statement": [GOOD], "Id": 4}, "/Id"),
        ({"Statement": [GOOD], "Comment": "x"}, "/Comment"),
        (changed(Effect="allow"), "/Statement/0/Effect"),
        (changed(Effect=...), "/Statement/0/Effect"),
        (changed(Effect=["Allow"]), "/Statement/0/Effect"),
        (changed(Principal=...), "/Statement/0/Principal"),
        (changed(Principal="arn:aws:iam::185583345998:root"), "/Statement/0/Principal"),
        (changed(Principal={}), "/Statement/0/Principal"),
        (changed(Principal=["*"]), "/Statement/0/Principal"),
        (changed(Principal={"aws": "*"}), "/Statement/0/Principal/aws"),
        (changed(Principal={"AWS": 185583345998}), "/Statement/0/Principal/AWS"),
        (changed(Principal={"AWS": ["*", None]}), "/Statement/0/Principal/AWS/1"),
        (changed(Principal={"AWS": "18558334599"}), "/Statement/0/Principal/AWS"),
        (changed(Principal={"AWS": "arn:aws:iam::185583345998:*"}), "/Statement/0/Principal/AWS"),
        (changed(Principal={"AWS": "arn:aws:iam::185583345998:role/*"}), "/Statement/0/Principal/AWS"),
        (changed(NotPrincipal={"AWS": "*"}), "/Statement/0/NotPrincipal"),
        (changed(Action=...), "/Statement/0/Action"),
        (changed(Action={"a": 1}), "/Statement/0/Action"),
        (changed(Action=["s3:PutObject", 1]), "/Statement/0/Action/1"),
        (changed(Action="PutObject"), "/Statement/0/Action"),
        (changed(NotAction="s3:*"), "/Statement/0/NotAction"),
        (changed(Resource=...), "/Statement/0/Resource"),
        (changed(Resource="b/*"), "/Statement/0/Resource"),
        (changed(Resource=True), "/Statement/0/Resource"),
        (changed(NotResource="*"), "/Statement/0/NotResource"),
        (changed(Sid=1), "/Statement/0/Sid"),
        (changed(Conditions={}), "/Statement/0/Conditions"),
        (changed(effect="Allow"), "/Statement/0/effect"),
        (changed(Condition=[]), "/Statement/0/Condition"),
        (changed(Condition={"StringEqual": {"aws:UserAgent": "x"}}), "/Statement/0/Condition/StringEqual"),
        (changed(Condition={"stringequals": {"aws:UserAgent": "x"}}), "/Statement/0/Condition/stringequals"),
        (changed(Condition={"NullIfExists": {"aws:UserAgent": "true"}}), "/Statement/0/Condition/NullIfExists"),
        (changed(Condition={"ForSomeValue:Bool": {"aws:a": "true"}}), "/Statement/0/Condition/ForSomeValue:Bool"),
        (changed(Condition={"Bool": "aws:SecureTransport"}), "/Statement/0/Condition/Bool"),
        (changed(Condition={"Bool": {"aws:SecureTransport": None}}), "/Statement/0/Condition/Bool/aws:SecureTransport"),
        (changed(Condition={"Bool": {"aws:a/b~c": [{}]}}), "/Statement/0/Condition/Bool/aws:a~1b~0c/0"),
    ],
)
def test_finding(policy: Any, pointer: str) -> None:
    """Each fault is found at its place, and the bucket policy that has it grants nothing and denies nothing."""
    document = read(json.dumps(policy), Kind.RESOURCE)
    errors = [finding.pointer for finding in document.findings if finding.severity is Severity.ERROR]
    assert pointer in errors
    layers = keyless(document, owner="111122223333", restricted=False)
    decisions = may_write(STREAM, Bucket(name="b", account="111122223333"), "r/", layers).values()
    assert {decision.answer for decision in decisions} == {Answer.UNKNOWN}
    assert all("malformed" in decision.needs[0].says for decision in decisions)


@pytest.mark.parametrize("name", ["identity", "boundary", "session", "endpoint", "scps", "rcps"])
def test_every_layer_doubts(name: str) -> None:
    """A malformed document beside a good one leaves open what the good one grants, in every layer."""
    grant = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    good = read({"Statement": grant}, Kind.IDENTITY)
    bad = read({"Statement": grant | {"Effect": "deny"}}, Kind.IDENTITY)
    layers = replace(keyless(None, owner="1", restricted=False), identity=good)
    held: dict[str, Any] = {name: ((good, bad),) if name in {"scps", "rcps"} else (good, bad)}
    session = Principal.of("arn:aws:sts::1:assumed-role/r/s")
    request = Request(session, "s3:PutObject", Glob.literal("arn:aws:s3:::b/r/x"), Context({}))
    assert decide(request, layers).answer is Answer.ALLOWED
    assert decide(request, replace(layers, **held)).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    "text", ["", "{", "{'Version': 1}", "NaN", '{"a": Infinity}', "[" * 5000, b"\xff\xfe", "1" * 5000]
)
def test_not_json(text: str | bytes) -> None:
    """What is no JSON is one finding about the whole document."""
    (finding,) = read(text, Kind.RESOURCE).findings
    assert finding.pointer == ""
    assert "JSON" in finding.message or "object" in finding.message


def test_repeated_name() -> None:
    """A name that stands twice in an object leaves open which one counts."""
    text = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Effect": "Allow"}]}'
    assert "/Statement/0/Effect" in {finding.pointer for finding in read(text, Kind.RESOURCE).findings}


def test_half_a_character() -> None:
    """A lone surrogate, which JSON can spell and no terminal can show, is refused and not repeated."""
    document = read('{"Version": "2012-10-17", "Statement": [{"Sid": "\\ud800"}]}', Kind.RESOURCE)
    assert not document.valid
    assert all(str(finding).isprintable() for finding in document.findings)


def test_identity_policies_name_nobody() -> None:
    """A Principal in an identity policy is refused by IAM."""
    pointers = {finding.pointer for finding in read(changed(), Kind.IDENTITY).findings}
    assert "/Statement/0/Principal" in pointers


def test_doubts_do_not_invalidate() -> None:
    """What AWS stores although it can mean little is a warning, and the document still decides."""
    document = read(changed(Condition={"NumericLessThan": {"s3:max-keys": "many"}}), Kind.RESOURCE)
    assert document.valid
    assert [finding.severity for finding in document.findings] == [Severity.WARNING]


def test_round_trip() -> None:
    """What was read is written back as it came, unknown spellings and order included."""
    text = json.dumps({"Statement": [dict(reversed(GOOD.items()))], "Id": "x", "Version": "2008-10-17"})
    document = read(text, Kind.RESOURCE)
    assert json.dumps(json.loads(document.text)) == text
    assert read(document.text, Kind.RESOURCE).statements == document.statements


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
names = st.sampled_from(
    [
        "Statement",
        "Effect",
        "Principal",
        "AWS",
        "Action",
        "Resource",
        "Condition",
        "StringLike",
        "aws:x",
        "Version",
        "Null",
    ]
) | st.text(max_size=4)
words = st.sampled_from(["Allow", "Deny", "*", "s3:*", "arn:aws:s3:::b/${aws:x}", "arn:", "2012-10-17", "${", "a:b"])
junk = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
statement = st.fixed_dictionaries(
    {"Effect": words | junk, "Principal": words | junk, "Action": words | junk, "Resource": words | junk},
    optional={"Condition": junk, "Sid": junk, "NotAction": junk},
)


@given(
    st.sampled_from(list(Kind)),
    junk | st.fixed_dictionaries({"Statement": st.lists(statement, max_size=2) | statement}),
)
def test_any_json(kind: Kind, value: Any) -> None:
    """Any JSON value at all is read without an exception, as text and as a value, and decided upon."""
    for document in (read(value, kind), read(json.dumps(value), kind)) if not isinstance(value, str) else ():
        request = Request(STREAM, "s3:PutObject", Glob.literal("arn:aws:s3:::b/r/x"), Context({}))
        decide(request, Layers(resource=document, identity=document, boundary=document))


@given(st.text(max_size=40) | st.binary(max_size=40))
def test_any_text(text: str | bytes) -> None:
    """Any text is read without an exception, and no text of that length is a policy."""
    assert not read(text, Kind.RESOURCE).valid
