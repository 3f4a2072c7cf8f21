"""# The bucket is found

Asks whether the bucket (the container) exists, is usable, and is the one that was meant.

**Why it matters.** A typo gives somebody else's bucket as easily as none.

**Example failure.** `× the bucket is found   find-bucket: bucket-missing`

**Fix.** Correct `bucket`, or create it in the account that the key belongs to. preflight never creates a bucket.
"""

from preflight.checks import Check, Stage
from preflight.claims import on_the_bucket
from preflight.model import Cause, Severity

CHECK = Check(
    title="the {bucket} is found",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=on_the_bucket,
    waits_for=("accept-credential", "keep-clock"),
    causes=frozenset(
        {
            Cause.BUCKET_MISSING,
            Cause.BUCKET_NAME_INVALID,
            Cause.BUCKET_NOT_YOURS,
            Cause.ACCOUNT_SUSPENDED,
            Cause.API_DISABLED,
            Cause.ACCOUNT_KIND_UNSUPPORTED,
        }
    ),
)
