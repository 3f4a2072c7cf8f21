"""The two witnesses reconciled: what the live write says, and what the documents say about every key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from preflight.checks import Check
from preflight.claims import failed, judge, passed, skipped, unknown, waiting
from preflight.model import Candidate, Cause, Confidence, Effect, Evidence, Identity, Outcome, Put, PutParts, Status
from preflight.session import Session

# What refuses a write although every document that was read lets it through, most frequent first.
_UNSEEN = (
    Cause.ENCRYPTION_KEY_DENIED,
    Cause.ORGANIZATION_DENY,
    Cause.NETWORK_DENIED,
    Cause.BOUNDARY_DENY,
    Cause.ACL_REFUSED,
    Cause.NOT_PROPAGATED,
)
_EXCLUDED = frozenset({Cause.PERMISSION_MISSING, Cause.BUCKET_POLICY_MISSING, Cause.EXPLICIT_DENY})


INCOMPLETE = "complete-fields"


def examine_write(check: Check, session: Session, ask: Put | PutParts) -> Outcome:
    """The claim that a write is possible, on the evidence of both witnesses."""
    live = session.ask(ask) if Identity.WRITER in session.stores else None
    paper = session.ask(ask, Identity.DOCUMENTS) if Identity.DOCUMENTS in session.stores else None
    if live is None and any(problem.check == INCOMPLETE for problem in session.problems):
        return waiting(check, session, INCOMPLETE)  # nobody can write with half a configuration, Stream included
    if live is None:
        return _on_paper(check, session, paper)
    dry = live.reply.ok and "weaker" in live.reply.facts
    if live.reply.ok and live.reply.effect is not Effect.CERTAIN:
        return _authorised(check, session, live, paper)
    outcome = judge(check, session, live)
    if paper is not None and outcome.status in {Status.PASS, Status.FAIL}:
        outcome = _reconciled(check, session, outcome, paper)
    return replace(outcome, message=f"{outcome.message or 'proven by a write'}; {_STORED}") if dry else outcome


_STORED = "it was to store nothing and was stored all the same: --no-residue is not available here"


def _authorised(check: Check, session: Session, live: Evidence, paper: Evidence | None) -> Outcome:
    """A dry request was authorised and nothing was stored: never a proof by itself, for nothing is known to exist."""
    weaker = live.reply.facts.get("weaker", "the answer does not say that anything exists")
    if paper is None or paper.reply.facts.get("answer") not in {"allowed", "denied", "split"}:
        message = f"authorised, and nothing was stored: weaker than a write ({weaker})"
        return unknown(check, session, f"{message}; {session.spared}" if session.spared else message, [live])
    if paper.reply.facts["answer"] == "denied":
        return _contradicted(check, session, paper, (live, paper))
    outcome = _on_paper(check, session, paper)
    message = f"{outcome.message}; a request that stores nothing was authorised ({weaker})"
    if session.spared and outcome.status is Status.PASS:  # whether a lock lets recordings in, only a write shows
        return unknown(check, session, f"{message}; {session.spared}", (live, paper))
    return replace(outcome, message=message, evidence=(live, paper))


def _reconciled(check: Check, session: Session, live: Outcome, paper: Evidence) -> Outcome:
    """One row of the table of two witnesses."""
    evidence = (*live.evidence, paper)
    match (live.status, paper.reply.facts.get("answer")):
        case (Status.PASS, "allowed"):
            return replace(live, message="proven twice: by a write, and by policy for every key", evidence=evidence)
        case (Status.PASS, "split"):
            found = session.diagnose(paper).candidates
            key = paper.reply.facts.get("denied")
            message = f"this write passed, and the documents deny other keys, such as {key}"
            return failed(check, session, message, found, evidence)
        case (Status.PASS, "denied"):
            return _contradicted(check, session, paper, evidence)
        case (Status.PASS, _) if paper.reply.facts.get("allowed") and paper.reply.facts.get("undecided"):
            return _known_in_part(check, session, paper, evidence)
        case (Status.PASS, _):
            because = paper.reply.message or "the documents do not say"
            return replace(
                live, message=f"proven by a write; why it is allowed is not known: {because}", evidence=evidence
            )
        case (Status.FAIL, "allowed"):
            return _refused_unseen(live, evidence)
        case (Status.FAIL, "denied" | "split"):
            return _named(live, session.diagnose(paper).candidates, evidence)
        case _:
            ranked = _without_repeats((*live.candidates, *session.diagnose(paper).candidates))
            return replace(live, candidates=ranked, evidence=evidence)


def _on_paper(check: Check, session: Session, paper: Evidence | None) -> Outcome:
    """Nobody here can try the write: the documents are the only witness, and silence is no proof."""
    if paper is None:
        reason = f"{session.absent_writer}; {session.absent.get(Identity.DOCUMENTS, 'no documents were read')}"
        return replace(skipped(check, session, reason), status=Status.UNKNOWN, message=reason, reason="")
    match paper.reply.facts.get("answer"):
        case "allowed":
            return passed(check, session, "proven by policy, for every key under the path", [paper])
        case "denied" | "split":
            found = session.diagnose(paper).candidates
            return failed(check, session, paper.reply.message or "the documents deny it", found, [paper])
        case _:
            message = paper.reply.message or "the documents do not decide"
            return unknown(check, session, message, [paper], session.diagnose(paper).candidates)


def _contradicted(check: Check, session: Session, paper: Evidence, evidence: tuple[Evidence, ...]) -> Outcome:
    """A write that the documents deny: the documents are about somebody else, or not all of them were read."""
    candidate = Candidate(
        cause=Cause.WRONG_PRINCIPAL,
        because="the write passed though the documents deny it: they are about another identity, or incomplete",
        tell="compare the identity that wrote with the one that the documents name",
    )
    return unknown(check, session, candidate.because, evidence, [candidate, *session.diagnose(paper).candidates])


def _known_in_part(check: Check, session: Session, paper: Evidence, evidence: tuple[Evidence, ...]) -> Outcome:
    """The grant that explains the write covers some names only: whether recordings are among them is open."""
    facts = paper.reply.facts
    message = (
        f"this write passed, and the grant that is known covers names such as {facts['allowed']}; "
        f"whether {facts['undecided']} may be written is not known: "
        f"{paper.reply.message or 'not every document was read'}"
    )
    return unknown(check, session, message, evidence, session.diagnose(paper).candidates)


def _refused_unseen(live: Outcome, evidence: tuple[Evidence, ...]) -> Outcome:
    """Refused by something that the documents do not show: what they exclude goes last, what hides comes first."""
    excluded = [c for c in live.candidates if c.cause in _EXCLUDED and c.confidence is not Confidence.STATED]
    told = [candidate for candidate in live.candidates if candidate not in excluded]
    named = {candidate.cause for candidate in told}
    because = "the documents that were read allow this write"
    hidden = [Candidate(cause=cause, because=because) for cause in _UNSEEN if cause not in named]
    ranked = (*told, *hidden, *excluded) if told or not excluded else (*hidden, *excluded)
    message = f"{live.message}; the documents that were read allow it, so something that they do not show refuses"
    return replace(live, message=message, candidates=ranked, evidence=evidence)


def _named(live: Outcome, proven: tuple[Candidate, ...], evidence: tuple[Evidence, ...]) -> Outcome:
    """Both refuse: the statement or the missing grant is named by the documents, the rest by the answer."""
    message = "; ".join(part for part in (live.message, *(c.because for c in proven[:1])) if part)
    return replace(live, message=message, candidates=_without_repeats((*proven, *live.candidates)), evidence=evidence)


def _without_repeats(ranked: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each cause once, where it stands best."""
    best: dict[Cause, Candidate] = {}
    for candidate in ranked:
        best.setdefault(candidate.cause, candidate)
    return tuple(best.values())
