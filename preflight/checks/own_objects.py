"""# Recordings will belong to the bucket's owner

Reads the bucket's object ownership. Without a key in the configuration, Stream's own account writes: only with ACLs
switched off (`BucketOwnerEnforced`) does the bucket's owner own what another account puts there.

**Why it matters.** With `ObjectWriter`, Stream would own the recordings, and the bucket's own account may be unable to
read them. `BucketOwnerPreferred` helps only writers that send an ACL, and Stream sends none.

**Example failure.** `× recordings will belong to the bucket's owner   own-objects: acl-refused`

**Fix.** `aws s3api put-bucket-ownership-controls --bucket BUCKET --ownership-controls
'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`. Look first whether something in the bucket still relies on ACLs.
"""

import shlex

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen
from preflight.model import (
    Candidate,
    Cause,
    Outcome,
    Owner,
    Remedy,
    Reply,
    S3Storage,
    Setting,
    Severity,
    Storage,
)
from preflight.session import Session

ENFORCED = "BucketOwnerEnforced"


def _examine(check: Check, session: Session) -> Outcome:
    reply = read(check, session, Setting.OWNERSHIP)
    if not isinstance(reply, Reply):
        return reply
    evidence = [seen(session, Setting.OWNERSHIP)]
    found = reply.facts.get("ownership")
    if found == ENFORCED:
        return passed(check, session, "ACLs are switched off: the bucket's owner owns every object", evidence)
    message = f"object ownership is {found}: Stream's account would own the recordings"
    candidate = Candidate(cause=Cause.ACL_REFUSED, because=message, expected=ENFORCED)
    return failed(check, session, message, [candidate], evidence, _remedy(session.storage))


def _remedy(storage: Storage) -> Remedy:
    controls = f"Rules=[{{ObjectOwnership={ENFORCED}}}]"
    command = ["aws", "s3api", "put-bucket-ownership-controls", "--bucket", storage.bucket]
    return Remedy(
        summary=f"switch ACLs off for the bucket ({ENFORCED}), unless something in it still relies on them",
        owner=Owner.CLOUD,
        commands=(shlex.join([*command, "--ownership-controls", controls]),),
    )


def _only_for_strangers(storage: Storage) -> str:
    keyless = isinstance(storage, S3Storage) and storage.keyless
    return "" if keyless else "a credential of yours writes, so no other account does"


CHECK = Check(
    title="recordings will belong to the bucket's owner",
    severity=Severity.ERROR,
    stage=Stage.SETTINGS,
    examine=_examine,
    essential=True,
    applies=_only_for_strangers,
)
