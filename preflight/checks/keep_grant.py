"""# The grant has no end

Reads, from the policy documents that grant the write, whether a condition on the time ends the grant one day.

**Why it matters.** Everything passes today, and from that moment on each recording is refused. A grant with an end is
made for a trial or an incident, and forgotten.

**Example failure.** `‼ the grant has no end   keep-grant: condition-unmet`

**Fix.** Take the condition on the time out of the grant, or renew it before that day. Where the end is meant, waive
this until then.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, skipped
from preflight.model import Candidate, Cause, Confidence, Identity, Outcome, Owner, Remedy, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.DOCUMENTS not in session.stores:
        return skipped(check, session, session.absent[Identity.DOCUMENTS])
    asked = [session.ask(ask, Identity.DOCUMENTS) for ask in (session.put, session.put_parts)]
    ends = sorted(evidence.reply.facts["until"] for evidence in asked if evidence.reply.facts.get("until"))
    if not ends:
        return passed(check, session, "no condition on the time", asked)
    message = f"a condition ends the grant at {ends[0]}"
    ending = Candidate(cause=Cause.CONDITION_UNMET, confidence=Confidence.STATED, because=message)
    remedy = Remedy(
        summary=f"Take the condition on the time out of the grant, or renew it before {ends[0]}.", owner=Owner.CLOUD
    )
    return failed(check, session, message, [ending], asked, remedy)


CHECK = Check(
    title="the grant has no end",
    severity=Severity.WARNING,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("match-policy",),
)
