"""# The policies grant the write for every key

Decides, from the policy documents that could be read, whether Stream's writes are allowed for *every* name under the
path, and names the statement that decides. A write proves one name; this proves them all.

**Why it matters.** A policy can let the test object in and refuse a recording: by a pattern in `Resource`, by a
condition, by a Deny for some names. And a write that passes without any known grant may stop passing tomorrow.

**Example failure.** `? the policies grant every write under recordings/   match-policy: access-denied`

**Fix.** Where a document was not read, the outcome names it and the permission to read it. Where a statement
refuses, `preflight policy fix` shows the smallest change.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, skipped, unknown
from preflight.model import Evidence, Identity, Outcome, Severity
from preflight.session import Session

WORST_FIRST = ("denied", "split", "unknown", "allowed")


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.DOCUMENTS not in session.stores:
        return skipped(check, session, session.absent[Identity.DOCUMENTS])
    asked = [session.ask(ask, Identity.DOCUMENTS) for ask in (session.put, session.put_parts)]
    worst = min(asked, key=lambda evidence: WORST_FIRST.index(_policy(evidence)["answer"]))
    said = _policy(worst)
    candidates = session.diagnose(worst).candidates
    match said["answer"]:
        case "allowed":
            return passed(check, session, f"proven for every key: {said['message']}", asked)
        case "unknown":
            return unknown(check, session, said["message"], asked, candidates)
        case _:
            return failed(check, session, said["message"], candidates, asked)


def _policy(evidence: Evidence) -> dict[str, str]:
    """What the policies alone say, without what else decides a write."""
    found: dict[str, str] = evidence.reply.facts.get("of", {}).get("policy") or {
        "answer": "unknown",
        "message": evidence.reply.message or "the documents do not decide",
    }
    return found


CHECK = Check(
    title="the policies grant every write under {where}",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("write-object",),
)
