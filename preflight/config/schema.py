"""The shapes handed to pydantic: the JSON Schema of a configuration file, and a second opinion on one."""

from __future__ import annotations

from typing import Any

from preflight.config import shapes


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a whole file: `storages` and `call_types`, with every form of a secret."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(shapes.Configuration).json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    # An editor's own pointer to this schema, and a place for YAML anchors.
    schema["properties"]["$schema"] = {"type": "string"}
    schema["patternProperties"] = {"^x-": {}}
    return schema
