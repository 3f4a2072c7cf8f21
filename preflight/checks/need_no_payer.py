"""# Writing needs no payer

Reads whether the bucket makes requesters pay.

**Why it matters.** Such a bucket refuses every writer who does not say that they will pay, and Stream says nothing.
Only identities of the bucket's own account or project are spared.

**Example failure.** `× writing needs no payer   need-no-payer: payer-required`

**Fix.** `aws s3api put-bucket-request-payment --bucket BUCKET --request-payment-configuration Payer=BucketOwner`, or
`gcloud storage buckets update gs://BUCKET --no-requester-pays`.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen
from preflight.model import Candidate, Cause, Identity, Outcome, Reply, Setting, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    reply = read(check, session, Setting.PAYER)
    if not isinstance(reply, Reply):
        return reply
    evidence = [seen(session, Setting.PAYER)]
    if not reply.facts.get("requester_pays"):
        return passed(check, session, "the owner pays", evidence)
    if Identity.WRITER in session.stores:
        return passed(check, session, "requesters pay, and this writer is spared: its write went through", evidence)
    message = "the bucket makes requesters pay, and refuses those who do not say that they will"
    return failed(check, session, message, [Candidate(cause=Cause.PAYER_REQUIRED, because=message)], evidence)


CHECK = Check(
    title="writing needs no payer",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("write-object",),
)
