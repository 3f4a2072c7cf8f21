"""The conditions of the scenarios mean what CEL says that they mean."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.sandbox.gcs.conditions import holds

celpy = pytest.importorskip("celpy")
environment = celpy.Environment()  # raises the recursion limit, which no test may do by itself

NAME = "projects/_/buckets/b/objects/recordings/a.mp4"
KNOWN: dict[str, Any] = {
    "resource.name": NAME,
    "resource.type": "storage.googleapis.com/Object",
    "resource.service": "storage.googleapis.com",
    "request.time": datetime(2026, 6, 1, 12, tzinfo=UTC),
}

texts = st.sampled_from([NAME, "projects/_/buckets/b/objects/", "recordings/", ".mp4", "", "x"])
atoms = st.one_of(
    st.builds('resource.name.startsWith("{}")'.format, texts),
    st.builds("resource.name.endsWith('{}')".format, texts),
    st.builds('resource.name {} "{}"'.format, st.sampled_from(["==", "!="]), texts),
    st.builds(
        'request.time {} timestamp("{}")'.format,
        st.sampled_from(["<", "<=", ">", ">="]),
        st.sampled_from(["2026-06-01T12:00:00Z", "2026-06-01T14:00:00+02:00", "2026-05-31T00:00:00Z"]),
    ),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("{} && {} || {}".format, inner, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(expression=conditions)
def test_it_agrees_with_a_whole_cel(expression: str) -> None:
    """An independent implementation of CEL gives the same answer to every condition of this subset."""
    program = environment.program(environment.compile(expression))
    moment = celpy.celtypes.TimestampType(KNOWN["request.time"])
    context = {
        "resource": celpy.json_to_cel({"name": NAME}),
        "request": celpy.celtypes.MapType({celpy.celtypes.StringType("time"): moment}),
    }
    expected = bool(program.evaluate(context))
    assert holds(expression, KNOWN) is expected


@given(text=st.text(st.sampled_from('resource.name()"&|!=<> aA_'), max_size=60))
def test_what_is_no_condition_grants_nothing_and_raises_nothing(text: str) -> None:
    """Errors are a no, as they are with Google."""
    assert holds(text, KNOWN) in {True, False}


@pytest.mark.parametrize(
    "expression", ["", "true &&", "resource.name", "size(resource.name) > 0", '"a" == ', "(" * 200]
)
def test_an_error_is_a_no(expression: str) -> None:
    """Nothing beyond the subset is guessed."""
    assert holds(expression, KNOWN) is False
