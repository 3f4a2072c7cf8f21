"""The entries of `waive:` as waivers in force, and what is wrong with the others."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime

from preflight.config import shapes
from preflight.config.characters import flaw
from preflight.config.tree import Array, Node, Page, Scalar, Table, empty
from preflight.config.wording import nearest, quoted
from preflight.model import Cause, Problem, Waiver

CHECK = "honour-waivers"

_FIELDS = {field.name: field.default is dataclasses.MISSING for field in dataclasses.fields(shapes.WaiverEntry)}


def read(node: Node, page: Page, today: date | None = None) -> tuple[list[Waiver], list[Problem]]:
    """The waivers that hold today (a day in UTC); one that is broken or has run out is a problem and waives nothing."""
    if empty(node):
        return [], []
    if not isinstance(node, Array):
        return [], [_problem(page, node, "waive is not a list", "write `- {check: …, reason: …, expires: …}`")]
    waivers, problems = [], []
    for item in node.items:
        found = list(_faults(item, page, today or datetime.now(UTC).date()))
        problems += found
        if not found and isinstance(item, Table):
            waivers.append(_waiver(item, page))
    return waivers, problems


def _faults(node: Node, page: Page, today: date) -> Iterator[Problem]:
    if not isinstance(node, Table):
        yield _problem(page, node, "a waiver is not a table of fields", "write `- {check: …, reason: …, expires: …}`")
        return
    for key, value in node.pairs:
        if key.text not in _FIELDS:
            meant = nearest(key.text, _FIELDS)
            yield _problem(
                page,
                key,
                f"a waiver has no field {quoted(key.text)}" + (f"; did you mean {meant}?" if meant else ""),
                f"write {meant}" if meant else "remove it",
            )
        elif wrong := _flaw(value):
            otherwise = "" if _FIELDS[key.text] else ", or leave it out: then the waiver holds whatever it is"
            yield _problem(page, value, f"{key.text} of a waiver is {wrong}", f"write {key.text}: …{otherwise}")
    missing = [name for name, required in _FIELDS.items() if required and name not in node.keys]
    if missing:
        yield _problem(page, node, f"a waiver lacks {' and '.join(missing)}", f"add {missing[0]}: …")
    if isinstance(cause := node.get("cause"), Scalar) and cause.text and cause.text not in set(Cause):
        meant = nearest(cause.text, set(Cause))
        hint = f"; did you mean {meant}?" if meant else ""
        yield _problem(page, cause, f"{quoted(cause.text)} is no cause{hint}", "`preflight list causes` names them")
    if isinstance(expires := node.get("expires"), Scalar) and expires.text.strip():
        yield from _lateness(expires, page, today)


def _flaw(node: Node) -> str:
    """Why this says nothing. What is left empty was perhaps forgotten, and must not waive more than was meant."""
    if not isinstance(node, Scalar):
        return "not a text"
    return flaw(node.text) if node.text.strip() else "empty"


def _lateness(node: Scalar, page: Page, today: date) -> Iterator[Problem]:
    try:
        end = date.fromisoformat(node.text.strip())
    except ValueError:
        yield _problem(page, node, f"{quoted(node.text)} is no day", "write it as YYYY-MM-DD")
        return
    if end < today:
        message = f"this waiver ran out on {end}; what it waived counts again"
        yield _problem(page, node, message, "mend what was waived and remove this, or write a later day")


def _waiver(table: Table, page: Page) -> Waiver:
    said = {name: node.text.strip() for name, node in table if isinstance(node, Scalar) and node.text.strip()}
    return Waiver(
        check=said["check"],
        cause=Cause(said["cause"]) if "cause" in said else None,
        storage=said.get("storage", "*"),
        reason=" ".join(said["reason"].split()),
        expires=date.fromisoformat(said["expires"]).isoformat(),
        location=page.place(table),
    )


def _problem(page: Page, node: Node, message: str, remedy: str) -> Problem:
    place = page.place(node)
    return Problem(check=CHECK, message=message, cause=Cause.REQUEST_INVALID, location=place, remedy=remedy)
