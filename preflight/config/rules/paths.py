"""Rules about the path, which is where every recording's name begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.config.entry import Entry
from preflight.config.wording import quoted
from preflight.model import Problem

_KEY_LIMIT = 1024  # bytes of an object's name, with all three providers
_TAIL = 200  # bytes that the name of a recording needs after the path


def shape_path(entry: Entry) -> Iterator[Problem]:
    """What a provider takes, and what nevertheless puts recordings where nobody looks."""
    path = entry.text("path")
    if not path:
        return
    if path.strip("/") == "":
        yield _slashes(entry, "is just a slash: objects would be named /…", "leave path out", "")
    elif path.startswith("/"):
        yield _slashes(entry, "begins with a slash: objects would lie under a folder without a name", "write {}")
    elif "//" in path:
        yield _slashes(entry, "has an empty folder in it", "write {}")
    elif not path.endswith("/"):
        yield _slashes(entry, "does not end with a slash; whether Stream adds one is not documented", "write {}")
    if path != path.strip(" "):
        yield _slashes(entry, "has white space at its ends, which becomes part of every name", "write {}")
    if entry.kind == "gcs" and path.startswith(".well-known/acme-challenge/"):
        yield _slashes(entry, "begins with a name that Google keeps for itself", "choose another")


def _slashes(entry: Entry, what: str, remedy: str, better: str | None = None) -> Problem:
    path = entry.text("path")
    if better is None:
        better = re.sub(r"/{2,}", "/", path.strip(" ")).strip("/") + "/"
    patch = f"path: {better}" if better and "{}" in remedy else ""
    return entry.problem("shape-path", "path", f"path {quoted(path)} {what}", remedy=remedy.format(patch), patch=patch)


def shape_path_safely(entry: Entry) -> Iterator[Problem]:
    """What some client or provider refuses, or reads as something else."""
    path = entry.text("path")
    room = _KEY_LIMIT - _TAIL
    folders = re.split(r"[/\\]", path)
    faults = {
        "has a `..` in it, which clients resolve in different ways": ".." in folders,
        "has a folder `.` in it: a blob's name is a part of its URL, where clients leave it out": (
            entry.kind == "abs" and "." in folders
        ),
        "has control characters in it": re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", path),
        "has a backslash in it, which separates no folders": "\\" in path,
        "is an address; a path is what follows the bucket": re.match(r"\w+://", path),
        f"is so long that recordings' names do not fit into {_KEY_LIMIT} bytes": len(path.encode()) > room,
    }
    if what := next((what for what, wrong in faults.items() if wrong), ""):
        remedy = "write plain folders, such as recordings/"
        yield entry.problem("shape-path-safely", "path", f"path {quoted(path)} {what}", remedy=remedy)
