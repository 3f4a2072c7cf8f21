"""The documents of a source as storages and call types, and what else stands there."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from preflight.config import shapes, waivers
from preflight.config.entry import GROUPS, OLDER, Entry
from preflight.config.entry_reader import read
from preflight.config.shapes import every_field
from preflight.config.tree import Array, Node, Page, Scalar, Table, empty
from preflight.config.values import Lookup, reference
from preflight.config.wording import nearest, quoted
from preflight.model import CallType, Cause, Location, Problem, Waiver

READ = "recognise-file"
LINK = "resolve-call-types"

_SECTIONS = tuple(one.name for one in dataclasses.fields(shapes.Configuration))
_MOST = 1000  # entries; an application of Stream's holds ten, and each is examined by itself
_LINK_NAMES = ("external_storage", "recording_external_storage", "recording_storage")  # today's first

# What looks like a storage pasted by itself: any field of one, in today's or an older spelling, or the importer's.
_ENTRY_SIGNS = frozenset(every_field()) | GROUPS | frozenset(OLDER) - {"type"} | {"path_prefix", "role_arn"}


@dataclass(slots=True)
class Document:
    """What a source says."""

    entries: list[Entry] = field(default_factory=list)
    call_types: list[CallType] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def interpret(page: Page, nodes: Iterable[Node], lookup: Lookup) -> Document:
    """Reads what the documents of one source hold. Raises `Unreadable` where a document cannot be a configuration."""
    reader = _Reader(page, lookup, Document())
    for node in nodes:
        reader.document(node)
    return reader.found


@dataclass(slots=True)
class _Reader:
    """A page on its way into a document."""

    page: Page
    lookup: Lookup
    found: Document

    def document(self, node: Node) -> None:
        match node:
            case Array(items=items):
                for item in items:
                    self.entry(item)
            case Table() if foreign := _foreign(node):
                self.problem(READ, node, *foreign)
            case Table() if _SECTIONS_OR_MARKS & node.keys or not _ENTRY_SIGNS & node.keys:
                self.sections(node)
            case Table():
                self.entry(node)
            case Scalar():
                raise self.page.refuse(node.start, "a single text; expected `storages:` or the fields of a storage")

    def sections(self, table: Table) -> None:
        """One file: `storages`, `call_types`, `waive`. Names that begin with x- are the writer's own."""
        for key, value in table.pairs:
            match key.text:
                case "storages":
                    self.storages(value)
                case "call_types":
                    self.links(value)
                case "waive":
                    found, problems = waivers.read(value, self.page)
                    self.found.waivers += found
                    self.found.problems += problems
                case name if name == "$schema" or name.startswith("x-"):
                    pass
                case name:
                    meant = nearest(name, _SECTIONS) or ("storages" if name == "external_storages" else "")
                    hint = f"; did you mean {meant}?" if meant else f"; expected {' or '.join(_SECTIONS)}"
                    self.problem(
                        READ,
                        key,
                        f"{quoted(name)} is not a part of a configuration{hint}",
                        f"write {meant}" if meant else "remove it",
                    )

    def storages(self, node: Node) -> None:
        match node:
            case Array(items=items):
                for item in items:
                    self.entry(item)
            case Table() if _ENTRY_SIGNS & node.keys:
                self.entry(node)
            case _ if empty(node):
                pass
            case _:
                self.problem(
                    READ, node, "storages is not a list; expected `- name: …` for each storage", "make it a list"
                )

    def entry(self, node: Node) -> None:
        if isinstance(node, Table) and (foreign := _foreign(node)):
            self.problem(READ, node, *foreign)
            return
        if len(self.found.entries) == _MOST:
            raise self.page.refuse(node.start, f"more than {_MOST} storages in a file; expected a few")
        entry = read(node, self.lookup)
        self.found.entries.append(entry)
        if not isinstance(node, Table):
            message = "an entry of storages is not a table of fields"
            self.found.problems.append(
                entry.problem("recognise-fields", "name", message, remedy="write `name: …` and so on")
            )

    def links(self, node: Node) -> None:
        """`default: my-s3`, `default: {external_storage: my-s3}`, or a list of `{name, external_storage}`."""
        match node:
            case Table(pairs=pairs):
                for key, value in pairs:
                    self.link(key.text, value)
            case Array(items=items):
                for item in items:
                    self.listed_link(item)
            case Scalar(null=True):
                pass
            case Scalar():
                self.problem(
                    LINK, node, "call_types is neither a table nor a list", "write `default: name-of-a-storage`"
                )

    def listed_link(self, node: Node) -> None:
        name = node.get("name") if isinstance(node, Table) else None
        text = self.text(name) if name else None
        if text:
            self.link(text, node)
        elif name is None:
            self.problem(LINK, node, "a call type has no name", "write `- {name: default, external_storage: …}`")

    def link(self, name: str, node: Node) -> None:
        if empty(node):
            return
        target = node
        if isinstance(node, Table) and not reference(node):
            named = next((value for wanted in _LINK_NAMES if (value := node.get(wanted))), None)
            for key, _ in node.pairs:
                if key.text not in {"name", *_LINK_NAMES}:
                    meant = nearest(key.text, _LINK_NAMES[:1])
                    self.problem(
                        LINK,
                        key,
                        f"a call type has no field {quoted(key.text)}" + (f"; did you mean {meant}?" if meant else ""),
                        "write external_storage",
                    )
            if named is None or empty(named):
                return
            target = named
        text = self.text(target)
        if text is not None:
            self.found.call_types.append(CallType(name, text, self.place(target)))

    def text(self, node: Node) -> str | None:
        value = self.lookup.value(node)
        if value.text is None:
            self.problem(LINK, node, value.fault, value.remedy)
        return value.text

    def place(self, node: Node) -> Location:
        inner = node.pairs[0][1] if reference(node) and isinstance(node, Table) else node
        return self.page.place(inner)

    def problem(self, check: str, node: Node, message: str, remedy: str) -> None:
        self.found.problems.append(
            Problem(check=check, message=message, cause=Cause.REQUEST_INVALID, location=self.place(node), remedy=remedy)
        )


_SECTIONS_OR_MARKS = {*_SECTIONS, "$schema"}


def _foreign(table: Table) -> tuple[str, str] | None:
    """Documents that are handed in for a storage: an access policy, a key file."""
    keys = table.keys
    if "Statement" in keys or {"bindings", "etag"} <= keys:
        if any(re.search(r"sqs:SendMessage|arn:aws[\w-]*:sqs:", text) for text in _texts(table)):
            return (
                "this is a policy for a queue (SQS): recordings never send messages",
                "attach a policy to the bucket that allows s3:PutObject on its objects",
            )
        return (
            "this is an access policy, not a storage configuration",
            "hand in the storage; a policy is judged by preflight policy test",
        )
    if "private_key" in keys and "client_email" in keys:
        return (
            "this is a Google key file, not a storage configuration",
            "write a storage with gcs_credentials: {file: keys.json}",
        )
    return None


def _texts(node: Node) -> Iterator[str]:
    match node:
        case Scalar(text=text):
            yield text
        case Array(items=items):
            for item in items:
                yield from _texts(item)
        case Table(pairs=pairs):
            for _, value in pairs:
                yield from _texts(value)
