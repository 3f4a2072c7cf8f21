"""Texts with policy variables (`${aws:username}`, `${key, 'default'}`, `${*}`) and what they become."""

from __future__ import annotations

import re
from dataclasses import dataclass

from preflight.iam.aws.values import Absent, Context, OneOf, Unknown, canonical
from preflight.iam.globs import ANYTHING, Glob, Token, scan
from preflight.iam.lazy import lazy

# A name, and perhaps a default in quotation marks; or one of the three characters that need escaping.
_VARIABLE = re.compile(r"\$\{(?:(?P<escape>[*?$])|(?P<key>[^{},'\"]+?)\s*(?:,\s*'(?P<default>[^']*)')?)\s*\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference to a condition key; `default` stands in where the request does not carry the key."""

    key: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A template for one request: `sure` if its text is known, else None; `may` holds all that it can be.

    Both are None when a variable has no value: then the template matches nothing.
    """

    sure: Glob | None
    may: Glob | None


class Template:
    """A text of a policy. `wild`: `*` and `?` are wildcards; `variables`: `${...}` is resolved (2012-10-17)."""

    __slots__ = ("__dict__", "pieces", "text")

    def __init__(self, text: str, *, variables: bool, wild: bool) -> None:
        self.text = text
        self.pieces: list[Token | Variable] = []
        end = 0
        for found in _VARIABLE.finditer(text) if variables else ():
            self._plain(text[end : found.start()], wild=wild)
            self.pieces.append(found["escape"] or Variable(canonical(found["key"].strip()), found["default"]))
            end = found.end()
        self._plain(text[end:], wild=wild)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Template) and self.pieces == other.pieces

    def __hash__(self) -> int:
        return hash(self.text)

    def _plain(self, text: str, *, wild: bool) -> None:
        self.pieces.extend(scan(text) if wild else (text,))

    @lazy
    def variables(self) -> tuple[Variable, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Variable))

    @lazy
    def fixed(self) -> Filled | None:
        """What the template always is, if it has no variables."""
        if self.variables:
            return None
        glob = Glob(piece for piece in self.pieces if not isinstance(piece, Variable))
        return Filled(glob, glob)

    def fill(self, context: Context) -> Filled:
        if self.fixed:
            return self.fixed
        sure = True
        tokens: list[Token] = []
        for piece in self.pieces:
            if not isinstance(piece, Variable):
                tokens.append(piece)
                continue
            match context.look(piece.key):
                case str(value) | (str(value),):
                    tokens.append(value)
                case Absent() | ():
                    if piece.default is None:
                        return Filled(None, None)
                    tokens.append(piece.default)
                case Unknown(shape=shape):
                    sure = False
                    tokens.extend((shape if piece.default is None else ANYTHING).tokens)
                case OneOf() | tuple():
                    sure = False
                    tokens.extend(ANYTHING.tokens)
        glob = Glob(tokens)
        return Filled(glob if sure else None, glob)
