"""Laws that hold whatever goes wrong: no false green, no forgotten object, no ask after the end."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from preflight.checks import drawer
from preflight.config import Configuration
from preflight.model import Delete, Get, Identity, List, Put, PutParts, Report, Status, StorageReport, Verdict, WhoAmI
from preflight.run import Plan, check
from preflight.session import Limits, Session
from tests.providers.contract.stores import STORAGE, Faulty, Mishap, faulty, memory_session

QUICK = 0.05  # seconds that an ask gets here; what hangs, hangs for ever
rights = st.sets(st.sampled_from([Get, List, Delete]), max_size=3)
mishaps = st.lists(st.sampled_from(Mishap), max_size=10)


def _examine(store: Faulty, *, sibling: bool, dry: bool = False, deadline: float = 20) -> tuple[StorageReport, Report]:
    opened: list[Session] = []

    def opener(*given: object) -> Session:
        limits = given[-1]
        assert isinstance(limits, Limits)
        session = memory_session(store, sibling=sibling, limits=replace(limits, timeout=QUICK))
        session.dry = dry
        opened.append(session)
        return session

    report = check(Configuration(storages=(STORAGE,)), Plan(opener=opener, deadline=deadline, no_residue=dry))
    return report.storages[0], report


@given(wrong=mishaps, sibling=st.booleans(), more=rights)
def test_ready_means_that_both_writes_happened(wrong: list[Mishap], sibling: bool, more: set[type]) -> None:  # noqa: FBT001 - drawn
    """Under any mishaps: where the verdict is ready, the object was created and the parts were put together."""
    store = faulty(wrong, sibling=sibling, may=frozenset({WhoAmI, Put, PutParts, *more}))
    storage, report = _examine(store, sibling=sibling)
    store.release()

    if report.verdict is Verdict.READY:
        assert [ask for ask in store.store.asked if isinstance(ask, Put) and not ask.again]
        assert [ask for ask in store.store.asked if isinstance(ask, PutParts)]
    assert report.exit_code == 4 or all(not outcome.crashed for outcome in storage.outcomes)
    assert [outcome.check for outcome in storage.outcomes] == [c.name for c in drawer().values() if not c.file_wide]


@given(wrong=mishaps, sibling=st.booleans(), more=rights)
def test_nothing_that_exists_is_left_untold(wrong: list[Mishap], sibling: bool, more: set[type]) -> None:  # noqa: FBT001 - drawn
    """Whatever went wrong, and whatever still arrives later: every object there is stands in the residue."""
    store = faulty(wrong, sibling=sibling, may=frozenset({WhoAmI, Put, PutParts, *more}))
    storage, _ = _examine(store, sibling=sibling)
    store.release()

    told = {one.address.removeprefix(f"memory://{STORAGE.bucket}/") for one in storage.residue}
    assert set(store.store.objects) <= told
    assert all(one.delete for one in storage.residue)


@given(wrong=mishaps)
def test_what_surely_is_left_is_there(wrong: list[Mishap]) -> None:
    """An entry that calls itself certain is: nobody is sent to delete what never was."""
    store = faulty([one for one in wrong if one is not Mishap.ARRIVES])
    storage, _ = _examine(store, sibling=False)
    store.release()

    sure = {one.address.removeprefix(f"memory://{STORAGE.bucket}/") for one in storage.residue if one.certain}
    assert sure <= set(store.store.objects)


@given(wrong=mishaps, sibling=st.booleans())
def test_the_writer_is_asked_about_own_names_only(wrong: list[Mishap], sibling: bool) -> None:  # noqa: FBT001 - drawn
    """Every name that ever reaches a store is this run's own, below the path."""
    store = faulty(wrong, sibling=sibling, may=frozenset({WhoAmI, Put, PutParts, Get, List, Delete}))
    _examine(store, sibling=sibling)
    store.release()

    names = [getattr(ask, "key", None) or getattr(ask, "prefix", None) for ask in store.store.asked]
    assert all(name.startswith(f"{STORAGE.path}preflight-test-") for name in names if name)


@given(wrong=mishaps)
def test_no_secret_survives_a_mishap(wrong: list[Mishap]) -> None:
    """Not even a bug of ours that says the secret aloud gets it into the report."""
    store = faulty(wrong)
    storage, _ = _examine(store, sibling=False)
    store.release()
    said = repr(storage)

    assert [secret.shape for secret in STORAGE.secrets if secret.reveal() in said] == []


@given(wrong=st.lists(st.sampled_from(Mishap), min_size=1, max_size=6))
def test_a_dry_run_is_never_ready(wrong: list[Mishap]) -> None:
    """`--no-residue` alone never makes a storage ready, whatever is answered."""
    store = faulty(wrong)
    _, report = _examine(store, sibling=False, dry=True)
    store.release()

    assert report.verdict is not Verdict.READY


def test_after_the_deadline_nothing_is_asked() -> None:
    """A run whose time is over asks nobody, leaves nothing, and is undetermined with every check told."""
    store = faulty([])
    storage, report = _examine(store, sibling=False, deadline=-1)

    assert store.store.asked == []
    assert storage.residue == ()
    assert report.verdict is Verdict.UNDETERMINED
    assert all(outcome.status is not Status.PASS for outcome in storage.outcomes if outcome.essential)


def test_a_store_that_hangs_ends_with_the_deadline() -> None:
    """Everything hangs: the run ends all the same, and says of the write that it may be there."""
    store = faulty([Mishap.HANGS] * 50)
    began = time.monotonic()
    storage, report = _examine(store, sibling=True)
    took = time.monotonic() - began
    store.release()

    assert took < 20
    assert report.verdict is Verdict.UNDETERMINED
    assert [one.certain for one in storage.residue] == [False]


def test_what_was_halted_is_not_asked() -> None:
    """After an interruption a session asks nothing more."""
    store = faulty([])
    session = memory_session(store)
    session.halt()
    evidence = session.ask(session.put, Identity.WRITER)

    assert not evidence.reply.ok
    assert store.store.asked == []
    assert session.residue == ()
