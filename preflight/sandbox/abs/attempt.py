"""One principal wants one action at one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`principal` (an object id) wants `action` on `scope`; `attributes` are what conditions may ask about."""

    principal: str
    action: str
    scope: str
    data: bool = True
    suboperation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def matches(action: str, pattern: str) -> bool:
    """`*` stands for anything, slashes too; case is ignored."""
    parts = map(re.escape, pattern.split("*"))
    return re.fullmatch(".*".join(parts), action, re.IGNORECASE) is not None
