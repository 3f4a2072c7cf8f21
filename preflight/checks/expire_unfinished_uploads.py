"""# Unfinished uploads expire

Reads whether a lifecycle rule drops the parts of uploads that were never finished.

**Why it matters.** Large recordings are uploaded in parts. Stream's documented grant does not let it abort an upload,
so the parts of one that fails stay, invisible in every listing, and are billed until somebody removes them.

**Example failure.** `‼ unfinished uploads expire   expire-unfinished-uploads`

**Fix.** Add a lifecycle rule with `AbortIncompleteMultipartUpload` after some days, for the whole bucket or the path.
"""

import shlex

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen
from preflight.model import (
    GcsStorage,
    Outcome,
    Owner,
    Remedy,
    Reply,
    Setting,
    Severity,
    Storage,
)
from preflight.session import Session

RULE = (
    '{"ID": "abort-unfinished-uploads", "Status": "Enabled", "Filter": {}, '
    '"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}'
)


def _examine(check: Check, session: Session) -> Outcome:
    reply = read(check, session, Setting.LIFECYCLE)
    if not isinstance(reply, Reply):
        return reply
    evidence = [seen(session, Setting.LIFECYCLE)]
    days = reply.facts.get("aborts_uploads_after_days")
    if days:
        return passed(check, session, f"after {days} days", evidence)
    message = "no lifecycle rule drops unfinished uploads: the parts of a failed one stay and are billed"
    bucket = shlex.quote(session.storage.bucket)
    remedy = Remedy(
        summary="add this rule to the bucket's lifecycle configuration (writing it replaces all rules)",
        owner=Owner.CLOUD,
        commands=(f"aws s3api get-bucket-lifecycle-configuration --bucket {bucket} > lifecycle.json",),
        patch=RULE,
    )
    return failed(check, session, message, evidence=evidence, remedy=remedy)


def _not_resumable(storage: Storage) -> str:
    return "Google drops an unfinished resumable upload after a week" if isinstance(storage, GcsStorage) else ""


CHECK = Check(
    title="unfinished uploads expire",
    severity=Severity.NOTE,
    stage=Stage.SETTINGS,
    examine=_examine,
    applies=_not_resumable,
)
