"""Three-valued logic: for one question (`Truth`) and for a whole set of names at once (`Region`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preflight.iam.languages import Language, both, either, other

Truth = bool | None  # None: cannot be known from what is at hand


def every(truths: Iterable[Truth]) -> Truth:
    """And: false beats unknown beats true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def some(truths: Iterable[Truth]) -> Truth:
    """Or: true beats unknown beats false."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def negate(truth: Truth) -> Truth:
    return None if truth is None else not truth


def agree(truths: Iterable[Truth]) -> Truth:
    """What holds in each of several possible worlds: their common answer, else unknown."""
    found = set(truths)
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Region:
    """A set of names known in part: `sure` are surely in it, all others that may be are in `may`."""

    sure: Language
    may: Language

    def __and__(self, other_region: Region) -> Region:
        return meet((self, other_region))

    def __or__(self, other_region: Region) -> Region:
        return union((self, other_region))

    def __invert__(self) -> Region:
        return _plain(other(self.may), other(self.sure))

    @property
    def truth(self) -> Truth:
        """The answer that is the same for every name, if the set is that simple."""
        if self.sure is True:
            return True
        return False if self.may is False else None


ALL = Region(sure=True, may=True)
NONE = Region(sure=False, may=False)
OPEN = Region(sure=False, may=True)


def _plain(sure: Language, may: Language) -> Region:
    """The region, by its name if it has one: most have, and are then combined at no cost."""
    if sure is True:
        return ALL
    if may is False:
        return NONE
    return OPEN if sure is False and may is True else Region(sure, may)


def region(truth: Truth) -> Region:
    """The same truth for every name."""
    return OPEN if truth is None else ALL if truth else NONE


def certain(language: Language) -> Region:
    """A set of names that is known exactly."""
    return _plain(language, language)


def union(regions: Iterable[Region]) -> Region:
    found = _essential(regions, neutral=NONE, absorbing=ALL)
    if len(found) == 1:
        return found[0]
    return _plain(either(*(one.sure for one in found)), either(*(one.may for one in found)))


def meet(regions: Iterable[Region]) -> Region:
    found = _essential(regions, neutral=ALL, absorbing=NONE)
    if len(found) == 1:
        return found[0]
    return _plain(both(*(one.sure for one in found)), both(*(one.may for one in found)))


def _essential(regions: Iterable[Region], *, neutral: Region, absorbing: Region) -> list[Region]:
    """Those that matter to a combination, at least one."""
    found: list[Region] = []
    for one in regions:
        if one is absorbing:
            return [absorbing]
        if one is not neutral:
            found.append(one)
    return found or [neutral]


def blend(worlds: Iterable[Region]) -> Region:
    """What holds in each of several possible worlds."""
    found = list(worlds)
    if len(found) == 1:
        return found[0]
    return _plain(both(*(one.sure for one in found)), either(*(one.may for one in found)))
