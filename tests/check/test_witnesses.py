"""Two witnesses, every row of the table: what the live write and the documents say together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from preflight.checks import drawer
from preflight.model import (
    Ask,
    Candidate,
    Cause,
    Confidence,
    Effect,
    Evidence,
    Identity,
    Outcome,
    Problem,
    Refusal,
    Reply,
    Status,
    Witness,
)
from preflight.session import Session
from tests.providers.contract.stores import STORAGE, memory_session


@dataclass(frozen=True, slots=True)
class Says:
    """A store that always says the same."""

    reply: Reply

    def ask(self, ask: Ask) -> Reply:
        del ask
        return self.reply


WROTE = Reply(status=200, effect=Effect.CERTAIN)
DOUBTED = Reply(status=200, effect=Effect.NONE)
AUTHORISED = Reply(status=400, facts={"weaker": "refused for its digest on purpose"})
DENIED = Reply(
    status=403,
    refusal=Refusal(provider="s3", status=403, code="AccessDenied"),
    candidates=(Candidate(cause=Cause.ACCESS_DENIED, because="AWS gives no reason"),),
)
STATED = Reply(
    status=403,
    refusal=Refusal(provider="s3", status=403, code="AccessDenied"),
    candidates=(Candidate(cause=Cause.EXPLICIT_DENY, confidence=Confidence.STATED, because="an explicit deny"),),
)
BUSY = Reply(
    status=503,
    refusal=Refusal(provider="s3", status=503, code="SlowDown"),
    candidates=(Candidate(cause=Cause.THROTTLED, because="too many"),),
)


def _paper(answer: str, **facts: object) -> Reply:
    refusal = None if answer == "allowed" else Refusal(provider="s3", code=answer)
    found = (Candidate(cause=Cause.EXPLICIT_DENY, because="statement DenyAll denies it"),)
    candidates = found if answer in {"denied", "split"} else ()
    return Reply(facts={"answer": answer, **facts}, refusal=refusal, candidates=candidates, message=f"paper: {answer}")


def _outcome(live: Reply | None, paper: Reply | None, *, problems: tuple[Problem, ...] = ()) -> Outcome:
    session: Session = memory_session(Says(live or WROTE))
    session.problems = problems
    if live is None:
        session.admit(Identity.WRITER, "only Stream can try")
    if paper is not None:
        session.admit(Identity.DOCUMENTS, Says(paper))
    check = drawer()["write-object"]
    return check.examine(check, session)


ROWS: dict[str, tuple[Reply | None, Reply | None, Status, str]] = {
    "yes, yes": (WROTE, _paper("allowed"), Status.PASS, "proven twice"),
    "yes, silent": (WROTE, _paper("unknown"), Status.PASS, "why it is allowed is not known"),
    "yes, known for some keys only": (
        WROTE,
        _paper("unknown", allowed="recordings/a.txt", undecided="recordings/a.mp4"),
        Status.UNKNOWN,
        "recordings/a.mp4",
    ),
    "yes, nobody": (WROTE, None, Status.PASS, ""),
    "yes, no": (WROTE, _paper("denied"), Status.UNKNOWN, "another identity, or incomplete"),
    "yes, not for every key": (WROTE, _paper("split", denied="recordings/a"), Status.FAIL, "recordings/a"),
    "no, yes": (DENIED, _paper("allowed"), Status.FAIL, "something that they do not show"),
    "no, no": (DENIED, _paper("denied"), Status.FAIL, "DenyAll"),
    "no, not for every key": (DENIED, _paper("split"), Status.FAIL, "DenyAll"),
    "no, silent": (DENIED, _paper("unknown"), Status.FAIL, "AWS gives no reason"),
    "no, nobody": (DENIED, None, Status.FAIL, "AWS gives no reason"),
    "cannot tell, yes": (BUSY, _paper("allowed"), Status.SKIP, ""),
    "cannot be tried, yes": (None, _paper("allowed"), Status.PASS, "proven by policy, for every key"),
    "cannot be tried, no": (None, _paper("denied"), Status.FAIL, "paper: denied"),
    "cannot be tried, not for every key": (None, _paper("split"), Status.FAIL, "paper: split"),
    "cannot be tried, silent": (None, _paper("unknown"), Status.UNKNOWN, "paper: unknown"),
    "cannot be tried, nobody": (None, None, Status.UNKNOWN, "only Stream can try"),
    "authorised, nobody": (AUTHORISED, None, Status.UNKNOWN, "weaker than a write"),
    "authorised, yes": (AUTHORISED, _paper("allowed"), Status.PASS, "stores nothing was authorised"),
    "authorised, no": (AUTHORISED, _paper("denied"), Status.UNKNOWN, "another identity, or incomplete"),
    "authorised, silent": (AUTHORISED, _paper("unknown"), Status.UNKNOWN, "weaker than a write"),
    "a success of which nothing is known to exist": (DOUBTED, None, Status.UNKNOWN, "anything exists"),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_row(name: str) -> None:
    """One row: its status, and the words that say why."""
    live, paper, status, words = ROWS[name]
    outcome = _outcome(live, paper)

    assert outcome.status is status, outcome.message
    assert words in outcome.message


@pytest.mark.parametrize("name", ROWS)
def test_both_witnesses_are_heard_by_name(name: str) -> None:
    """Whatever is concluded, each witness that spoke is in the evidence, as who it is."""
    live, paper, status, _ = ROWS[name]
    if status is Status.SKIP:
        return
    heard: set[Witness] = {evidence.witness for evidence in _outcome(live, paper).evidence}

    told = {Witness.LIVE} if live else set()
    silent = live is AUTHORISED and paper is not None and paper.facts["answer"] == "unknown"
    assert heard == told | ({Witness.PAPER} if paper and not silent else set())


def test_a_refusal_that_the_documents_do_not_show_is_ranked() -> None:
    """What hides from the documents comes first, what they exclude comes last."""
    inferred = (Candidate(cause=Cause.PERMISSION_MISSING), Candidate(cause=Cause.ENCRYPTION_KEY_DENIED))
    refused = Reply(status=403, refusal=Refusal(provider="s3", status=403), candidates=inferred)
    causes = [candidate.cause for candidate in _outcome(refused, _paper("allowed")).candidates]

    assert causes[0] is Cause.ENCRYPTION_KEY_DENIED
    assert causes[-1] is Cause.PERMISSION_MISSING
    assert Cause.ORGANIZATION_DENY in causes


def test_what_the_provider_states_stays_first() -> None:
    """A cause that the provider itself states is not demoted by documents that we were given."""
    outcome = _outcome(STATED, _paper("allowed"))

    assert outcome.candidates[0].cause is Cause.EXPLICIT_DENY


def test_what_the_documents_guess_is_kept_behind_what_was_said() -> None:
    """Documents that do not decide may still name the nearest grant: a hint, after what the provider states."""
    nearest = Candidate(cause=Cause.CONDITION_UNMET, because="nearest is binding #1, but its condition")
    paper = Reply(facts={"answer": "unknown"}, refusal=Refusal(provider="gcs"), candidates=(nearest,))
    outcome = _outcome(STATED, paper)

    assert [candidate.cause for candidate in outcome.candidates] == [Cause.EXPLICIT_DENY, Cause.CONDITION_UNMET]


def test_half_a_configuration_waits_for_its_other_half() -> None:
    """Nobody can write with fields missing: the write waits for them, and is no verdict of its own."""
    problem = Problem(
        check="complete-fields", message="no secret", cause=Cause.CREDENTIAL_MISSING, location=STORAGE.origin
    )
    outcome = _outcome(None, _paper("allowed"), problems=(problem,))

    assert (outcome.status, outcome.waits_for) == (Status.SKIP, "complete-fields")


def test_evidence_of_the_write_is_live() -> None:
    """The live answer is asked once and told as such."""
    (evidence,) = _outcome(WROTE, None).evidence

    assert isinstance(evidence, Evidence)
    assert (evidence.witness, evidence.identity) == (Witness.LIVE, Identity.WRITER)
