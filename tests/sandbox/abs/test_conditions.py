"""Conditions of role assignments, from the documentation of their format and its examples."""

import pytest

from preflight.sandbox.abs.attempt import Attempt, matches
from preflight.sandbox.abs.condition import holds

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
PATH = f"@Resource[{BLOBS}:path]"
NAME = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]"


def _attempt(action: str = f"{BLOBS}/write", path: str = "calls/one", suboperation: str = "") -> Attempt:
    return Attempt(
        principal="p",
        action=action,
        scope="/",
        suboperation=suboperation,
        attributes={"path": path, "name": "recordings"},
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (f"{PATH} StringEquals 'calls/one'", True),
        (f"{PATH} StringNotEquals 'calls/one'", False),
        (f"{PATH} StringStartsWith 'calls/'", True),
        (f"{PATH} StringStartsWith 'CALLS/'", False),
        (f"{PATH} StringStartsWithIgnoreCase 'CALLS/'", True),
        (f"{PATH} StringNotStartsWith 'uploads/'", True),
        (f"{PATH} StringLike 'calls/*'", True),
        (f"{PATH} StringLike 'calls/on?'", True),
        (f"{PATH} StringLike 'calls'", False),
        (f"{NAME} StringEquals 'recordings'", True),
        (f"{NAME} ForAnyOfAnyValues:StringEquals {{'archive', 'recordings'}}", True),
        (f"{NAME} ForAnyOfAnyValues:StringEquals {{'archive', 'backups'}}", False),
        ("@Request[x:absent] StringEquals 'calls/one'", False),
        (f"NOT ({PATH} StringEquals 'calls/one')", False),
        (f"!({PATH} StringLike 'u*') AND {NAME} StringEquals 'recordings'", True),
        (f"{PATH} StringLike 'u*' || {NAME} StringEquals 'recordings'", True),
        (f"{PATH} StringLike 'u*' && {NAME} StringEquals 'recordings'", False),
        (f"{PATH} StringEquals $$", None),
    ],
)
def test_expressions(condition: str, *, expected: bool | None) -> None:
    """Operators, sets, negation and connectives mean what the format says; anything else is an error."""
    if expected is None:
        with pytest.raises(ValueError, match="not understood"):
            holds(condition, _attempt())
    else:
        assert holds(condition, _attempt()) is expected


@pytest.mark.parametrize(
    ("action", "path", "expected"),
    [
        (f"{BLOBS}/write", "calls/one", True),
        (f"{BLOBS}/write", "uploads/one", False),
        (f"{BLOBS}/add/action", "uploads/one", True),
    ],
)
def test_only_named_actions_are_guarded(action: str, path: str, *, expected: bool) -> None:
    """The usual shape: if it is this action, the path must fit; other actions stay open."""
    condition = f"( ( !(ActionMatches{{'{BLOBS}/write'}}) ) OR ( {PATH} StringLike 'calls/*' ) )"
    assert holds(condition, _attempt(action, path)) is expected


def test_suboperations_are_told_apart() -> None:
    """Listing is a sub-operation of reading."""
    condition = f"!(ActionMatches{{'{BLOBS}/read'}} AND NOT SubOperationMatches{{'Blob.List'}})"
    assert holds(condition, _attempt(f"{BLOBS}/read", suboperation="Blob.List"))
    assert not holds(condition, _attempt(f"{BLOBS}/read"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        (f"{BLOBS}/*", True),
        ("Microsoft.Storage/*", True),
        ("*/write", True),
        ("*/read", False),
        (f"{BLOBS}/Write".upper(), True),
        (f"{BLOBS}/wr", False),
        (f"{BLOBS}/writ?", False),
    ],
)
def test_patterns_of_actions(pattern: str, *, expected: bool) -> None:
    """`*` stands for anything, slashes too; case does not matter; there is no `?`."""
    assert matches(f"{BLOBS}/write", pattern) is expected
