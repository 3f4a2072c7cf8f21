"""What an evaluation of documents says: the answer, the reasons, an example on each side, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from preflight.model import Cause


class Answer(StrEnum):
    """The answer for every name that was asked about.

    `split`: some name is surely denied and some other is not surely denied, so the claim for every name is
    refuted. `unknown`: no name is surely denied and some name is open.
    """

    ALLOWED = "allowed"
    DENIED = "denied"
    SPLIT = "split"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a reason does: it grants, it denies, a grant is lacking, or the matter stays open because of it."""

    GRANT = "grant"
    DENY = "deny"
    LACK = "lack"
    OPEN = "open"


class Part(StrEnum):
    """The element of a statement that decided, or failed to match."""

    PRINCIPAL = "principal"
    ACTION = "action"
    RESOURCE = "resource"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence (`says`) and where it comes from.

    `document` is its label ("bucket policy"), `statement` the Sid or `#2`, `pointer` a JSON pointer into the
    document. `part`, `key`, `operator`, `values` name what matched or failed to.
    """

    role: Role
    says: str
    document: str = ""
    statement: str = ""
    pointer: str = ""
    part: Part | None = None
    key: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What would settle an open decision: a document that was not read, or the value of a condition key."""

    says: str
    document: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer with its proof.

    `allowed`, `denied` and `undecided` are example names of each kind (None if there is none): each can be
    asked alone and is then decided so. `until` is the ISO 8601 UTC time from which the answer is another one.
    """

    answer: Answer
    reasons: tuple[Reason, ...] = ()
    needs: tuple[Need, ...] = ()
    assumptions: tuple[str, ...] = ()
    allowed: str | None = None
    denied: str | None = None
    undecided: str | None = None
    until: str | None = None

    @property
    def deciding(self) -> Reason | None:
        """The statement that decided, or the nearest one that would have to."""
        return self.reasons[0] if self.reasons else None

    @property
    def cause(self) -> Cause | None:
        """What a refusal would be called; None unless something is denied."""
        if self.denied is None:
            return None
        return next((reason.cause for reason in self.reasons if reason.cause), None)

    @property
    def sentence(self) -> str:
        return self.reasons[0].says if self.reasons else ""
