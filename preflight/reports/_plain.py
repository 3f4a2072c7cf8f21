"""Values of a report as plain JSON values: the one place that decides what of a report leaves it."""

from __future__ import annotations

import json
from typing import Any

from preflight.model import (
    Candidate,
    Evidence,
    Location,
    Outcome,
    Remedy,
    Report,
    Residue,
    StorageReport,
    Waiver,
)

SCHEMA = "preflight.report/1"

Plain = dict[str, Any]


def report(found: Report) -> Plain:
    """The report as documented by `preflight schema report`."""
    return {
        "schema": SCHEMA,
        "version": found.version,
        "started": found.started,
        "finished": found.finished,
        "seconds": round(found.seconds, 3),
        "verdict": found.verdict.value,
        "exit_code": found.exit_code,
        "fail_on": found.fail_on.value,
        "storages": [storage(one) for one in found.storages],
        "outcomes": [outcome(one) for one in found.outcomes],
        "journal": found.journal,
        "asked": list(found.asked),
    }


def dumps(value: object, indent: int | None = 2) -> str:
    """JSON in ASCII, with its last line end; `##`, which the log of a build may take for an order, is escaped."""
    return json.dumps(value, indent=indent).replace("##", "#\\u0023") + "\n"


def storage(found: StorageReport) -> Plain:
    one = found.storage
    return {
        "name": one.name,
        "storage_type": one.storage_type,
        "bucket": one.bucket,
        "path": one.path,
        "address": one.address,
        "verdict": found.verdict.value,
        "origin": location(one.origin),
        "writer": {
            "principal": found.writer.principal,
            "account": found.writer.account,
            "source": found.writer.source,
        },
        "assumptions": list(found.assumptions),
        "outcomes": [outcome(each) for each in found.outcomes],
        "residue": [residue(each) for each in found.residue],
    }


def outcome(found: Outcome) -> Plain:
    return {
        "check": found.check,
        "title": found.title,
        "status": found.status.value,
        "severity": found.severity.value,
        "essential": found.essential,
        "applies": found.applies,
        "message": found.message,
        "reason": found.reason,
        "candidates": [candidate(each) for each in found.candidates],
        "evidence": [evidence(each) for each in found.evidence],
        "remedy": found.remedy and remedy(found.remedy),
        "waived": found.waived and waiver(found.waived),
        "see": see(found),
    }


def see(found: Outcome) -> str:
    """The runbook page that explains an outcome."""
    return f"preflight explain {found.candidates[0].cause if found.candidates else found.check}"


def candidate(found: Candidate) -> Plain:
    return {
        "cause": found.cause.value,
        "confidence": found.confidence.value,
        "because": found.because,
        "missing": [{"action": each.action, "resource": each.resource} for each in found.missing],
        "field": found.field,
        "expected": found.expected,
        "location": location(found.location),
        "tell": found.tell,
    }


def evidence(found: Evidence) -> Plain:
    reply = found.reply
    return {
        "witness": found.witness.value,
        "identity": found.identity.value,
        "ask": str(found.ask) if found.ask else None,
        "status": reply.status,
        "code": reply.code,
        "message": reply.message,
        "request_id": reply.request_id,
        "statement": reply.facts.get("statement"),
        "millis": reply.millis,
    }


def remedy(found: Remedy) -> Plain:
    return {
        "summary": found.summary,
        "owner": found.owner.value,
        "commands": list(found.commands),
        "patch": found.patch,
        "safety": found.safety.value,
    }


def residue(found: Residue) -> Plain:
    return {
        "address": found.address,
        "bytes": found.size,
        "created": found.created,
        "delete": found.delete,
        "certain": found.certain,
        "note": found.note,
    }


def waiver(found: Waiver) -> Plain:
    return {
        "check": found.check,
        "cause": found.cause and found.cause.value,
        "storage": found.storage,
        "reason": found.reason,
        "expires": found.expires,
        "location": location(found.location),
    }


def location(found: Location | None) -> Plain | None:
    if found is None or not found.file:
        return None
    return {"file": found.file, "line": found.line, "column": found.column}
