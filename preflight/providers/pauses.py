"""How long a provider that is busy asks to be left alone, and whether an ask has that time."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

SHORTEST = 0.2  # seconds


def rest(retry_after: str | None, at_most: float) -> bool:
    """Wait as long as a `Retry-After` asks for and say yes, unless that is more than `at_most` seconds."""
    pause = max(SHORTEST, _seconds(retry_after or ""))
    if pause > at_most:
        return False
    time.sleep(pause)
    return True


def _seconds(retry_after: str) -> float:
    """A number, or a date (RFC 9110, 10.2.3); nothing for what is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0
