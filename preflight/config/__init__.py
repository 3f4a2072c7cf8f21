"""Configuration files as storages, each field with the place where it was written and everything that is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from preflight.config import private, rules, source
from preflight.config.document import Document, interpret
from preflight.config.entry import Entry
from preflight.config.rules import files
from preflight.config.schema import json_schema
from preflight.config.tree import Unreadable
from preflight.config.values import Lookup
from preflight.model import CallType, Problem, Storage, Waiver

__all__ = ["Configuration", "Unreadable", "json_schema", "load"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that the sources say. A problem without `storage` is about a whole file."""

    storages: tuple[Storage, ...] = ()
    problems: tuple[Problem, ...] = ()
    call_types: tuple[CallType, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def load(
    sources: Sequence[str],
    *,
    stdin: TextIO | None = None,
    environ: Mapping[str, str] | None = None,
) -> Configuration:
    """Read YAML, JSON, JSON Lines or TOML from paths, or from standard input (`-`).

    Never stops at the first problem: every entry becomes a `Storage`, however broken, and `problems` says what is
    wrong, in the order of the sources and their lines. Raises `Unreadable` for a source that cannot be read or parsed.
    """
    names = tuple(dict.fromkeys(sources))
    documents = [_document(name, stdin, os.environ if environ is None else environ) for name in names]
    entries = [entry for document in documents for entry in document.entries]
    call_types = tuple(link for document in documents for link in document.call_types)
    problems = [problem for document in documents for problem in _problems(document)]
    problems += files.resolve_call_types(call_types, entries)
    problems += files.find_storages(documents, names)
    order = {name: number for number, name in enumerate(names)}
    problems.sort(key=lambda found: (order.get(found.location.file, -1), found.location.line, found.location.column))
    hidden = _hidden(entries)
    return Configuration(
        storages=tuple(entry.storage for entry in entries),
        problems=tuple(_scrubbed(problem, hidden) for problem in problems),
        call_types=call_types,
        waivers=tuple(waiver for document in documents for waiver in document.waivers),
    )


def _document(name: str, stdin: TextIO | None, environ: Mapping[str, str]) -> Document:
    page, nodes = source.read(name, stdin)
    page = private.cover(page, nodes)
    folder = Path() if name == "-" else Path(name).parent
    return interpret(page, nodes, Lookup(page, environ, folder))


def _problems(document: Document) -> Iterator[Problem]:
    yield from document.problems
    for entry in document.entries:
        yield from rules.judge(entry)
    yield from files.name_once(document.entries)
    yield from files.fit_limit(document.entries)


def _hidden(entries: Sequence[Entry]) -> Sequence[str]:
    """Every secret value that could be recognised in a sentence, longest first."""
    values = {secret.reveal() for entry in entries for secret in entry.storage.secrets}
    values |= {entry.key.field("private_key") for entry in entries if entry.key}
    return [value for value in sorted(values, key=len, reverse=True) if len(value) >= _RECOGNISABLE]


_RECOGNISABLE = 12  # characters; anything shorter may as well be a word of ours


def _scrubbed(problem: Problem, hidden: Sequence[str]) -> Problem:
    """The last lock: no sentence leaves this room with a secret in it, whatever a rule does."""
    message, remedy, patch = (private.scrub(text, hidden) for text in (problem.message, problem.remedy, problem.patch))
    return replace(problem, message=message, remedy=remedy, patch=patch)
