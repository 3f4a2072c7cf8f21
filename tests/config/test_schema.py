"""The JSON Schema of configuration files says what the rules say."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter, ValidationError

from preflight.config import json_schema, shapes
from tests.config.healthy import CLIENT, azure, compatible, gcs, key_file, problems, s3

SHAPE_CHECKS = {"complete-fields", "recognise-fields"}

ENTRIES: dict[str, dict[str, Any]] = {
    "s3": s3(),
    "keyless": s3(s3_api_key=None, s3_secret=None),
    "compatible": compatible(),
    "gcs": gcs(),
    "gcs table": gcs(gcs_credentials=key_file()),
    "azure": azure(),
    "references": s3(s3_secret={"env": "PATH"}, s3_api_key="${PATH}"),
    "no region": s3(s3_region=None),
    "no bucket": s3(bucket=None),
    "no type": s3(storage_type=None),
    "unknown type": s3(storage_type="ftp"),
    "unknown field": s3(colour="red"),
    "unknown inside": s3(s3_colour="red"),
    "no key": gcs(gcs_credentials=None),
    "no client": azure(abs_client_id=None),
    "other kind": s3(azure_blob={"abs_client_id": CLIENT}),
    "list": s3(bucket=["a"]),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_schema_models_and_rules_agree(entry: dict[str, Any]) -> None:
    """An editor, pydantic and `preflight lint` give the same answer about fields that are missing or unknown."""
    document = {"storages": [entry], "call_types": {"default": "my-s3"}}
    by_rules = not SHAPE_CHECKS & {problem.check for problem in problems(entry, PATH="x")}
    by_schema = jsonschema.Draft202012Validator(json_schema()).is_valid(document)
    try:
        TypeAdapter(shapes.Configuration).validate_python(document)
        by_model = True
    except ValidationError:
        by_model = False

    assert (by_schema, by_model) == (by_rules, by_rules)


def test_the_schema_is_one_and_describes_every_field() -> None:
    """Completion in an editor says what a field is for."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    parts = [schema, *schema["$defs"].values()]
    silent = [name for part in parts for name, field in part["properties"].items()
              if not field.get("description") and name not in {"storage_type", "$schema"}]  # fmt: skip

    assert silent == []


def test_reading_a_configuration_imports_no_pydantic() -> None:
    """The shapes are plain; only the schema pays for the library that makes it."""
    code = (
        "import io, sys; from preflight.config import load\n"
        "load(['-'], stdin=io.StringIO('{name: a, storage_type: s3, bucket: b}'), environ={})\n"
        "print([name for name in ('pydantic', 'cryptography', 'tomllib', 'boto3') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
