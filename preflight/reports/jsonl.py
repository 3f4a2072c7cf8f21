"""The report as JSON Lines: one event on each line, so that a reader can begin before the end."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.model import Report
from preflight.reports import Look, _plain
from preflight.reports._plain import Plain

SCHEMA = "preflight.event/1"


def read(report: Report, look: Look) -> str:
    """Events `storage`, `outcome`, `residue` and, last, `verdict`; their values are those of `-o json`.

    `storage` is the place (`file:line:column`) and the name of the storage that an event is about.
    """
    del look
    return "".join(_plain.dumps(event, indent=None) for event in _events(report))


def _events(report: Report) -> Iterator[Plain]:
    whole = _plain.report(report)
    outcomes, storages = whole.pop("outcomes"), whole.pop("storages")
    for storage in storages:
        about = {"name": storage["name"], "origin": storage["origin"]}
        parts = {"outcome": storage.pop("outcomes"), "residue": storage.pop("residue")}
        yield _event("storage", None, storage)
        for kind, values in parts.items():
            yield from (_event(kind, about, value) for value in values)
    yield from (_event("outcome", None, outcome) for outcome in outcomes)
    yield _event("verdict", None, whole)


def _event(kind: str, about: Plain | None, value: Plain) -> Plain:
    return {"schema": SCHEMA, "event": kind, "storage": about, kind: value}
