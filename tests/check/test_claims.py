"""What one answer proves about each claim: the table, and the law that a refusal never passes for a write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.checks import Stage, before, drawer, owner_of
from preflight.claims import judge, on_the_bucket, read, withheld
from preflight.model import (
    Candidate,
    Cause,
    Delete,
    Effect,
    Evidence,
    Get,
    Identity,
    List,
    Outcome,
    Put,
    PutParts,
    Refusal,
    Reply,
    Setting,
    Status,
    WhoAmI,
)
from tests.providers.contract.stores import Memory, memory_session

OF_THE_WRITE = [check.name for check in drawer().values() if check.stage is Stage.WRITE and check.causes]


def _judged(name: str, *causes: Cause) -> Outcome:
    """The outcome of a claim whose write was refused with these causes, best first; without any, it went well."""

    class Told:
        def ask(self, ask: object) -> Reply:
            del ask
            if not causes:
                return Reply(status=200, effect=Effect.CERTAIN)
            refusal = Refusal(provider="s3", status=403, code="Told", message="as told")
            return Reply(status=403, refusal=refusal, candidates=tuple(Candidate(cause=cause) for cause in causes))

    session = memory_session(Told())
    return judge(drawer()[name], session, session.ask(session.put))


@pytest.mark.parametrize("name", OF_THE_WRITE)
def test_a_write_proves_every_claim(name: str) -> None:
    """Endpoint, credential, bucket, region, clock: one success proves them all."""
    assert _judged(name).status is Status.PASS


TABLE: dict[str, tuple[str, tuple[Cause, ...], Status, str]] = {
    "its own fault": ("accept-credential", (Cause.SECRET_WRONG,), Status.FAIL, ""),
    "its own fault, of the way": ("reach-endpoint", (Cause.THROTTLED,), Status.UNKNOWN, ""),
    "its own fault, of this machine": ("keep-clock", (Cause.CLOCK_SKEW,), Status.UNKNOWN, ""),
    "a fault further on": ("accept-credential", (Cause.PERMISSION_MISSING,), Status.PASS, ""),
    "a fault further on, or its own": (
        "accept-credential",
        (Cause.PERMISSION_MISSING, Cause.CREDENTIAL_UNKNOWN),
        Status.SKIP,
        "",
    ),
    "a fault before it": ("write-object", (Cause.CREDENTIAL_UNKNOWN,), Status.SKIP, "accept-credential"),
    "a fault beside it": ("keep-clock", (Cause.SECRET_WRONG,), Status.SKIP, "accept-credential"),
    "the endpoint": ("find-bucket", (Cause.DNS_FAILED,), Status.SKIP, "reach-endpoint"),
    "its own first, another second": ("write-object", (Cause.ACCESS_DENIED, Cause.BUCKET_MISSING), Status.FAIL, ""),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_table_of_judgement(name: str) -> None:
    """Whose fault the first candidate is decides: failed, open, proven on the way there, or waiting."""
    check, causes, status, waits_for = TABLE[name]
    outcome = _judged(check, *causes)

    assert (outcome.status, outcome.waits_for) == (status, waits_for)


@given(name=st.sampled_from(OF_THE_WRITE), causes=st.lists(st.sampled_from(Cause), min_size=1, max_size=3, unique=True))
def test_a_refusal_never_passes_what_it_may_refute(name: str, causes: list[Cause]) -> None:
    """A claim passes on a refusal only if the fault lies further on, and none of the candidates is its own."""
    check, outcome = drawer()[name], _judged(name, *causes)
    owner = owner_of(causes[0])

    if outcome.status is Status.PASS:
        assert owner is not None
        assert check.name in before(owner.name)
        assert not check.causes & set(causes)
    if check.essential:
        assert outcome.status is not Status.PASS


@given(cause=st.sampled_from(Cause))
def test_only_what_decides_fails(cause: Cause) -> None:
    """A fault of ours, of the network or of a passing state refutes nothing about the storage."""
    owner = owner_of(cause)
    assert owner is not None
    if owner.name in OF_THE_WRITE:
        assert (_judged(owner.name, cause).status is Status.FAIL) is cause.owner.decides


def test_words_that_nobody_knows_stay_open() -> None:
    """A refusal without any candidate is unknown, in the provider's own words."""

    class Odd:
        def ask(self, ask: object) -> Reply:
            del ask
            refusal = Refusal(provider="s3", status=299, code="Flux", message="out of balance")
            return Reply(status=299, code="Flux", message="out of balance", refusal=refusal)

    session = memory_session(Odd())
    evidence: Evidence = session.ask(session.put)
    outcome = judge(drawer()["write-object"], session, evidence)

    assert outcome.status is not Status.PASS
    assert outcome.candidates or "out of balance" in outcome.message


@pytest.mark.parametrize(
    ("verb", "name"), [(Get, "withhold-read"), (List, "withhold-list"), (Delete, "withhold-delete")]
)
def test_a_right_too_many_is_told_and_taken_back(verb: type, name: str) -> None:
    """A right that writing does not need is a failed warning with the permission in its words; its absence passes."""
    check = drawer()[name]
    for may, status in (({verb}, Status.FAIL), (set(), Status.PASS)):
        session = memory_session(Memory(may=frozenset({WhoAmI, Put, PutParts, *may})))
        session.ask(session.put)
        outcome = check.examine(check, session)
        assert outcome.status is status
        if status is Status.FAIL:
            assert f"memory:{verb.__name__}" in outcome.message
            assert outcome.remedy is not None


class _Broken:
    """A store that fails by a bug of ours, whose words a diagnosis could take for a provider's."""

    def ask(self, ask: object) -> Reply:
        raise RuntimeError(f"Forbidden: AccessDenied, NoSuchBucket: {ask}")


@pytest.mark.parametrize("name", OF_THE_WRITE)
def test_a_bug_of_ours_is_held_against_nobody(name: str) -> None:
    """Whatever its words: the claim stays open, and the outcome says that preflight itself failed."""
    session = memory_session(_Broken())
    outcome = judge(drawer()[name], session, session.ask(session.put))

    assert (outcome.status, outcome.crashed, outcome.candidates) == (Status.UNKNOWN, True, ())
    assert "preflight itself failed" in outcome.message


def test_a_bug_of_ours_is_no_least_privilege() -> None:
    """Nor does one prove that a right is withheld, or that the inspector lacks one."""
    session = memory_session(_Broken())
    session.admit(Identity.INSPECTOR, _Broken())
    kept = withheld(Get)(drawer()["withhold-read"], session)
    setting = read(drawer()["stay-private"], session, Setting.PUBLIC_ACCESS)
    session.admit(Identity.WRITER, "nobody here can write")
    bucket = on_the_bucket(drawer()["find-bucket"], session)

    assert isinstance(setting, Outcome)
    assert [(one.status, one.crashed) for one in (kept, setting, bucket)] == [(Status.UNKNOWN, True)] * 3
