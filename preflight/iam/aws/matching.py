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
from preflight.iam.regions import NONE, Region, Truth, every, region, union


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


@dataclass(frozen=True, slots=True)
class Match:
    """How one statement meets a request. `applies` are the resources for which all its elements hold."""

    document: Document
    statement: Statement
    standing: Standing
    action: Truth
    resource: Region
    clauses: tuple[Truth, ...]

    @property
    def condition(self) -> Truth:
        return every(self.clauses)

    @property
    def open_clauses(self) -> Iterator[Clause]:
        """The clauses whose truth is not known."""
        pairs = zip(self.statement.clauses, self.clauses, strict=True)
        return (clause for clause, truth in pairs if truth is None)

    @property
    def denies(self) -> bool:
        return self.statement.effect is Effect.DENY

    @property
    def scope(self) -> Region:
        """Where action, resource and condition hold, whoever asks."""
        rest = every((self.action, self.condition))
        return NONE if rest is False else self.resource if rest else self.resource & region(None)

    @property
    def applies(self) -> Region:
        return region(self.standing.reached) & self.scope


def match(document: Document, statement: Statement, request: Request, *, bounded: Truth = False) -> Match:
    """`bounded`: whether the caller has a permissions boundary, which NotPrincipal with Deny always hits."""
    names = statement.names
    bounded = bounded if statement.effect is Effect.DENY else False
    return Match(
        document=document,
        statement=statement,
        standing=standing(names, request.principal, bounded=bounded) if names else EVERYONE,
        action=_action(statement, request.action),
        resource=_resource(statement, request),
        clauses=tuple(clause.met(request.context) for clause in statement.clauses),
    )


def _action(statement: Statement, action: str) -> bool:
    name = action.lower()
    return statement.not_action is not any(names_action(pattern, name) for pattern in statement.actions)


def names_action(pattern: Pattern, name: str) -> bool:
    """Whether an action pattern matches a name in lower case."""
    fixed = pattern.template.fixed
    return fixed is not None and fixed.may is not None and fixed.may.matches(name)


def _resource(statement: Statement, request: Request) -> Region:
    found = union(covers(pattern, request.resource, request.context) for pattern in statement.resources)
    return ~found if statement.not_resource else found


def covers(pattern: Pattern, asked: Glob, context: Context) -> Region:
    """Which of the resources asked about match a resource pattern."""
    if pattern.tail is not None:
        language = _parts(pattern.heads, pattern.tail, asked)
        return Region(language, language)
    filled = pattern.template.fill(context)
    if filled.may is None:
        return NONE
    heads = filled.may.split(":", 5)
    may = _parts(tuple(heads[:5]), heads[5], asked) if len(heads) == 6 else _short(filled.may, asked)
    return Region(may if filled.sure is not None else False, may)


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
    return tuple(match(d, s, request, bounded=bounded) for d in documents for s in d.statements)


def granted(found: Iterable[Match]) -> Region:
    """What the Allow statements reach, whichever way they name the caller."""
    return union(one.applies for one in found if not one.denies)


def refused(found: Iterable[Match]) -> Region:
    """What the Deny statements reach."""
    return union(one.applies for one in found if one.denies)
