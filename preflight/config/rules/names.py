"""Rules about a storage's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.config.entry import Entry
from preflight.config.wording import quoted
from preflight.model import Problem
from preflight.stream import RESERVED_NAME


def name_storage(entry: Entry) -> Iterator[Problem]:
    if entry.text("name").strip() == RESERVED_NAME:
        yield entry.problem(
            "name-storage",
            "name",
            f"{RESERVED_NAME} is the name of Stream's own bucket; Stream refuses to register it",
            remedy="choose another name; call types may refer to stream-s3 all the same",
        )


def name_storage_plainly(entry: Entry) -> Iterator[Problem]:
    name = entry.text("name")
    if name and not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        yield entry.problem(
            "name-storage-plainly",
            "name",
            f"name {quoted(name)} has characters that end up in a URL; not every client encodes them",
            remedy="use letters, digits, - and _ only",
        )
