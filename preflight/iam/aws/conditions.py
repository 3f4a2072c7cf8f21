"""The condition block of a statement: clauses, and whether a request meets them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preflight.iam.aws.operators import Kind, Operator, Quantifier, Wanted, holds, whole_families
from preflight.iam.aws.values import Absent, Context, OneOf, Unknown, Value
from preflight.iam.globs import Glob
from preflight.iam.regions import Truth, agree, every, negate, some


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One operator on one key with its values; `name` is the key as written, `key` its canonical spelling."""

    operator: Operator
    key: str
    name: str
    texts: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    pointer: str

    def __str__(self) -> str:
        values = ", ".join(f"`{text}`" for text in self.texts[:4])
        more = f" and {len(self.texts) - 4} more" if len(self.texts) > 4 else ""
        return f"{self.operator.name} {self.name} {values}{more}"

    @property
    def families(self) -> frozenset[int]:
        """The versions of IP of which every address is among the values: such a condition lists nobody."""
        return whole_families(self.wanted) if self.operator.kind is Kind.ADDRESS else frozenset()

    def met(self, context: Context) -> Truth:
        """Whether the request meets the clause."""
        if not self.wanted:
            return None  # an empty list of values: what AWS makes of it is not documented
        value = context.look(self.key)
        if self.operator.kind is Kind.NULL:
            return some(self._null(value, want) for want in self.wanted)
        return self._judge(value, context)

    @staticmethod
    def _null(value: Value, want: Wanted) -> Truth:
        if want is None:
            return None
        match value:
            case Absent() | ():
                return want is True
            case Unknown(present=False):
                return None
            case str() | tuple() | OneOf() | Unknown():
                return want is False

    def _judge(self, value: Value, context: Context) -> Truth:
        match value:
            case str(text):
                return self._of_several((Glob.literal(text),), context)
            case tuple(texts) if texts:
                return self._of_several([Glob.literal(text) for text in texts], context)
            case tuple() | Absent():
                return self._missing()
            case OneOf(choices=choices):
                return agree(self._judge(choice, context) for choice in choices)
            case Unknown(shape=shape, present=True):
                return self._of_several((shape,), context)
            case Unknown(shape=shape):
                return agree((self._missing(), self._of_several((shape,), context)))

    def _missing(self) -> Truth:
        op = self.operator
        match op.quantifier:
            case Quantifier.ALL:
                return True
            case Quantifier.ANY:
                return op.if_exists
            case Quantifier.ONE:
                return op.if_exists or op.negated

    def _of_several(self, values: Iterable[Glob], context: Context) -> Truth:
        judged = [self._one(value, context) for value in values]
        if len(judged) == 1:
            return judged[0]
        match self.operator.quantifier:
            case Quantifier.ALL:
                return every(judged)
            case Quantifier.ANY:
                return some(judged)
            case Quantifier.ONE:
                return agree(judged)  # a key of several values wants a set operator: undefined without

    def _one(self, value: Glob, context: Context) -> Truth:
        met: Truth
        if value.exact is None and self.families == {4, 6}:
            met = True  # whichever address it is
        elif len(self.wanted) == 1:
            met = holds(self.operator, value, self.wanted[0], context)
        else:
            met = some(holds(self.operator, value, want, context) for want in self.wanted)
        return negate(met) if self.operator.negated else met
