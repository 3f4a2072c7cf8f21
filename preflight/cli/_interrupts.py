"""Ctrl-C and a request to terminate end a run, never its report."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While this is entered, both signals are noted, and raise `KeyboardInterrupt` only inside `awaited`.

    So a signal in the middle of a report loses nothing. The third one has its usual effect again.
    """

    def __init__(self) -> None:
        self._noted = 0
        self._awaited = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    @property
    def awaited(self) -> Awaited:
        """The stretch in which an interruption is expected."""
        return Awaited(self)

    def await_(self, *, awaited: bool) -> None:
        self._awaited = awaited
        if awaited and self._noted:
            self._raise()

    def _note(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._noted += 1
        if self._noted > 1:
            self._restore()
        if self._awaited:
            self._raise()

    def _raise(self) -> None:
        self._awaited = False
        raise KeyboardInterrupt

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


class Awaited:
    """A stretch in which signals interrupt."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts

    def __enter__(self) -> None:
        self._interrupts.await_(awaited=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._interrupts.await_(awaited=False)
