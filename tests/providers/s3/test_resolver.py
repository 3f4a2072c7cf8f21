"""A host that does not resolve: the name is wrong only where another name does resolve."""

from __future__ import annotations

import io
import socket
from typing import Any

import pytest

from preflight.config import load
from preflight.model import Cause, Outcome, Report, Status, Verdict
from preflight.providers.s3.resolver import CONTROL
from preflight.run import Plan, check

CONFIGURATION = """
storages:
  - name: my-s3
    storage_type: s3
    bucket: my-recordings
    path: recordings/
    aws_s3:
      s3_region: us-east-1
      s3_api_key: AKIAIOSFODNN7EXAMPLE
      s3_secret: wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEY1
      s3_custom_endpoint_url: https://{host}
"""


class Resolver:
    """A machine's resolver that knows these names; remembers what it was asked for."""

    def __init__(self, *known: str) -> None:
        self.known = known
        self.asked: list[str] = []

    def __call__(self, host: str, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        if host in self.known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def _examined(monkeypatch: pytest.MonkeyPatch, resolver: Resolver, host: str) -> tuple[Report, Outcome]:
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    report = check(load(["-"], stdin=io.StringIO(CONFIGURATION.format(host=host)), environ={}), Plan())
    return report, next(one for one in report.storages[0].outcomes if one.check == "reach-endpoint")


def test_a_machine_without_names_blames_no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing resolves here, so that the healthy endpoint does not either says nothing about it."""
    report, reach = _examined(monkeypatch, Resolver(), "minio.example.com")

    assert (report.verdict, reach.status) == (Verdict.UNDETERMINED, Status.UNKNOWN)
    assert reach.candidates[0].cause is Cause.DNS_FAILED


def test_where_other_names_resolve_the_endpoint_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt host is told as what it is."""
    report, reach = _examined(monkeypatch, Resolver(CONTROL), "minio.example.com")

    assert (report.verdict, reach.status) == (Verdict.NOT_READY, Status.FAIL)
    assert reach.candidates[0].cause is Cause.ENDPOINT_WRONG


def test_a_name_that_resolves_nowhere_needs_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is asked for about a name below `invalid`, which is wrong on every machine."""
    resolver = Resolver()
    report, reach = _examined(monkeypatch, resolver, "storage.invalid")

    assert (report.verdict, reach.candidates[0].cause) == (Verdict.NOT_READY, Cause.ENDPOINT_WRONG)
    assert set(resolver.asked) == {"storage.invalid"}
