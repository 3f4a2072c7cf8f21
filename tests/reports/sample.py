"""One rich report for all readers: everything that a report can say, said once."""

from __future__ import annotations

from dataclasses import replace

from preflight.model import (
    Candidate,
    Cause,
    Confidence,
    Evidence,
    GcsStorage,
    Identity,
    Location,
    Outcome,
    Owner,
    Permission,
    Put,
    Refusal,
    Remedy,
    Reply,
    Report,
    Residue,
    S3Storage,
    Safety,
    Secret,
    Severity,
    Status,
    StorageReport,
    Verdict,
    Waiver,
    Witness,
    Writer,
)

CANARY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARY0001"
FILE = "deploy/storages.yaml"
KEY = "recordings/preflight-test-00112233445566778899aabbccddeeff.txt"
STATEMENT = "DenyUnencrypted"


def at(line: int, column: int = 7, width: int = 1, excerpt: str = "") -> Location:
    return Location(FILE, line, column, width, excerpt)


STORAGE = S3Storage(
    name="my-s3",
    storage_type="s3",
    bucket="my-recordings",
    path="recordings/",
    region="us-east-1",
    api_key=Secret("AKIAIOSFODNN7EXAMPLE", source="$S3_KEY", prefix="AKIA"),
    secret=Secret(CANARY, source="$S3_SECRET"),
    origin=at(3, 5),
    where={"aws_s3.s3_region": at(9, 18, 9, "      s3_region: us-east-1")},
)

REFUSED = Evidence(
    witness=Witness.LIVE,
    identity=Identity.WRITER,
    ask=Put(KEY),
    reply=Reply(
        status=403,
        code="AccessDenied",
        message="User: arn:aws:iam::111122223333:user/stream-writer is not authorized to perform: s3:PutObject",
        request_id="7Q2KXE0PXR",
        millis=61,
        refusal=Refusal(provider="s3", status=403, code="AccessDenied"),
    ),
)
DOCUMENT = Evidence(
    witness=Witness.PAPER,
    identity=Identity.DOCUMENTS,
    ask=Put(KEY),
    reply=Reply(message="a statement denies it", facts={"answer": "denied", "statement": STATEMENT}),
)
WROTE = Evidence(witness=Witness.LIVE, identity=Identity.WRITER, ask=Put(KEY), reply=Reply(status=200, millis=44))

