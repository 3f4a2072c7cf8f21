"""What the SDKs log goes to standard error if it is wanted, and through redaction always."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from preflight.model import Secret
from preflight.redact import redact
from preflight.reports._text import tame

REQUESTS = "urllib3.connectionpool"  # says each request and its status, for all three clouds


class _Redacted(logging.Formatter):
    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__("%(asctime)s %(name)s %(message)s", "%H:%M:%S")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The whole entry, tracebacks too, without secrets and without anything that drives a terminal."""
        return tame(redact(super().format(record), self._secrets))


def listen(verbosity: int, secrets: Iterable[Secret]) -> None:
    """Show each request from `-vv` on, and all that the SDKs log from `-vvv` on. Below, nothing.

    Without a handler of ours, Python would print warnings itself, with whatever a server has said in them.
    """
    root = logging.getLogger()
    if verbosity < 2:
        root.addHandler(logging.NullHandler())
        return
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacted(secrets))
    root.addHandler(handler)
    logging.getLogger(REQUESTS if verbosity == 2 else None).setLevel(logging.DEBUG)
