"""# The writer holds nothing beyond creating objects

Asks the provider which permissions the writer holds on the bucket, where that question needs no permission and
changes nothing (`testIamPermissions` on Google Cloud Storage). For Amazon S3 and Azure, the documents that were
read say it.

**Why it matters.** It sees rights that no harmless request can try: changing the bucket's policy, deleting the
bucket, rewriting metadata. Whoever gets hold of the key could use every one of them.

**Example failure.** `‼ holds nothing beyond creating objects   hold-permissions: not-needed`

**Fix.** Grant what `preflight policy show` prints, and nothing beside it: `s3:PutObject`, or on this bucket
`roles/storage.objectCreator` instead of the wider role. Conditions on object names, retention, service perimeters and
encryption keys are not seen by Google's answer: the write itself decides.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, skipped, take_away, unknown
from preflight.model import Candidate, Cause, Confidence, Evidence, Identity, Outcome, Read, Setting, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.WRITER not in session.stores:
        return _on_paper(check, session, session.absent_writer)
    evidence = session.ask(Read(Setting.HELD))
    reply = evidence.reply
    if reply.code == "not-offered":
        silent = f"{session.storage.words['provider']} does not tell what an identity holds"
        return _on_paper(check, session, silent)
    if not reply.ok:
        return unknown(check, session, "the provider did not tell what the writer holds", [evidence])
    beyond = [str(action) for action in reply.facts.get("beyond", ())]
    if not beyond:
        return passed(
            check, session, f"holds {len(reply.facts['permissions'])} of {len(reply.facts['asked'])}", [evidence]
        )
    return _too_much(check, session, evidence, Confidence.STATED)


def _on_paper(check: Check, session: Session, otherwise: str) -> Outcome:
    """The documents say it, where they tell of such rights."""
    if Identity.DOCUMENTS not in session.stores:
        return skipped(check, session, otherwise)
    evidence = session.ask(session.put, Identity.DOCUMENTS)
    facts = evidence.reply.facts
    if "beyond" not in facts:
        return skipped(check, session, otherwise)
    if facts["beyond"]:
        return _too_much(check, session, evidence, Confidence.INFERRED)
    if facts["beyond_open"]:
        message = f"whether it also holds {', '.join(facts['beyond_open'])} is left open by the documents"
        return unknown(check, session, message, [evidence])
    return passed(check, session, "the documents grant nothing else that changes the bucket or its objects", [evidence])


def _too_much(check: Check, session: Session, evidence: Evidence, confidence: Confidence) -> Outcome:
    rights = ", ".join(str(action) for action in evidence.reply.facts["beyond"])
    message = f"also holds {rights}, which writing does not need"
    over = Candidate(cause=Cause.NOT_NEEDED, confidence=confidence, because=message)
    return failed(check, session, message, [over], [evidence], take_away(session, rights))


CHECK = Check(
    title="holds nothing beyond creating objects",
    severity=Severity.WARNING,
    stage=Stage.WITHHOLD,
    examine=_examine,
    waits_for=("write-object",),
)
