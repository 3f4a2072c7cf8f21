"""The report as one JSON document."""

from __future__ import annotations

import json

from preflight.model import Report
from preflight.reports import Look, _plain


def read(report: Report, look: Look) -> str:
    del look
    return json.dumps(_plain.report(report), indent=2, ensure_ascii=False) + "\n"
