"""Texts that nobody can send: those in which only half of a character, or a byte that is none, was found."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")
_BYTES = range(0xDC80, 0xDD00)  # how Python keeps a byte of the environment that is not UTF-8


def flaw(text: str) -> str:
    """Which character of a text is not Unicode, and why; nothing where all are. Never says what the text is."""
    found = _HALF.search(text)
    if not found:
        return ""
    what = "a byte that is not UTF-8" if ord(found[0]) in _BYTES else "half of a character (a lone surrogate)"
    return f"not valid Unicode: character {found.start() + 1} is {what}"
