"""Laws of diagnosing and redacting that hold for any text at all."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.diagnose import diagnose
from preflight.diagnose.batch import as_json, refusal_from
from preflight.model import AbsStorage, GcsStorage, Refusal, S3Storage, Secret
from preflight.redact import redact

FRAGMENTS = st.sampled_from(
    [
        "An error occurred (AccessDenied) when calling the PutObject operation: ",
        "<Error><Code>", "</Code>", "NoSuchBucket", "User: arn:aws:iam::1:user/x is not authorized to perform: s3:",
        "because no ", "identity-based policy", "does not have storage.objects.create access", "AADSTS1:",
        "getaddrinfo ENOTFOUND ", "https://", "a.b.core.windows.net",
        '{"error": {"code": 403, "reason": "', "\\n", "\\u003c",
        "-----BEGIN PRIVATE KEY-----", "sig=", "Bearer eyJ", "password=", "AKIA",
        "X-Amz-Signature=", "\x1b[31m", "&lt;", " * ",
        "the region 'x' is wrong; expecting 'y'", "status code: 301", "x-amz-bucket-region: eu-west-1", "://u:p@h/",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=30).map("".join))
STORAGES = st.sampled_from(
    [
        None,
        S3Storage(name="s", storage_type="s3", bucket="b/p", api_key=Secret("ASIAX", source="", prefix="ASIA")),
        GcsStorage(name="g", storage_type="gcs", bucket="b", client_email="a@p.iam.gserviceaccount.com"),
        AbsStorage(name="a", storage_type="abs", bucket="b", tenant_id="11111111-2222-3333-4444-555555555555"),
    ]
)  # fmt: skip
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
NAMES = ("text", "provider", "stage", "operation", "status", "code", "message", "body", "headers")


@given(TEXTS, TEXTS, TEXTS, st.none() | st.integers(-1, 999), STORAGES)
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_odd(text: str, body: str, code: str, status: int | None, storage: S3Storage | None) -> None:
    """Whatever a refusal holds, the answer is a diagnosis of at most five distinct causes."""
    refusal = Refusal(text=text, body=body, code=code, status=status, headers={code: body})
    candidates = diagnose(refusal, storage).candidates
    assert len(candidates) <= 5
    assert len({candidate.cause for candidate in candidates}) == len(candidates)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_the_same_text_has_one_diagnosis(text: str) -> None:
    """Diagnosing is a function: asked twice, it answers the same."""
    assert diagnose(Refusal(text=text)) == diagnose(Refusal(text=text))


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, JSON)))
@settings(max_examples=300, deadline=None)
def test_any_line_of_a_batch_is_answered_or_refused_in_one_sentence(item: object) -> None:
    """A line is a refusal, or an error of one sentence; never anything else."""
    if isinstance(item, str | dict):
        assert as_json(diagnose(refusal_from(item)))["schema"] == "preflight.diagnosis/1"
    else:
        with pytest.raises(ValueError, match=r"^expected [^\n]+$"):
            refusal_from(item)


@given(TEXTS, st.lists(SECRETS, max_size=3), TEXTS)
@settings(max_examples=300, deadline=None)
def test_no_known_secret_survives(before: str, values: list[str], after: str) -> None:
    """A secret of the configuration is never in redacted text, wherever it stood."""
    secrets = [Secret(value, source="test") for value in values]
    shown = redact(before + after.join(values) + after, secrets)
    assert [value for value in values if value in shown] == []


@given(TEXTS, st.lists(SECRETS, max_size=2))
@settings(max_examples=300, deadline=None)
def test_redacting_twice_changes_nothing(text: str, values: list[str]) -> None:
    """What is redacted stays as it is when it is redacted again."""
    secrets = [Secret(value, source="test") for value in values]
    once = redact(text + "".join(values), secrets)
    assert redact(once, secrets) == once


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_nothing_steers_the_terminal(text: str) -> None:
    """Redacted text holds no control character but tabs and line ends."""
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", redact(text)) is None
