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
AWS = "amazonaws.com"


def _examine(check: Check, session: Session) -> Outcome:
    evidence = write(session)
    if evidence is None:
        return _as_seen(check, session)
    actual, storage = evidence.reply.facts.get("bucket_region"), session.storage
    assert isinstance(storage, S3Storage)  # noqa: S101 - the check applies to no other
    if actual and actual == storage.region:
        return passed(check, session, f"the bucket is in {actual}", [evidence])
    if actual and not evidence.reply.ok and not storage.endpoint_url:
        return _elsewhere(check, session, evidence, str(actual))
    # what was accepted is right, and a compatible's name for its region need not be what it wants to see signed
    return _as_of_its_endpoint(judge(check, session, evidence), storage)


def _as_of_its_endpoint(outcome: Outcome, storage: S3Storage) -> Outcome:
    """The outcome without the advice to ask AWS about a bucket of somebody else's."""
    remedy, elsewhere = outcome.remedy, storage.endpoint_url and AWS not in storage.endpoint_url
    if remedy is None or not elsewhere:
        return outcome
    commands = tuple(command for command in remedy.commands if AWS not in command)
    return replace(outcome, remedy=replace(remedy, commands=commands))


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
