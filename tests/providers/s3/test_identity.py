"""The account that an access key id carries, told offline."""

from __future__ import annotations

import pytest

from preflight.providers.s3.identity import account_of


@pytest.mark.parametrize(
    ("key_id", "account"),
    [
        ("ASIAQNZGKIQY56JQ7WML", "029608264753"),  # published by the people who found the encoding out
        ("AKIAIOSFODNN7EXAMPLE", "581039954779"),  # the id of AWS's own documentation
    ],
)
def test_the_account_is_read_from_the_key(key_id: str, account: str) -> None:
    """A key of another account than intended is recognised before any request."""
    assert account_of(key_id) == account


@pytest.mark.parametrize("key_id", ["", "AKIA", "GOOG1EXAMPLEEXAMPLEE", "AKIA01890189018901!!", "minioadmin"])
def test_other_identifiers_carry_no_account(key_id: str) -> None:
    """Keys of compatibles say nothing about an AWS account, and a broken id is no crash."""
    assert account_of(key_id) == ""
