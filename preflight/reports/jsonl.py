"""The report as JSON Lines: one event on each line, so that a reader can begin before the end."""

from __future__ import annotations

from dataclasses import replace

from preflight.model import Report, StorageReport
from preflight.reports import Look, _plain
from preflight.reports._plain import Plain

SCHEMA = "preflight.event/1"


def read(report: Report, look: Look) -> str:
    """Events `storage`, `outcome`, `residue` and, last, `verdict`; their values are those of `-o json`.

    `storage` is the place (`file:line:column`) and the name of the storage that an event is about. A live check tells
    of each storage as soon as nothing more is asked about it: whichever finishes first comes first.
    """
    del look
    return "".join((*map(storage, report.storages), end(report)))


def storage(report: StorageReport) -> str:
    """The events of one storage."""
    whole = _plain.storage(report)
    about = {"name": whole["name"], "origin": whole["origin"]}
    parts = {"outcome": whole.pop("outcomes"), "residue": whole.pop("residue")}
    told = (_event(kind, about, value) for kind, values in parts.items() for value in values)
    return "".join((_event("storage", None, whole), *told))


def end(report: Report) -> str:
    """What is not about one storage: of the files, and the verdict."""
    whole = _plain.report(replace(report, storages=()))
    outcomes = whole.pop("outcomes")
    del whole["storages"]
    return "".join((*(_event("outcome", None, outcome) for outcome in outcomes), _event("verdict", None, whole)))


def _event(kind: str, about: Plain | None, value: Plain) -> str:
    return _plain.dumps({"schema": SCHEMA, "event": kind, "storage": about, kind: value}, indent=None)