REFUSED_WRITE = Outcome(
    check="write-object",
    title="can create objects under recordings/",
    status=Status.FAIL,
    severity=Severity.ERROR,
    essential=True,
    message="AWS refused PutObject: no identity-based policy allows the s3:PutObject action",
    candidates=(
        Candidate(
            cause=Cause.PERMISSION_MISSING,
            confidence=Confidence.STATED,
            because="no identity-based policy allows the s3:PutObject action",
            missing=(Permission("s3:PutObject", "arn:aws:s3:::my-recordings/recordings/*"),),
        ),
        Candidate(
            cause=Cause.EXPLICIT_DENY,
            because="the statement DenyUnencrypted denies it",
            tell="read the bucket policy",
        ),
    ),
    evidence=(REFUSED, DOCUMENT),
    remedy=Remedy(
        summary="Allow the writer to put objects below recordings/.",
        owner=Owner.CLOUD,
        commands=("aws iam put-user-policy --user-name stream-writer --policy-document file://policy.json",),
        patch='{\n  "Effect": "Allow",\n  "Action": "s3:PutObject"\n}',
        safety=Safety.REVIEW,
    ),
)
WRONG_REGION = Outcome(
    check="match-region",
    title="the region names the bucket's region",
    status=Status.FAIL,
    severity=Severity.ERROR,
    message="the bucket is in eu-central-1",
    candidates=(
        Candidate(
            cause=Cause.REGION_WRONG,
            confidence=Confidence.STATED,
            because="the bucket is in eu-central-1",
            field="aws_s3.s3_region",
            expected="eu-central-1",
            location=at(9, 18, 9, "      s3_region: us-east-1"),
        ),
    ),
    evidence=(REFUSED,),
    remedy=Remedy(
        summary="Write the bucket's region.", owner=Owner.CONFIG, patch="s3_region: eu-central-1", safety=Safety.SAFE
    ),
)
WAIVED = Outcome(
    check="withhold-list",
    title="cannot list the bucket",
    status=Status.FAIL,
    severity=Severity.WARNING,
    message="s3:ListBucket is granted, and writing does not need it",
    candidates=(Candidate(cause=Cause.NOT_NEEDED, because="s3:ListBucket is granted"),),
    waived=Waiver(
        check="withhold-list",
        storage="my-*",
        reason="the archive job shares this key until March",
        expires="2027-03-31",
        location=at(20, 5),
    ),
)
WARNED = Outcome(
    check="withhold-delete",
    title="cannot delete what is there",
    status=Status.FAIL,
    severity=Severity.WARNING,
    message="s3:DeleteObject is granted, and writing does not need it",
    candidates=(Candidate(cause=Cause.NOT_NEEDED, because="s3:DeleteObject is granted"),),
)
OPEN = Outcome(
    check="write-multipart",
    title="can upload in parts",
    status=Status.UNKNOWN,
    severity=Severity.ERROR,
    essential=True,
    message="the answer was lost on its way",
    candidates=(Candidate(cause=Cause.CONNECTION_FAILED, because="the connection was reset", tell="try again"),),
)
WAITING = Outcome(
    check="withhold-read",
    title="cannot read what is there",
    status=Status.SKIP,
    severity=Severity.WARNING,
    reason="waits for write-object",
    waits_for="write-object",
)
PASSED = Outcome(
    check="accept-credential",
    title="the access key is accepted",
    status=Status.PASS,
    severity=Severity.ERROR,
    evidence=(REFUSED,),
)
LEFT = Residue(
    address=f"s3://my-recordings/{KEY}",
    size=512,
    created="2026-11-22T10:00:01+00:00",
    delete=f"aws s3api delete-object --bucket my-recordings --key {KEY}",
    certain=False,
    note="an earlier version stays",
)
BAD = StorageReport(
    storage=STORAGE,
    writer=Writer("arn:aws:iam::111122223333:user/stream-writer", "111122223333", "$S3_KEY"),
    verdict=Verdict.NOT_READY,
    outcomes=(PASSED, WRONG_REGION, REFUSED_WRITE, OPEN, WAITING, WAIVED, WARNED),
    residue=(LEFT,),
    assumptions=("tested from this machine; Stream writes from elsewhere",),
)
GOOD = StorageReport(
    storage=GcsStorage(name="my-gcs", storage_type="gcs", bucket="calls", path="eu/", origin=at(12, 5)),
    writer=Writer("stream@project.iam.gserviceaccount.com", "project", "file keys.json"),
    verdict=Verdict.READY,
    outcomes=(
        replace(PASSED, title="service account key is accepted"),
        replace(PASSED, check="write-object", title="can create objects under eu/", essential=True, evidence=(WROTE,)),
        replace(PASSED, check="write-multipart", title="can upload in parts", essential=True, evidence=(WROTE,)),
    ),
    assumptions=("tested from this machine; Stream writes from elsewhere",),
)
WIDE = Outcome(
    check="resolve-call-types",
    title="call types name storages that are there",
    status=Status.FAIL,
    severity=Severity.ERROR,
    message="call type livestream names the storage old-s3, which is not here",
    candidates=(
        Candidate(
            cause=Cause.REQUEST_INVALID,
            confidence=Confidence.STATED,
            because="call type livestream names the storage old-s3, which is not here",
            location=at(30, 15, 6, "  livestream: old-s3"),
        ),
    ),
    remedy=Remedy(summary="name a storage that is there", owner=Owner.CONFIG),
)
REPORT = Report(
    version="1.0.0",
    started="2026-11-22T10:00:00+00:00",
    finished="2026-11-22T10:00:02+00:00",
    seconds=1.7,
    verdict=Verdict.NOT_READY,
    exit_code=1,
    storages=(BAD, GOOD),
    outcomes=(WIDE,),
)
READY = replace(REPORT, verdict=Verdict.READY, exit_code=0, storages=(GOOD,), outcomes=())


def spoiled(text: str) -> Report:
    """The report with a foreign text wherever a file or a server could have put one."""
    candidate = replace(
        REFUSED_WRITE.candidates[0],
        because=text,
        tell=text,
        field=text,
        expected=text,
        missing=(Permission(text, text),),
        location=Location(text, 9, 18, 9, text),
    )
    reply = replace(REFUSED.reply, code=text, message=text, request_id=text, facts={"statement": text})
    remedy = Remedy(summary=text, owner=Owner.CLOUD, commands=(text,), patch=f"{{\n{text}\n}}")
    outcome = replace(
        REFUSED_WRITE,
        title=text,
        message=text,
        candidates=(candidate, candidate),
        evidence=(replace(REFUSED, reply=reply, ask=Put(text)),),
        remedy=remedy,
    )
    place = Location(text, 9, 18, 9, text)
    waiver = Waiver(check="withhold-list", storage=text, reason=text, expires="2027-03-31", location=place)
    storage = replace(
        STORAGE, name=text, bucket=text, path=text, region=text, endpoint_url=text, origin=Location(text, 3, 5)
    )
    found = StorageReport(
        storage=storage,
        writer=Writer(text, text, text),
        verdict=Verdict.NOT_READY,
        outcomes=(
            outcome,
            replace(outcome, check="withhold-list", waived=waiver),
            replace(WAITING, title=text, reason=text),
            PASSED,
        ),
        residue=(replace(LEFT, address=text, delete=text, note=text),),
        assumptions=(text,),
    )
    return replace(REPORT, storages=(found,), outcomes=(replace(outcome, candidates=(candidate,)),))
