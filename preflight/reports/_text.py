"""Text that came from files and servers, made harmless for a terminal, and the marks and colours of ours."""

from __future__ import annotations

import unicodedata

from preflight.model import Owner, Status
from preflight.reports import Look

MARKS = {Status.PASS: "√", Status.FAIL: "×", Status.SKIP: "-", Status.UNKNOWN: "?"}
WARNING_MARK = "‼"
OWNERS = {
    Owner.CONFIG: "whoever wrote the configuration",
    Owner.CLOUD: "cloud administrator",
    Owner.ORGANIZATION: "organization administrator",
    Owner.NETWORK: "network administrator",
    Owner.CALLER: "you, who run preflight",
    Owner.PROVIDER: "the provider",
}
_COLOURS = {"green": "32", "red": "31", "yellow": "33", "dim": "2", "bold": "1", "cyan": "36"}


def tame(text: str) -> str:
    """The text without anything that could drive a terminal: control, format and separator characters."""
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else "�" for c in text)


def one_line(text: str) -> str:
    return " ".join(tame(text).split())


def paint(text: str, colour: str, look: Look) -> str:
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if look.colour else text
