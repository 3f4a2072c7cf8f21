"""# Objects can be created under the path

Creates one small object with a random name under the configured `path`, as the identity that will write, only if
the name is free. Whatever else is configured, this is what has to work.

**Why it matters.** A recording is uploaded once, after the call. If the upload is refused, the recording is lost.

**Example failure.** `× can create objects under recordings/   write-object: permission-missing`

**Fix.** The outcome names the missing permission or the statement that refuses; `preflight policy fix` shows the
smallest change to the current policy.
"""

from preflight.checks import Check, Stage
from preflight.model import Cause, Outcome, Severity
from preflight.session import Session
from preflight.witnesses import examine_write

REFUSALS = frozenset(
    {
        Cause.PERMISSION_MISSING,
        Cause.BUCKET_POLICY_MISSING,
        Cause.EXPLICIT_DENY,
        Cause.BOUNDARY_DENY,
        Cause.ORGANIZATION_DENY,
        Cause.NETWORK_DENIED,
        Cause.HEADER_REQUIRED,
        Cause.ACL_REFUSED,
        Cause.CONDITION_UNMET,
        Cause.WRONG_PRINCIPAL,
        Cause.NOT_PROPAGATED,
        Cause.PAYER_REQUIRED,
        Cause.ACCESS_DENIED,
        Cause.ENCRYPTION_KEY_DENIED,
        Cause.ENCRYPTION_KEY_UNUSABLE,
        Cause.ENCRYPTION_REFUSED,
        Cause.OBJECT_EXISTS,
        Cause.OBJECT_LOCKED,
        Cause.CHECKSUM_REQUIRED,
        Cause.QUOTA_EXCEEDED,
        Cause.FEATURE_UNSUPPORTED,
        Cause.REQUEST_INVALID,
        Cause.NOT_NEEDED,
    }
)


def _examine(check: Check, session: Session) -> Outcome:
    return examine_write(check, session, session.put)


CHECK = Check(
    title="can create objects under {where}",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("find-bucket", "match-region"),
    causes=REFUSALS,
    essential=True,
)
