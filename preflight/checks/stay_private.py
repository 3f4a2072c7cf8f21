"""# Recordings stay private

Reads whether the bucket itself rules out public access, whatever somebody writes into a policy or an ACL later, and
whether the policy that is there lets anybody in.

**Why it matters.** Recordings of calls are among the most private things that a company stores. A block costs
nothing: Stream's grant names one account or one identity and is not public. (On S3, `RestrictPublicBuckets` refuses
every other account as soon as any statement of the policy is public; the decision about the write knows that.)

**Example failure.** `‼ recordings stay private   stay-private: not-needed`

**Fix.** Switch the missing block on: `aws s3api put-public-access-block`, `gcloud storage buckets update
--public-access-prevention`, or `az storage account update --allow-blob-public-access false`.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen
from preflight.model import Candidate, Cause, Identity, Outcome, Owner, Remedy, Reply, Setting, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    return _public(check, session) or _by_the_block(check, session)


def _public(check: Check, session: Session) -> Outcome | None:
    """What the policy lets anybody do, if that is known."""
    if Identity.DOCUMENTS not in session.stores:
        return None
    evidence = session.ask(session.put, Identity.DOCUMENTS)
    rights = ", ".join(evidence.reply.facts.get("anyone") or ())
    if not rights:
        return None
    message = f"anybody on the internet may do this here: {rights}"
    candidate = Candidate(cause=Cause.NOT_NEEDED, because=message)
    remedy = Remedy(summary=f"name in the policy who may do this, instead of everyone: {rights}", owner=Owner.CLOUD)
    return failed(check, session, message, [candidate], [evidence], remedy)


def _by_the_block(check: Check, session: Session) -> Outcome:
    reply = read(check, session, Setting.PUBLIC_ACCESS)
    if not isinstance(reply, Reply):
        return reply
    evidence = [seen(session, Setting.PUBLIC_ACCESS)]
    off = [name for name, on in reply.facts.get("blocks", {}).items() if not on]
    bucket = session.storage.words["bucket"]
    if not off:
        return passed(check, session, f"the {bucket} rules out public access", evidence)
    message = f"the {bucket} itself does not rule out public access (missing: {', '.join(off)})"
    candidate = Candidate(cause=Cause.NOT_NEEDED, because=message)
    remedy = Remedy(summary=f"rule out public access: switch on {', '.join(off)}", owner=Owner.CLOUD)
    return failed(check, session, message, [candidate], evidence, remedy)


CHECK = Check(
    title="recordings stay private",
    severity=Severity.WARNING,
    stage=Stage.SETTINGS,
    examine=_examine,
)
