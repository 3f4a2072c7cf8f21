"""Brings pasted text into one form, so that a phrase reads the same however it was wrapped, quoted or escaped."""

import re

LIMIT = 200_000  # characters that are read of one paste: its head and its tail

_COLOURS = re.compile(r"\x1b\[[0-9;?]{0,16}[A-Za-z]")
# Control characters other than the white space that separates lines and words.
_CONTROLS = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0xFEFF, 0x200B])
_ESCAPES = re.compile(r"\\{1,4}(?:u00(?P<hex>3[cCeE]|2[267])|(?P<char>[nrt\"'/]))")
_ENTITIES = re.compile(r"&(?:(?P<name>lt|gt|amp|quot|apos|nbsp)|#(?:39|x27|34|x22|x0?[aA]|10));")
_QUOTES = '"`\u2018\u2019\u201c\u201d\u00b4'
# A line of a hex dump, which Go prints of an answer that it cannot read; its right column is the answer.
_DUMPED = re.compile(r"\s?\b[0-9a-f]{8}\s{1,3}(?:[0-9a-f]{2}\s{1,3}){1,16}\s{0,60}\|([^|]{1,17})\|\s?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "nbsp": " "}


def clean(text: str) -> str:
    """The text without colours and control characters, escapes and entities resolved; case and lines are kept."""
    if len(text) > LIMIT:
        text = f"{text[: LIMIT // 2]}\n{text[-LIMIT // 2 :]}"
    if "\x1b" in text:
        text = _COLOURS.sub("", text)
    text = text.translate(_CONTROLS)
    if "\\" in text:
        text = _ESCAPES.sub(_unescaped, text)
    if "&" in text:
        text = _ENTITIES.sub(lambda match: _NAMED.get(match["name"] or "", "'"), text)
    if "00000000  " in text:
        text = _DUMPED.sub(lambda match: match[1].replace("\n", " "), text)
    return text


def unwrapped(text: str) -> str:
    """The text on one line, with single blanks."""
    return " ".join(text.split())


def folded(line: str) -> str:
    """The line in lower case, with one kind of quotation mark, for finding phrases."""
    for mark in _QUOTES:
        line = line.replace(mark, "'")
    return line.lower()


def _unescaped(match: re.Match[str]) -> str:
    if match["hex"]:
        return chr(int(match["hex"], 16))
    return {"n": "\n", "r": "\n", "t": " "}.get(match["char"], match["char"])
