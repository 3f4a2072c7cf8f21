"""Our own deadline, and an interruption, are told as ours: never as a fault of the network or the storage."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace

import pytest

from preflight.config import Configuration
from preflight.model import Ask, Effect, Identity, Put, Read, Reply, Report, Status
from preflight.run import Plan, check
from preflight.session import Limits, Session
from tests.providers.contract.stores import STORAGE, Memory, memory_session


@dataclass
class Late(Memory):
    """A store whose session has no time left once it has answered so many asks."""

    answers: int = 0
    session: Session | None = None

    def ask(self, ask: Ask) -> Reply:
        reply = Memory.ask(self, ask)
        if self.session and len(self.asked) >= self.answers:
            self.session.limits = replace(self.session.limits, deadline=0)
        return reply


def late(answers: int) -> Report:
    """The report of a run whose time is over after so many answers."""
    store = Late(answers=answers)

    def opened(*_: object) -> Session:
        store.session = session = memory_session(store)
        session.admit(Identity.INSPECTOR, store)
        session.limits = Limits(deadline=0 if not answers else float("inf"))
        return session

    return check(Configuration(storages=(STORAGE,)), Plan(opener=opened))


@pytest.mark.parametrize("answers", range(8))
def test_what_was_never_asked_is_not_diagnosed(answers: int) -> None:
    """Whenever the time ends: what is open says so, with the option that gives more, and blames nothing."""
    outcomes = late(answers).storages[0].outcomes
    unsent = [o for o in outcomes if any("before this could be asked" in (e.reply.message or "") for e in o.evidence)]

    assert unsent or answers > 5
    for one in unsent:
        assert (one.status, one.candidates, one.remedy) == (Status.UNKNOWN, (), None)
        assert one.message.startswith("preflight's deadline was reached")
        assert "--deadline" in one.message


def test_an_answer_that_our_deadline_cut_off_is_no_fault_of_the_network() -> None:
    """The provider had less time than an ask has: nothing is known of it, but that the write may have happened."""

    class Slow:
        def ask(self, ask: Ask) -> Reply:
            assert isinstance(ask, Put | Read)
            threading.Event().wait(30)
            return Reply(status=200, effect=Effect.CERTAIN)

    session = memory_session(Slow())
    session.limits = Limits(timeout=30, deadline=time.monotonic() + 0.05)
    evidence = session.ask(session.put)

    assert "preflight's deadline was reached" in (evidence.reply.message or "")
    assert session.diagnose(evidence).candidates == ()
    assert [one.certain for one in session.residue] == [False]


def test_an_ask_that_used_up_its_own_time_is_diagnosed() -> None:
    """Where the whole time of an ask has gone by without an answer, that is the network's or the provider's."""

    class Silent:
        def ask(self, _: Ask) -> Reply:
            threading.Event().wait(30)
            return Reply(status=200)

    session = memory_session(Silent())
    session.limits = Limits(timeout=0.05)

    assert session.diagnose(session.ask(session.put)).candidates


def test_what_is_left_when_the_time_is_over_is_not_called_interrupted() -> None:
    """A check that hangs until the end of the run: the rest says that the deadline was reached."""
    going = threading.Event()

    def opened(*_: object) -> Session:
        session = memory_session(Memory())
        session.limits = Limits(deadline=0)
        return session

    try:
        report = check(Configuration(storages=(STORAGE,)), Plan(opener=opened, deadline=-2), lambda _: _wait(going))
    finally:
        going.set()
    reasons = {one.reason for one in report.storages[0].outcomes if one.status is Status.SKIP}

    assert report.exit_code == 3
    assert any("deadline was reached" in reason for reason in reasons)
    assert not any("interrupted" in reason for reason in reasons)


def _wait(until: threading.Event) -> None:
    until.wait(30)
