"""Names that nobody used yet, for the buckets, users and containers of shared servers."""

import itertools

_numbers = itertools.count(1)


def unique(stem: str) -> str:
    """Return `stem` with a number that this run has not given out."""
    return f"{stem}-{next(_numbers)}"
