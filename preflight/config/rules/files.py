"""Rules about a file as a whole: names given twice, too many storages, call types that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from preflight.config.document import LINK, READ, Document
from preflight.config.entry import Entry
from preflight.config.wording import nearest, quoted
from preflight.model import NOWHERE, CallType, Cause, Location, Problem
from preflight.stream import RESERVED_NAME, STORAGE_LIMIT


def name_once(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Names are unique in an application, and a file is taken for one."""
    named = sorted((entry for entry in entries if entry.text("name")), key=lambda entry: entry.text("name"))
    for name, group in groupby(named, key=lambda entry: entry.text("name")):
        same = list(group)
        for entry in same if len(same) > 1 else ():
            other = next(one for one in same if one is not entry).locate("name")
            yield entry.problem(
                "name-storage",
                "name",
                f"name {quoted(name)} is given twice, also at {other}; names are unique in an application",
                remedy="rename one of them",
            )


def fit_limit(entries: Sequence[Entry]) -> Iterator[Problem]:
    if len(entries) > STORAGE_LIMIT:
        beyond = entries[STORAGE_LIMIT].storage.origin
        message = f"this file has {len(entries)} storages; an application of Stream's holds {STORAGE_LIMIT}"
        yield _whole("fit-limit", message, beyond, "remove some, or ask Stream's support for more")


def find_storages(documents: Sequence[Document], sources: Sequence[str]) -> Iterator[Problem]:
    """Nothing to check is no success, unless something else is wrong already."""
    if any(document.entries or document.problems for document in documents):
        return
    where = next((link.location for document in documents for link in document.call_types), NOWHERE)
    origin = (
        where if where is not NOWHERE else Location("<stdin>" if sources[:1] == ("-",) else "".join(sources[:1]), 1, 1)
    )
    yield _whole(READ, "there is no storage here", origin, "write `storages:` with at least one entry")


def resolve_call_types(links: Sequence[CallType], entries: Sequence[Entry]) -> Iterator[Problem]:
    """Calls of such a type would be recorded into a storage that nobody registers."""
    names = {entry.text("name") for entry in entries} - {""}
    for link in links:
        if link.external_storage in names or link.external_storage == RESERVED_NAME:
            continue
        meant = nearest(link.external_storage, names)
        message = f"call type {quoted(link.name)} names the storage {quoted(link.external_storage)}, which is not here"
        yield _whole(
            LINK,
            message + (f"; did you mean {meant}?" if meant else ""),
            link.location,
            f"write {meant}" if meant else f"add the storage, or name {RESERVED_NAME} for Stream's own bucket",
        )


def _whole(check: str, message: str, location: Location, remedy: str) -> Problem:
    return Problem(check=check, message=message, cause=Cause.REQUEST_INVALID, location=location, remedy=remedy)
