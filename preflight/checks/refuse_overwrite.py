"""# A create-only write never overwrites

Creates the run's own test object a second time, only if the name is free, and expects to be refused.

**Why it matters.** preflight protects what is there by random names *and* by this precondition. Some compatible stores
accept the precondition and ignore it: there, only the random name protects, and the report says so.

**Example failure.** `‼ the store honours create-only writes   refuse-overwrite: feature-unsupported`

**Fix.** Nothing has to be fixed: Stream's own uploads take new names. Know that this store does not protect against
overwriting.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, skipped, unknown
from preflight.model import Candidate, Cause, Confidence, Identity, Outcome, Put, S3Storage, Severity, Storage
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.WRITER not in session.stores:
        return skipped(check, session, session.absent_writer)
    if session.dry:
        return skipped(check, session, f"no test object to create again: {session.spared or '--no-residue'}")
    evidence = session.ask(Put(session.key, again=True))
    reply = evidence.reply
    if reply.ok:
        ignored = Candidate(
            cause=Cause.FEATURE_UNSUPPORTED,
            confidence=Confidence.STATED,
            because="a second create of the same name went through: If-None-Match is ignored here",
        )
        message = "this store ignores the create-only precondition: only the random name protects what is there"
        return failed(check, session, message, [ignored], [evidence])
    first = next(iter(session.diagnose(evidence).candidates), None)
    if first and first.cause is Cause.OBJECT_EXISTS:
        return passed(check, session, "a second create of the same name was refused", [evidence])
    return unknown(check, session, "the second create was refused for another reason", [evidence])


def _only_where_unproven(storage: Storage) -> str:
    unproven = isinstance(storage, S3Storage) and storage.endpoint_url
    return "" if unproven else f"{storage.words['provider']} documents that it honours create-only writes"


CHECK = Check(
    title="the store honours create-only writes",
    severity=Severity.NOTE,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("write-object",),
    applies=_only_where_unproven,
)
