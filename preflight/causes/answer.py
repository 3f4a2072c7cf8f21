"""What a diagnosis says, as text: who answered, the candidates best first, and what to do about the first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from preflight.causes import page, remedy, words
from preflight.model import Candidate, Diagnosis, Permission, Remedy
from preflight.redact import redact

WIDTH = 88


def redacted(diagnosis: Diagnosis) -> Diagnosis:
    """The diagnosis without secrets that came with the paste; done before lines are wrapped, which could split one."""
    return replace(diagnosis, candidates=tuple(_redacted(candidate) for candidate in diagnosis.candidates))


def _redacted(candidate: Candidate) -> Candidate:
    return replace(
        candidate,
        because=redact(candidate.because),
        tell=redact(candidate.tell),
        expected=redact(candidate.expected) if candidate.expected else candidate.expected,
        missing=tuple(Permission(redact(each.action), redact(each.resource)) for each in candidate.missing),
    )


def text(diagnosis: Diagnosis, storage_type: str) -> str:
    """The answer to a pasted error; what came from the paste is shown as it is in `diagnosis`."""
    return "\n".join(_lines(diagnosis, storage_type)) + "\n"


def _lines(diagnosis: Diagnosis, storage_type: str) -> Iterator[str]:
    yield f"answered by: {diagnosis.provider or 'unknown, nothing in the text tells'}"
    for number, candidate in enumerate(diagnosis.candidates, 1):
        yield ""
        yield from _candidate(candidate, number)
    if not diagnosis.candidates:
        yield ""
        yield "No cause fits. Paste more of the error: status, code, message, headers."
        return
    first = diagnosis.candidates[0]
    yield ""
    yield from _remedy(first, remedy(first.cause, storage_type, words.gather(first)))
    yield f"see: preflight explain {first.cause}"


def _candidate(candidate: Candidate, number: int) -> Iterator[str]:
    yield f"{number}. {candidate.cause}   {page(candidate.cause).title}"
    yield from _wrapped(f"{candidate.confidence}: {candidate.because}" if candidate.because else candidate.confidence)
    for permission in candidate.missing:
        yield f"   missing: {_permission(permission)}"
    if candidate.field:
        expected = f", expected {candidate.expected}" if candidate.expected else ""
        yield f"   field: {candidate.field}{expected}"
    if candidate.tell:
        yield from _wrapped(f"to tell: {candidate.tell}")


def _remedy(first: Candidate, found: Remedy) -> Iterator[str]:
    yield from _wrapped(f"fix: {found.summary}", indent="")
    yield f"who: {page(first.cause).who.splitlines()[0]}"
    for block in ("\n".join(found.commands), found.patch):
        if block:
            yield ""
            yield textwrap.indent(block, "    ")
    yield ""


def _permission(permission: Permission) -> str:
    return f"{permission.action} on {permission.resource}" if permission.resource else permission.action


def _wrapped(text: str, indent: str = "   ") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
