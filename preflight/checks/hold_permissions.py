"""# The writer holds nothing beyond creating objects

Asks the provider which permissions the writer holds on the bucket, where that question needs no permission and
changes nothing (`testIamPermissions` on Google Cloud Storage).

**Why it matters.** It is exact, and it sees rights that no harmless request can try: changing the bucket's policy,
deleting the bucket, rewriting metadata. Whoever gets hold of the key could use every one of them.

**Example failure.** `‼ holds nothing beyond creating objects   hold-permissions: not-needed`

**Fix.** Grant `roles/storage.objectCreator` on this bucket instead of the wider role. Conditions on object names,
retention, service perimeters and encryption keys are not seen by this question: the write itself decides.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, skipped, take_away, unknown
from preflight.model import Candidate, Cause, Confidence, Identity, Outcome, Read, Setting, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.WRITER not in session.stores:
        return skipped(check, session, session.absent_writer)
    evidence = session.ask(Read(Setting.HELD))
    reply = evidence.reply
    if reply.code == "not-offered":
        return skipped(check, session, f"{session.storage.words['provider']} does not tell what an identity holds")
    if not reply.ok:
        return unknown(check, session, "the provider did not tell what the writer holds", [evidence])
    beyond = [str(action) for action in reply.facts.get("beyond", ())]
    if not beyond:
        return passed(
            check, session, f"holds {len(reply.facts['permissions'])} of {len(reply.facts['asked'])}", [evidence]
        )
    message = f"also holds {', '.join(beyond)}, which writing does not need"
    over = Candidate(cause=Cause.NOT_NEEDED, confidence=Confidence.STATED, because=message)
    return failed(check, session, message, [over], [evidence], take_away(session, ", ".join(beyond)))


CHECK = Check(
    title="holds nothing beyond creating objects",
    severity=Severity.WARNING,
    stage=Stage.WITHHOLD,
    examine=_examine,
    waits_for=("write-object",),
)
