"""How a value or a suggestion is worded in a message: printable, short, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable

from preflight.config.private import looks_private

_LONGEST = 60


_HIDDEN = "(hidden: it looks like a secret)"


def quoted(text: str) -> str:
    """A public value as a message shows it."""
    return _HIDDEN if looks_private(text) else f"`{_short(text)}`"


def spelled(name: str) -> str:
    """A name that somebody gave a field, as a message shows it: a secret may have slipped before the colon."""
    return _HIDDEN if looks_private(name) else _short(name)


def _short(text: str) -> str:
    shown = "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text[:_LONGEST])
    return f"{shown}{'…' if len(text) > _LONGEST else ''}"


# What other products call these fields.
_SYNONYMS = {
    **dict.fromkeys(
        ("accesskey", "accesskeyid", "awsaccesskeyid", "s3accesskey", "apikey", "key"), "aws_s3.s3_api_key"
    ),
    **dict.fromkeys(
        ("secretaccesskey", "awssecretaccesskey", "secretkey", "s3secretkey", "secret"), "aws_s3.s3_secret"
    ),
    **dict.fromkeys(("endpoint", "endpointurl", "url", "host"), "aws_s3.s3_custom_endpoint_url"),
    **dict.fromkeys(("location", "awsregion"), "aws_s3.s3_region"),
    **dict.fromkeys(("container", "containername", "bucketname"), "bucket"),
    **dict.fromkeys(("prefix", "folder", "directory", "keyprefix"), "path"),
    **dict.fromkeys(("storageaccount", "accountname"), "azure_blob.abs_account_name"),
    **dict.fromkeys(("credentials", "serviceaccount", "keyfile", "gcscredential"), "gcs_credentials"),
    **dict.fromkeys(("s3", "aws"), "aws_s3"),
    **dict.fromkeys(("azure", "abs"), "azure_blob"),
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or nothing: another product's, a part of ours, or a misspelling."""
    from difflib import get_close_matches

    plain = {_letters(name.rpartition(".")[2]): name for name in known}
    leaf = word.rpartition(".")[2]
    if (same := _SYNONYMS.get(_letters(leaf))) in plain.values():
        return str(same)
    words = set(re.split(r"[^a-z0-9]+", leaf.lower()))
    parts = [name for name in plain.values() if words < set(re.split(r"[^a-z0-9]+", name.rpartition(".")[2]))]
    if len(parts) == 1:
        return parts[0]
    found = get_close_matches(_letters(leaf), plain, n=1, cutoff=0.7)
    return plain[found[0]] if found else ""


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last
