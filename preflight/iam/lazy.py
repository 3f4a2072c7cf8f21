"""A property that is worked out when first asked for, without the lock that `functools.cached_property` takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class lazy(Generic[Result]):  # noqa: N801 - reads as a decorator
    """Keeps the result in the instance's `__dict__`, where the next look finds it first."""

    def __init__(self, work: Callable[[Any], Result]) -> None:
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, instance: Any, owner: type) -> Result:  # noqa: ANN401 - of any class
        result = instance.__dict__[self.name] = self.work(instance)
        return result
