"""# Stream's account can reach the region

Asks whether the region lies in the part of AWS in which Stream has an account. China and GovCloud are partitions of
their own: no grant there can name an account elsewhere.

**Why it matters.** Without a key, Stream's own account writes, and it does not exist in those partitions. The bucket
policy would even be refused, or name nobody.

**Example failure.** `× Stream's account can reach the region   share-partition: credential-missing`

**Fix.** Configure a key of a user in that partition (`aws_s3.s3_api_key`, `aws_s3.s3_secret`), or a bucket in another
region.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed
from preflight.model import Candidate, Cause, Confidence, Outcome, S3Storage, Severity, Storage
from preflight.session import Session

FIELD = "aws_s3.s3_region"
ELSEWHERE = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso": "aws-iso", "eusc-": "aws-eusc"}


def _examine(check: Check, session: Session) -> Outcome:
    region = session.storage.region if isinstance(session.storage, S3Storage) else ""
    partition = next((name for prefix, name in ELSEWHERE.items() if region.startswith(prefix)), "")
    if not partition:
        return passed(check, session)
    message = f"{region} is in the partition {partition}, where Stream has no account: a key is needed there"
    candidate = Candidate(
        cause=Cause.CREDENTIAL_MISSING,
        confidence=Confidence.STATED,
        because=message,
        field="aws_s3.s3_api_key",
        location=session.storage.locate(FIELD),
    )
    return failed(check, session, message, [candidate])


def _only_keyless(storage: Storage) -> str:
    keyless = isinstance(storage, S3Storage) and storage.keyless
    return "" if keyless else "a credential of yours writes"


CHECK = Check(
    title="Stream's account can reach the region",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=_examine,
    applies=_only_keyless,
)
