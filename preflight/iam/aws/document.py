"""Reading a policy document: its statements with their places, and a finding for everything AWS would refuse."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from preflight.iam.aws import operators
from preflight.iam.aws.conditions import Clause
from preflight.iam.aws.principals import Form, Named, Names, named
from preflight.iam.aws.values import canonical
from preflight.iam.aws.variables import Template
from preflight.iam.findings import DEEPEST, Finding, shallow
from preflight.iam.globs import Glob
from preflight.iam.jsons import escaped, kind_of, members, shown
from preflight.model import Severity

CLOCK = ("aws:currenttime", "aws:epochtime")


class Kind(StrEnum):
    """What a document is attached to, in the words of messages."""

    RESOURCE = "bucket policy"
    KEY = "key policy"
    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SERVICE_CONTROL = "service control policy"
    RESOURCE_CONTROL = "resource control policy"
    ENDPOINT = "VPC endpoint policy"

    @property
    def names_principals(self) -> bool:
        """Whether statements have to say whom they are about."""
        return self in {Kind.RESOURCE, Kind.KEY, Kind.RESOURCE_CONTROL, Kind.ENDPOINT}


class Effect(Enum):
    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One value of Action or Resource with its place.

    `whole`: the pattern, if it has no variables and no wildcard that could reach from one field of an ARN into
    the next.
    """

    text: str
    pointer: str
    template: Template
    whole: Glob | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. `names` is None where the document's kind has no principals."""

    index: int
    sid: str
    pointer: str
    effect: Effect
    names: Names | None
    actions: tuple[Pattern, ...]
    not_action: bool
    resources: tuple[Pattern, ...]
    not_resource: bool
    clauses: tuple[Clause, ...]

    @property
    def label(self) -> str:
        return self.sid or f"#{self.index + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy as read. `value` is the JSON value as it came, for writing it back.

    A document with errors (`valid` is false) cannot be in force as it stands: nothing is decided from it. One that is
    `unread` is known to be there, and nothing more: its label says which it is.
    """

    kind: Kind
    label: str
    value: Any
    version: str = ""
    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()
    dates: tuple[datetime, ...] = ()  # that statements compare the clock with
    unread: bool = False

    @property
    def valid(self) -> bool:
        return not self.unread and not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def text(self) -> str:
        return json.dumps(self.value, indent=2, ensure_ascii=False)


class _Object(dict[str, Any]):
    """A JSON object that remembers which names it carried twice."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.repeated = tuple(name for name in found if names.count(name) > 1)
    return found


def _constant(name: str) -> Any:  # noqa: ANN401 - the type that json asks for
    raise ValueError(f"{name} is not JSON")


def read(source: str | bytes | Mapping[str, Any] | Any, kind: Kind, label: str = "") -> Document:  # noqa: ANN401 - any JSON value
    """Reads a policy from JSON text or from a value that is already parsed. Never raises: see `findings`."""
    label = label or str(kind)
    if isinstance(source, str | bytes):
        try:
            source = json.loads(source, object_pairs_hook=_object, parse_constant=_constant)
        except (ValueError, RecursionError) as error:
            why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            return Document(kind=kind, label=label, value=None, findings=(Finding("", f"not JSON: {why}"),))
    return _Reader(kind, label, source).document()


