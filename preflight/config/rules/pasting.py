"""What goes wrong with any credential between the console and the file: placeholders, quotes, white space."""

from __future__ import annotations

import re

from preflight.config.entry import Entry
from preflight.model import Cause, Problem

CHECK = "shape-credential"
LOOSE = "shape-credential-plainly"

# Said of a value whose first fitting pattern this is; never with the value itself.
_FAULTS = (
    (r"\s+", "is nothing but white space", "fill it in"),
    (r"\$\w+|\$\(.*\)|%\w+%|\{\{.*\}\}", "is a variable that nobody expanded", "write ${NAME}; preflight looks it up"),
    (r"\.{3,}|…|<.*>|\[.*\]|\*+|-+|[xX]{3,}|0{3,}", "is a placeholder", "fill it in"),
    (r"(?i)(your|insert|enter|paste)[-_ ].*|.*[-_ ]here", "is a placeholder", "fill it in"),
    (r"(?i)todo|fixme|\W*(redacted|hidden)\W*", "is a placeholder", "fill it in"),
    (r"(?i)my[-_ ](aws|access|secret|api|client|key).*", "is a placeholder", "fill it in"),
    (r"([\"'`]).*\1|[“”‘’].*|.*[“”‘’]", "has quotes around it that became part of it", "remove the inner quotes"),
    (r"\S+\s+", "ends in white space or a line break", "remove it; in YAML write the value on the line of its key"),
    (r"\s+\S+", "begins with white space", "remove it"),
    (r".*\s.*", "has white space in it", "copy it anew; it has broken in two"),
    (r".*[\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff].*", "has invisible characters in it", "copy it anew"),
    (r"arn:.*:secret(smanager)?:.*|op://.*|vault:.*|projects/.*/secrets/.*",
     "is the address of a secret, not the secret", "read the secret into a variable and write ${NAME}"),
)  # fmt: skip
_DEFAULTS = re.compile(r"(?i)change[-_ ]?me|secret|password|dummy|example|test|foo|bar|none|null|undefined|placeholder")


def pasted(entry: Entry, name: str, *, defaults: bool = True) -> Problem | None:
    """The fault of pasting in a credential, if any. `defaults`: whether words like changeme can be meant."""
    text = entry.text(name)
    for pattern, what, remedy in _FAULTS:
        if text and re.fullmatch(pattern, text, re.DOTALL):
            return malformed(entry, name, what, remedy)
    if defaults and _DEFAULTS.fullmatch(text):
        return malformed(entry, name, "is a placeholder", "fill it in")
    return None


def malformed(
    entry: Entry, name: str, what: str, remedy: str, *, cause: Cause | None = Cause.CREDENTIAL_MALFORMED,
    check: str = CHECK,
) -> Problem:  # fmt: skip
    return entry.problem(check, name, f"{name.rpartition('.')[2]} {what}", cause=cause, remedy=remedy)
