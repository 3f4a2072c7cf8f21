"""The report as JSON, for programs: one document, documented by `preflight schema report`."""

from __future__ import annotations

from preflight.model import Report
from preflight.reports import Look, _plain


def read(report: Report, look: Look) -> str:
    del look
    return _plain.dumps(_plain.report(report))
