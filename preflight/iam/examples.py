"""A shortest example of each kind among the names asked about, and the answer that they make together."""

from __future__ import annotations

from preflight.iam.decision import Answer
from preflight.iam.globs import Glob
from preflight.iam.languages import In, Language, TooHard, both, other, shortest
from preflight.iam.regions import Region, Truth


class Examples:
    """A shortest example of each kind among the resources asked about; `hard`: not every kind could be searched."""

    __slots__ = ("allowed", "denied", "hard", "undecided")

    def __init__(self) -> None:
        self.allowed: str | None = None
        self.denied: str | None = None
        self.undecided: str | None = None
        self.hard = False

    @classmethod
    def of(cls, asked: Glob, allowed: Region) -> Examples:
        found = cls()
        found.allowed = found.find(asked, allowed.sure)
        found.denied = found.find(asked, other(allowed.may))
        found.undecided = found.find(asked, both(allowed.may, other(allowed.sure)))
        return found

    def find(self, asked: Glob, language: Language) -> str | None:
        if isinstance(language, bool):
            return asked.example if language else None
        try:
            return shortest(both(In(asked), language), after=asked.prefix)
        except TooHard:
            self.hard = True
            return None

    @property
    def answer(self) -> Answer:
        match self.allowed is not None, self.denied is not None, self.undecided is not None:
            case _, True, True:
                return Answer.SPLIT
            case True, True, _:
                return Answer.SPLIT
            case True, False, False if not self.hard:
                return Answer.ALLOWED
            case False, True, False if not self.hard:
                return Answer.DENIED
            case _:
                return Answer.UNKNOWN

    @property
    def truth(self) -> Truth:
        """The answer for all names at once, for a question of one name: the one that it has."""
        match self.answer:
            case Answer.ALLOWED:
                return True
            case Answer.DENIED:
                return False
            case _:
                return None
