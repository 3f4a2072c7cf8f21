"""What a field says once `${NAME}`, `{env: NAME}` and `{file: path}` have been looked up."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from preflight.config.characters import flaw
from preflight.config.private import REFERENCE, looks_private
from preflight.config.tree import Node, Page, Scalar, Table

FILE_LIMIT = 1 << 16  # bytes; a service account key has two or three thousand

_DOLLAR = re.compile(r"\$?\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?")


@dataclass(frozen=True, slots=True)
class Value:
    """A text and where it came from (`$NAME`, `file keys.json`, `storages.yaml:7`), or why there is none."""

    text: str | None
    source: str = ""
    fault: str = ""
    remedy: str = ""
    shape: bool = False  # the fault is of shape: a list or table where a text was expected, or the other way round


def reference(node: Node) -> str | None:
    """`env` or `file` for a table that refers to a value elsewhere."""
    if isinstance(node, Table) and len(node.pairs) == 1 and isinstance(node.pairs[0][1], Scalar):
        name = node.pairs[0][0].text
        return name if name in {"env", "file"} else None
    return None


NO_TABLE = Value(
    None,
    fault="a table of fields was expected here, not a text or a list",
    remedy="write its fields below it, each on a line of its own, indented",
    shape=True,
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds what the fields of one page refer to. Files are relative to `folder`."""

    page: Page
    environ: Mapping[str, str]
    folder: Path

    def value(self, node: Node) -> Value:
        """What a node says, or refers to: text that can be sent, or a fault."""
        found = self._said(node)
        wrong = flaw(found.text or "")
        return _lost(f"{wrong} ({found.source})", "write it again, as text in UTF-8") if wrong else found

    def _said(self, node: Node) -> Value:
        match node, reference(node):
            case Scalar(text=text), _:
                return self.expand(text, f"{self.page.name}:{self.page.position(node.start)[0]}")
            case Table(pairs=((_, Scalar(text=name)),)), "env":
                return self.variable(name)
            case Table(pairs=((_, Scalar(text=name)),)), "file":
                return self.file(name)
            case _:
                remedy = "write the value itself, {env: NAME} or {file: path}"
                return Value(None, fault="a text was expected here, not a list or a table", remedy=remedy, shape=True)

    def expand(self, text: str, source: str) -> Value:
        """`${NAME}` replaced wherever it stands; `$${` is a plain `${`."""
        if whole := REFERENCE.fullmatch(text):
            return self.variable(whole[1])
        parts, at = [], 0
        for found in _DOLLAR.finditer(text):
            parts.append(text[at : found.start()])
            at = found.end()
            if found[0].startswith("$$"):
                parts.append(found[0][1:])
                continue
            if not found[1]:
                return _lost("`${` begins no name of a variable", "write ${NAME}, or $${ for a plain ${")
            value = self.variable(found[1])
            if value.text is None:
                return value
            parts.append(value.text)
            source = value.source
        return Value("".join(parts) + text[at:], source)

    def variable(self, name: str) -> Value:
        if looks_private(name) or not REFERENCE.fullmatch(f"${{{name}}}"):
            return _lost("this names no environment variable", "write the name of the variable, not its value")
        value = self.environ.get(name)
        if value is None:
            return _lost(f"the environment variable {name} is not set", f"export {name}=… before you run preflight")
        if not value:
            return _lost(f"the environment variable {name} is set and empty", f"give {name} its value")
        return Value(value, f"${name}")

    def file(self, name: str) -> Value:
        """The text of a regular file, without the one line break at its end."""
        if looks_private(name) or not name or not name.isprintable():
            return _lost("this names no file", "write the name of the file, not what is in it")
        try:
            path = self.folder / Path(name).expanduser()
            if not stat.S_ISREG(path.stat().st_mode):
                return _lost(f"{name} is not a regular file", "name a plain file")
            with path.open("rb") as stream:
                data = stream.read(FILE_LIMIT + 1)
            if len(data) > FILE_LIMIT:
                return _lost(f"the file {name} is larger than {FILE_LIMIT >> 10} KiB", "name the key file itself")
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _lost(f"the file {name} is not text in UTF-8", "name the key file itself; .p12 files do not work")
        except (OSError, ValueError, RuntimeError) as error:
            reason = (getattr(error, "strerror", None) or "not a file name").lower()
            return _lost(f"the file {name} cannot be read: {reason}", f"files are looked up from {self.folder}")
        text = text.removesuffix("\n").removesuffix("\r")
        return Value(text, f"file {name}") if text else _lost(f"the file {name} is empty", "put the value into it")


def _lost(fault: str, remedy: str) -> Value:
    return Value(None, fault=fault, remedy=remedy)
