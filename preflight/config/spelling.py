"""An entry written anew in Stream's current spelling, with a placeholder wherever a secret stood."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from preflight.config.entry import KEY_FILE, Entry, Field
from preflight.config.private import REFERENCE, looks_private
from preflight.config.shapes import fields_of
from preflight.config.tree import Scalar, Table
from preflight.config.values import reference

_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z_/$][A-Za-z0-9_./${}:@-]*(?<!:)", re.IGNORECASE)


def current_form(entry: Entry) -> str:
    """The entry as YAML, such as one would write it today."""
    return "\n".join(_lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    lead, group = "- ", ""
    for name, spec in fields_of(entry.kind).items():
        if spec.group or (name not in entry.fields and name != "storage_type"):
            continue
        parent, _, leaf = name.rpartition(".")
        if parent and parent != group:
            group = parent
            yield f"{lead}{parent}:"
            lead = "  "
        value = entry.kind if name == "storage_type" else _value(entry.fields[name], leaf, private=spec.about.private)
        yield f"{lead}{'  ' if parent else ''}{leaf}: {value}"
        lead = "  "


def _value(field: Field, leaf: str, *, private: bool) -> str:
    node = field.node
    if (kind := reference(node)) and isinstance(node, Table) and isinstance(node.pairs[0][1], Scalar):
        target = node.pairs[0][1].text
        return f"{{{kind}: {_word(target)}}}" if not looks_private(target) else f"${{{leaf.upper()}}}"
    text = node.text if isinstance(node, Scalar) else ""
    if field.name == KEY_FILE and field.value.source.startswith("file "):
        return f"{{file: {_word(text)}}}"
    if (private and not REFERENCE.fullmatch(text)) or looks_private(text):
        return f"${{{leaf.upper()}}}"
    return _word(text)


def _word(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
