"""# Test objects can be deleted again

Reads whether the bucket keeps new objects by retention, a hold or immutability, and deleted ones by soft delete.

**Why it matters.** The test object of a check, and Stream's own one, then stay until the date: nobody can delete
them. On S3, a default retention also makes every upload need a checksum. preflight writes no test object into such a
bucket unless it is told to.

**Example failure.** `‼ test objects can be deleted again   release-test-objects: object-locked`

**Fix.** Nothing, if the retention is wanted: it protects recordings as well. `--no-residue` asks without storing.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen
from preflight.model import Candidate, Cause, GcsStorage, Outcome, Owner, Remedy, Reply, Setting, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    reply = read(check, session, Setting.RETENTION)
    if not isinstance(reply, Reply):
        return reply
    evidence = [seen(session, Setting.RETENTION)]
    facts = reply.facts
    if not facts.get("mode") and not facts.get("hold"):
        after = _after_deletion(session)
        return passed(check, session, f"nothing is kept by default{after}", evidence)
    days = facts.get("days")
    kept = (
        f"for {days:g} days ({facts['mode']})"
        if facts.get("mode") and days
        else "by a hold"
        if facts.get("hold")
        else ""
    )
    message = f"new objects are kept {kept or facts['mode']}: a test object cannot be deleted before"
    candidate = Candidate(cause=Cause.OBJECT_LOCKED, because=message)
    remedy = Remedy(summary="nothing, if the retention is wanted; --no-residue asks without storing", owner=Owner.CLOUD)
    return failed(check, session, message, [candidate], evidence, remedy)


def _after_deletion(session: Session) -> str:
    """What is told of soft delete, where an answer to a deletion says nothing of it: Azure's does."""
    if not isinstance(session.storage, GcsStorage):
        return ""
    versioning = seen(session, Setting.VERSIONING).reply
    days = versioning.facts.get("soft_delete_days") if versioning.ok else None
    return f"; what is deleted is kept for {days:g} days (soft delete)" if days else ""


CHECK = Check(
    title="test objects can be deleted again",
    severity=Severity.NOTE,
    stage=Stage.SETTINGS,
    examine=_examine,
)
