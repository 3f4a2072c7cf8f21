"""Text that came from files and servers, made harmless for a terminal, and the marks and colours of ours."""

from __future__ import annotations

import re
import unicodedata

from preflight.model import Outcome, Owner, Severity, Status, Verdict
from preflight.reports import Look

MARKS = {Status.PASS: "√", Status.FAIL: "×", Status.SKIP: "-", Status.UNKNOWN: "?"}
WARNING_MARK = "‼"
WAIVED_MARK = "~"
VERDICTS = {
    Verdict.READY: ("READY to register", "green"),
    Verdict.NOT_READY: ("NOT READY to register", "red"),
    Verdict.UNDETERMINED: ("UNDETERMINED: the evidence does not decide", "yellow"),
}
UNTRIED = ("NOTHING WRONG in the files; not tried", "green")
UNTRIED_BUT = ("NOTHING THAT COUNTS is wrong in the files; not tried", "green")
OWNERS = {
    Owner.CONFIG: "whoever wrote the configuration",
    Owner.CLOUD: "cloud administrator",
    Owner.ORGANIZATION: "organization administrator",
    Owner.NETWORK: "network administrator",
    Owner.CALLER: "you, who run preflight",
    Owner.PROVIDER: "the provider",
}
_COLOURS = {"green": "32", "red": "31", "yellow": "33", "dim": "2", "bold": "1", "cyan": "36"}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format, unassigned, line and paragraph separators

# What a build's log takes for an order: `::error …` at the start of a line, `##[…` and `##vso[…` anywhere.
_ORDERS = re.compile(r"^([ \t]*):(?=:)|#(?=#\w*\[)", re.MULTILINE)


def tame(text: str) -> str:
    """The text without anything that could drive a terminal: control, format and separator characters."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in _UNSEEN else "�" for c in text)


def one_line(text: str) -> str:
    return " ".join(tame(text).split())


def unordered(text: str) -> str:
    """The text without lines that the log of a build would take for orders, for the log may be shown there."""
    return _ORDERS.sub(lambda found: f"{found[0]} ", text)


def paint(text: str, colour: str, look: Look) -> str:
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if look.colour else text


def mark(outcome: Outcome) -> str:
    if outcome.waived:
        return WAIVED_MARK
    if outcome.status is Status.FAIL and outcome.severity is not Severity.ERROR:
        return WARNING_MARK
    return MARKS[outcome.status]


def colour(outcome: Outcome) -> str:
    if outcome.status is Status.FAIL and not outcome.waived:
        return "red" if outcome.severity is Severity.ERROR else "yellow"
    return {Status.PASS: "green", Status.UNKNOWN: "yellow"}.get(outcome.status, "dim")
