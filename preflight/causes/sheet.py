"""One page of the runbook as people and programs read it, of a cause or of a check alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preflight.causes import Fix, Page, page, words
from preflight.model import Cause

SCHEMA = "preflight.page/1"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`text` is Markdown with its open words shown as `<UPPER_CASE>`; `kind` is `cause` or `check`."""

    name: str
    kind: str
    title: str
    text: str


def of_cause(cause: Cause) -> Sheet:
    found = page(cause)
    return Sheet(cause.value, "cause", found.title, words.plain(found.text, {}))


def of_check(name: str, text: str) -> Sheet:
    """A check's page, which is Markdown that begins with its title."""
    title = re.match(r"# (.+)", text)
    return Sheet(name, "check", title[1] if title else name, f"{text}\n")


def as_json(sheet: Sheet) -> Mapping[str, Any]:
    """The page as JSON values; a cause's has its sections apart."""
    head = {"schema": SCHEMA, "kind": sheet.kind, "name": sheet.name, "title": sheet.title}
    sections = _sections(page(Cause(sheet.name))) if sheet.kind == "cause" else {}
    return {**head, **sections, "text": sheet.text}


def _sections(found: Page) -> Mapping[str, Any]:
    return {
        "owner": found.cause.owner.value,
        "means": found.means,
        "tell": found.tell,
        "fixes": {provider: _fix(fix) for provider, fix in found.fixes.items()},
        "who": found.who,
        "example": found.example,
    }


def _fix(fix: Fix) -> Mapping[str, Any]:
    return {
        "summary": words.plain(fix.sentence, {}),
        "commands": [words.plain(command, {}) for command in fix.commands],
        "patch": words.plain(fix.patch, {}),
        "safety": fix.safety.value,
    }
