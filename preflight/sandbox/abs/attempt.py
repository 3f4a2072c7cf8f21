"""One principal wants one action at one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`principal` (an object id) wants `action` on `scope`, at `now`; `container` and `blob` where it is about data."""

    principal: str
    action: str
    scope: str
    now: datetime
    data: bool = True
    suboperation: str = ""
    container: str = ""
    blob: str = ""
