"""# The region names the bucket's region

Asks whether the configured region is the one that the bucket lives in, by the refusal or by the region that the
provider adds to any answer.

**Why it matters.** S3 refuses a request that is signed for another region; some compatibles do so in misleading words.

**Example failure.** `× the region names the bucket's region   match-region: region-wrong`

**Fix.** Put the region that the answer names into `aws_s3.s3_region`.
"""

from dataclasses import replace

from preflight.checks import Check, Stage
from preflight.claims import failed, judge, on_the_bucket, passed, skipped, write
from preflight.model import Candidate, Cause, Confidence, Evidence, Outcome, S3Storage, Severity, Status, Storage
from preflight.session import Session

FIELD = "aws_s3.s3_region"


def _examine(check: Check, session: Session) -> Outcome:
    evidence = write(session)
    if evidence is None:
        return _as_seen(check, session)
    actual = evidence.reply.facts.get("bucket_region")
    if not actual or not isinstance(session.storage, S3Storage):
        return judge(check, session, evidence)
    if actual == session.storage.region:
        return passed(check, session, f"the bucket is in {actual}", [evidence])
    return _elsewhere(check, session, evidence, str(actual))


def _as_seen(check: Check, session: Session) -> Outcome:
    """Nobody here can write: the inspector's look tells the region as well."""
    outcome = on_the_bucket(check, session)
    if outcome.status is not Status.PASS or not isinstance(session.storage, S3Storage):
        return outcome
    evidence = outcome.evidence[0]
    actual = str(evidence.reply.facts["region"])
    if actual == session.storage.region:
        return passed(check, session, f"the bucket is in {actual}", [evidence])
    if session.storage.endpoint_url:
        # Ceph says `default`: what a compatible calls its location need not be what it wants to see signed
        return skipped(check, session, f"this endpoint calls its location {actual!r}, which decides nothing")
    return _elsewhere(check, session, evidence, actual)


def _elsewhere(check: Check, session: Session, evidence: Evidence, actual: str) -> Outcome:
    said = next((c for c in session.diagnose(evidence).candidates if c.cause is Cause.REGION_WRONG), None)
    candidate = Candidate(
        cause=Cause.REGION_WRONG,
        confidence=Confidence.STATED,
        field=FIELD,
        location=session.storage.locate(FIELD),
        because=f"the bucket is in {actual}",
    )
    candidate = replace(said or candidate, expected=actual, because=f"the bucket is in {actual}")
    return failed(check, session, f"the bucket is in {actual}", [candidate], [evidence])


def _only_s3(storage: Storage) -> str:
    return "" if isinstance(storage, S3Storage) else f"no region is configured for {storage.words['provider']}"


CHECK = Check(
    title="the region names the bucket's region",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("reach-endpoint",),
    causes=frozenset({Cause.REGION_WRONG}),
    applies=_only_s3,
)