@dataclass(slots=True)
class _Reader:
    kind: Kind
    label: str
    value: Any
    findings: list[Finding] = field(default_factory=list)
    dates: set[datetime] = field(default_factory=set)
    variables: bool = False

    def document(self) -> Document:
        version = ""
        statements: tuple[Statement, ...] = ()
        if not isinstance(self.value, Mapping):
            self.error("", f"a policy is a JSON object, this is {kind_of(self.value)}")
        elif self.shallow() and self.printable():
            self.repeats("", self.value)
            self.unknown("", self.value, {"Version", "Id", "Statement"})
            version = self.version(self.value.get("Version", "2008-10-17"))
            self.optional_text("", self.value, "Id")
            statements = tuple(self.statements(self.value.get("Statement")))
        return Document(
            kind=self.kind,
            label=self.label,
            value=self.value,
            version=version,
            statements=statements,
            findings=tuple(self.findings),
            dates=tuple(sorted(self.dates)),
        )

    def error(self, pointer: str, message: str) -> None:
        self.findings.append(Finding(pointer, message))

    def warn(self, pointer: str, message: str) -> None:
        self.findings.append(Finding(pointer, message, Severity.WARNING))

    def shallow(self) -> bool:
        if shallow(self.value):
            return True
        self.error("", f"nested more than {DEEPEST} levels deep")
        return False

    def printable(self) -> bool:
        try:
            json.dumps(self.value, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            self.error("", "holds half of a character (a lone surrogate), which no name can")
            return False
        return True

    def repeats(self, pointer: str, value: object) -> None:
        for name in getattr(value, "repeated", ()):
            self.error(f"{pointer}/{escaped(name)}", "stands twice in the same object")
        for name, inner in members(value):
            self.repeats(f"{pointer}/{escaped(name)}", inner)

    def unknown(self, pointer: str, value: Mapping[str, Any], known: Iterable[str]) -> None:
        folded = {name.lower(): name for name in known}
        for name in value:
            if name not in folded.values():
                meant = folded.get(str(name).lower())
                hint = f"; did you mean {meant}?" if meant else ""
                self.error(f"{pointer}/{escaped(name)}", f"unknown element{hint}")

    def version(self, value: object) -> str:
        if value not in {"2012-10-17", "2008-10-17"} if isinstance(value, str) else True:
            self.error("/Version", f"must be 2012-10-17 or 2008-10-17, is {shown(value)}")
            return ""
        self.variables = value == "2012-10-17"
        return str(value)

    def optional_text(self, pointer: str, value: Mapping[str, Any], name: str) -> str:
        text = value.get(name, "")
        if isinstance(text, str):
            return text
        self.error(f"{pointer}/{name}", f"must be a text, is {kind_of(text)}")
        return ""

    def statements(self, value: object) -> Iterator[Statement]:
        if value is None:
            return self.error("/Statement", "missing")
        if isinstance(value, Mapping):
            value = [value]
            pointers = ["/Statement"]
        elif isinstance(value, list):
            pointers = [f"/Statement/{index}" for index in range(len(value))]
        else:
            return self.error("/Statement", f"must be an object or a list of objects, is {kind_of(value)}")
        if not value:
            self.warn("/Statement", "is empty, so the policy says nothing")
        sids: set[str] = set()
        for index, (pointer, one) in enumerate(zip(pointers, value, strict=True)):
            if not isinstance(one, Mapping):
                self.error(pointer, f"a statement is an object, this is {kind_of(one)}")
                continue
            statement = self.statement(index, pointer, one)
            if statement:
                if statement.sid in sids:
                    self.warn(f"{pointer}/Sid", f"{statement.sid} names another statement already")
                sids |= {statement.sid} - {""}
                yield statement
        return None

    def statement(self, index: int, pointer: str, value: Mapping[str, Any]) -> Statement | None:
        elements = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
        if self.kind.names_principals:
            elements |= {"Principal", "NotPrincipal"}
        self.unknown(pointer, value, elements)
        effect = value.get("Effect")
        if effect not in ("Allow", "Deny"):
            found = "missing" if "Effect" not in value else f"is {shown(effect)}"
            self.error(f"{pointer}/Effect", f"must be Allow or Deny, {found}")
            return None
        names = self.names(pointer, value) if self.kind.names_principals else None
        actions, not_action = self.patterns(pointer, value, "Action")
        resources, not_resource = self.patterns(pointer, value, "Resource")
        return Statement(
            index=index,
            sid=self.optional_text(pointer, value, "Sid"),
            pointer=pointer,
            effect=Effect(effect),
            names=names,
            actions=actions,
            not_action=not_action,
            resources=resources,
            not_resource=not_resource,
            clauses=tuple(self.clauses(f"{pointer}/Condition", value.get("Condition", {}))),
        )

    def choose(self, pointer: str, value: Mapping[str, Any], name: str) -> tuple[str, bool]:
        """Which of `name` and `Not<name>` the statement has: exactly one is allowed."""
        negative = f"Not{name}"
        if name in value and negative in value:
            self.error(f"{pointer}/{negative}", f"a statement has {name} or {negative}, not both")
        elif name not in value and negative not in value:
            self.error(f"{pointer}/{name}", "missing")
        return (negative, True) if negative in value else (name, False)

    def texts(self, pointer: str, value: object) -> Iterator[tuple[str, str]]:
        """The texts of a value that is a text or a list of texts, each with its place."""
        if isinstance(value, str):
            yield value, pointer
        elif isinstance(value, list):
            if not value:
                self.warn(pointer, "is an empty list")
            for index, text in enumerate(value):
                if isinstance(text, str):
                    yield text, f"{pointer}/{index}"
                else:
                    self.error(f"{pointer}/{index}", f"must be a text, is {kind_of(text)}")
        else:
            self.error(pointer, f"must be a text or a list of texts, is {kind_of(value)}")

    def patterns(self, pointer: str, value: Mapping[str, Any], name: str) -> tuple[tuple[Pattern, ...], bool]:
        element, negated = self.choose(pointer, value, name)
        if element not in value:
            return (), negated
        made = self.action if name == "Action" else self.resource
        return tuple(made(text, where) for text, where in self.texts(f"{pointer}/{element}", value[element])), negated

    def action(self, text: str, pointer: str) -> Pattern:
        if text != "*" and text.count(":") != 1:
            self.error(pointer, f"`{text}` is no action: expected service:Name or *")
        template = Template(text.lower(), variables=False, wild=True)
        return Pattern(text, pointer, template, template.fixed.may if template.fixed else None)

    def resource(self, text: str, pointer: str) -> Pattern:
        if text != "*" and not text.startswith("arn:"):
            self.error(pointer, f"`{text}` is no ARN: expected arn:… or *")
        if "${" in text and not self.variables:
            self.warn(pointer, "policy variables are resolved only in Version 2012-10-17; here they are plain text")
        template = Template(text, variables=self.variables, wild=True)
        whole = template.fixed.may if template.fixed else None
        return Pattern(text, pointer, template, whole if whole and whole.prefix.count(":") >= 5 else None)

    def names(self, pointer: str, value: Mapping[str, Any]) -> Names:
        element, excluded = self.choose(pointer, value, "Principal")
        where = f"{pointer}/{element}"
        entries = tuple(self.entries(where, value[element])) if element in value else ()
        return Names(entries, excluded, where)

    def entries(self, pointer: str, value: object) -> Iterator[Named]:
        if value == "*":
            yield Named(text="*", form=Form.EVERYONE, pointer=pointer)
            return
        if not isinstance(value, Mapping):
            found = f'{shown(value)}; write {{"AWS": …}}' if isinstance(value, str) else kind_of(value)
            self.error(pointer, f'must be "*" or an object, is {found}')
            return
        if not value:
            self.error(pointer, "names nobody")
        self.unknown(pointer, value, {"AWS", "Service", "Federated", "CanonicalUser"})
        for kind, texts in value.items():
            for text, where in self.texts(f"{pointer}/{escaped(kind)}", texts):
                entry = named(str(kind), text, where)
                if entry:
                    yield entry
                else:
                    self.error(where, f"`{text}` is no {kind} principal that AWS accepts")

    def clauses(self, pointer: str, value: object) -> Iterator[Clause]:
        if not isinstance(value, Mapping):
            return self.error(pointer, f"must be an object, is {kind_of(value)}")
        for name, keys in value.items():
            where = f"{pointer}/{escaped(name)}"
            op = operators.operator(str(name))
            if op is None:
                self.error(where, f"unknown condition operator{_meant(str(name))}")
            elif not isinstance(keys, Mapping):
                self.error(where, f"must be an object of condition keys, is {kind_of(keys)}")
            else:
                for key, values in keys.items():
                    yield self.clause(op, str(key), values, f"{where}/{escaped(key)}")
        return None

    def clause(self, op: operators.Operator, key: str, value: object, pointer: str) -> Clause:
        texts = []
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            where = f"{pointer}/{index}" if isinstance(value, list) else pointer
            if not isinstance(one, str | bool | int | float):
                self.error(where, f"must be a text, number or boolean, is {kind_of(one)}")
                continue
            texts.append(str(one).lower() if isinstance(one, bool) else str(one))
            if operators.read(op.kind, texts[-1], variables=False) is None:
                self.warn(where, f"`{texts[-1]}` is no {op.kind.value}")
        if value == []:
            self.warn(pointer, "is an empty list")
        if ":" not in key:
            self.warn(pointer, f"`{key}` is no condition key: expected service:Name")
        wanted = tuple(operators.read(op.kind, text, variables=self.variables) for text in texts)
        if canonical(key) in CLOCK:
            self.dates.update(moment for want in wanted if (moment := operators.moment(want)))
        return Clause(operator=op, key=canonical(key), name=key, texts=tuple(texts), wanted=wanted, pointer=pointer)


def _meant(name: str) -> str:
    base = name.rpartition(":")[2].lower().removesuffix("ifexists")
    found = next((known for known in operators.NAMES if known.lower() == base), "")
    return f"; did you mean {found}?" if found else ""
