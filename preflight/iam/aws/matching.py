"""Where one statement applies to one request: its principal, action, resource and condition, each with its truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preflight.iam.aws.conditions import Clause
from preflight.iam.aws.document import Document, Effect, Pattern, Statement
from preflight.iam.aws.principals import Principal, Standing, standing
from preflight.iam.aws.values import Context
from preflight.iam.globs import Glob
from preflight.iam.languages import In, Language
from preflight.iam.lazy import lazy
from preflight.iam.regions import NONE, OPEN, Region, Truth, certain, every, union


@dataclass(frozen=True, slots=True)
class Request:
    """One action by one caller on one resource, or on every resource that a pattern describes."""

    principal: Principal
    action: str
    resource: Glob
    context: Context

    def at(self, resource: str) -> Request:
        """The same request for one resource."""
        return Request(self.principal, self.action, Glob.literal(resource), self.context)


EVERYONE = Standing(everyone=True)


class Match:
    """How one statement meets a request; each element is looked at when it is first asked for.

    `bounded`: whether the caller has a permissions boundary, which NotPrincipal with Deny always hits.
    """

    def __init__(self, document: Document, statement: Statement, request: Request, *, bounded: Truth = False) -> None:
        self.document = document
        self.statement = statement
        self.request = request
        self.denies = statement.effect is Effect.DENY
        self.bounded = bounded if self.denies else False

    @lazy
    def standing(self) -> Standing:
        names = self.statement.names
        return standing(names, self.request.principal, bounded=self.bounded) if names else EVERYONE

    @lazy
    def action(self) -> bool:
        name = self.request.action.lower()
        return self.statement.not_action is not any(names_action(one, name) for one in self.statement.actions)

    @lazy
    def resource(self) -> Region:
        asked, context = self.request.resource, self.request.context
        match self.statement.resources:
            case (only,):
                found = covers(only, asked, context)
            case patterns:
                found = union(covers(pattern, asked, context) for pattern in patterns)
        return ~found if self.statement.not_resource else found

    @lazy
    def clauses(self) -> tuple[Truth, ...]:
        return tuple(clause.met(self.request.context) for clause in self.statement.clauses)

    @property
    def condition(self) -> Truth:
        return every(self.clauses)

    @property
    def open_clauses(self) -> Iterator[Clause]:
        """The clauses whose truth is not known."""
        pairs = zip(self.statement.clauses, self.clauses, strict=True)
        return (clause for clause, truth in pairs if truth is None)

    @lazy
    def scope(self) -> Region:
        """Where action, resource and condition hold, whoever asks."""
        if not self.action or self.condition is False:
            return NONE
        return self.resource if self.condition else self.resource & OPEN

    @lazy
    def applies(self) -> Region:
        """Where the whole statement holds."""
        if not self.action:
            return NONE
        reached = self.standing.reached
        return NONE if reached is False else self.scope if reached else self.scope & OPEN


def names_action(pattern: Pattern, name: str) -> bool:
    """Whether an action pattern matches a name in lower case."""
    return pattern.whole is not None and pattern.whole.matches(name)


def covers(pattern: Pattern, asked: Glob, context: Context) -> Region:
    """Which of the resources asked about match a resource pattern."""
    if pattern.whole is not None:
        return certain(_inside(pattern.whole, asked))
    filled = pattern.template.fill(context)
    if filled.may is None:
        return NONE
    heads = filled.may.split(":", 5)
    may = _parts(tuple(heads[:5]), heads[5], asked) if len(heads) == 6 else _short(filled.may, asked)
    return certain(may) if filled.sure is not None else certain(may) & OPEN


def _parts(heads: tuple[Glob, ...], tail: Glob, asked: Glob) -> Language:
    """ARNs match field by field, so that a `*` in one field does not reach into the next."""
    ours = asked.prefix.split(":", 5)
    if not all(theirs.matches(mine) for theirs, mine in zip(heads, ours, strict=False)):
        return False
    return _inside(Glob((":".join(ours[:5]) + ":",)) + tail, asked)


def _short(pattern: Glob, asked: Glob) -> Language:
    """A pattern of fewer than six fields reaches further only through a `*` at its end."""
    return _inside(pattern, asked) if pattern.tokens and str(pattern).endswith("*") else False


def _inside(pattern: Glob, asked: Glob) -> Language:
    """The resources asked about that match, as simply as it can be said."""
    if asked.exact is not None:
        return pattern.matches(asked.exact)
    shared = min(len(pattern.prefix), len(asked.prefix))
    if pattern.prefix[:shared] != asked.prefix[:shared]:
        return False
    if pattern == asked or (pattern.open_ended and asked.prefix.startswith(pattern.prefix)):
        return True
    return In(pattern)


def matches(documents: Iterable[Document], request: Request, *, bounded: Truth = False) -> tuple[Match, ...]:
    return tuple(Match(d, s, request, bounded=bounded) for d in documents for s in d.statements)


def granted(found: Iterable[Match]) -> Region:
    """What the Allow statements reach, whichever way they name the caller."""
    return union(one.applies for one in found if not one.denies)


def refused(found: Iterable[Match]) -> Region:
    """What the Deny statements reach."""
    return union(one.applies for one in found if one.denies)
