"""The JSON Schema of the report: what programs that read it may rely on."""

from __future__ import annotations

from enum import Enum
from typing import Any

from preflight.model import Cause, Confidence, Identity, Owner, Safety, Severity, Status, Verdict, Witness
from preflight.reports._plain import SCHEMA

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}


def json_schema() -> Schema:
    """JSON Schema (2020-12) of `-o json`. Further properties may be added; none changes its meaning."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **_object(
            schema={"const": SCHEMA},
            version=TEXT,
            started={**TEXT, "format": "date-time"},
            finished={**TEXT, "format": "date-time"},
            seconds={"type": "number"},
            verdict=_one_of(Verdict),
            exit_code={"enum": [0, 1, 3, 4, 130]},
            fail_on=_one_of(Severity),
            storages=_list("storage"),
            outcomes=_list("outcome"),
            journal=TEXT,
            asked={"type": "array", "items": TEXT},
        ),
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    return {
        "storage": _object(
            name=TEXT,
            storage_type=TEXT,
            bucket=TEXT,
            path=TEXT,
            address=TEXT,
            verdict=_one_of(Verdict),
            origin=_maybe("location"),
            writer=_object(principal=TEXT, account=TEXT, source=TEXT),
            assumptions={"type": "array", "items": TEXT},
            outcomes=_list("outcome"),
            residue=_list("residue"),
        ),
        "outcome": _object(
            check=TEXT,
            title=TEXT,
            status=_one_of(Status),
            severity=_one_of(Severity),
            essential=FLAG,
            applies=FLAG,
            message=TEXT,
            reason=TEXT,
            candidates=_list("candidate"),
            evidence=_list("evidence"),
            remedy=_maybe("remedy"),
            waived=_maybe("waiver"),
            see=TEXT,
        ),
        "candidate": _object(
            cause=_one_of(Cause),
            confidence=_one_of(Confidence),
            because=TEXT,
            missing={"type": "array", "items": _object(action=TEXT, resource=TEXT)},
            field=MAYBE_TEXT,
            expected=MAYBE_TEXT,
            location=_maybe("location"),
            tell=TEXT,
        ),
        "evidence": _object(
            witness=_one_of(Witness),
            identity=_one_of(Identity),
            ask=MAYBE_TEXT,
            status={"type": ["integer", "null"]},
            code=MAYBE_TEXT,
            message=MAYBE_TEXT,
            request_id=MAYBE_TEXT,
            statement=MAYBE_TEXT,
            millis=COUNT,
        ),
        "remedy": _object(
            summary=TEXT,
            owner=_one_of(Owner),
            commands={"type": "array", "items": TEXT},
            patch=TEXT,
            safety=_one_of(Safety),
        ),
        "residue": _object(address=TEXT, bytes=COUNT, created=TEXT, delete=TEXT, certain=FLAG, note=TEXT),
        "waiver": _object(
            check=TEXT,
            cause={"anyOf": [_one_of(Cause), {"type": "null"}]},
            storage=TEXT,
            reason=TEXT,
            expires={**TEXT, "format": "date"},
            location=_maybe("location"),
        ),
        "location": _object(file=TEXT, line=COUNT, column=COUNT),
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _maybe(name: str) -> Schema:
    return {"anyOf": [_ref(name), {"type": "null"}]}


def _one_of(words: type[Enum]) -> Schema:
    return {"enum": [str(member.value) for member in words]}
