"""# Large recordings can be uploaded in parts

Writes one object the way that large files are written: create, part and complete on S3, a finished resumable upload
on Google Cloud Storage, blocks and a block list on Azure.

**Why it matters.** Recordings are large. Several refusals show only here: a key that needs `kms:Decrypt` for parts, an
Azure role with `blobs/add/action` but without `blobs/write`, a policy that demands a header which parts cannot carry.

**Example failure.** `× can upload in parts under recordings/   write-multipart: encryption-key-denied`

**Fix.** Grant what the part needs; the outcome names it.
"""

from dataclasses import replace

from preflight.checks import Check, Stage
from preflight.claims import failed, unknown
from preflight.model import Outcome, Severity
from preflight.session import Session
from preflight.witnesses import INCOMPLETE, examine_write


def _examine(check: Check, session: Session) -> Outcome:
    outcome = examine_write(check, session, session.put_parts)
    if not outcome.waits_for or outcome.waits_for == INCOMPLETE:
        return outcome
    # What refuses a part after a whole object went through is this check's finding, whoever owns the cause.
    evidence = session.ask(session.put_parts)
    ranked = session.diagnose(evidence).candidates
    tell = failed if ranked[0].cause.owner.decides else unknown
    return replace(tell(check, session, ranked[0].because, candidates=ranked, evidence=[evidence]), waits_for="")


CHECK = Check(
    title="can upload in parts under {where}",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("write-object",),
    essential=True,
)
