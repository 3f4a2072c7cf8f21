"""# The bucket's encryption key lets the writer in

Reads how the bucket encrypts by default and, where that takes a key of the customer's, whether the key's own policy
and the writer's let it be used: to create data keys and, for parts, to decrypt.

**Why it matters.** A key has a policy of its own. A bucket policy that grants everything does not help a writer whom
the key refuses, and the key that AWS manages (`aws/s3`) never serves another account. Some refusals show only with
parts, so with long recordings.

**Example failure.** `? the encryption key lets the writer in   use-encryption-key: encryption-key-denied`

**Fix.** Grant the key's permissions, in the key policy as well as on the writer's side if the accounts differ.
`preflight policy show --kms-key ARN` writes the statement.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen, skipped, unknown
from preflight.model import Evidence, Identity, Outcome, Reply, Setting, Severity
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    reply = read(check, session, Setting.ENCRYPTION)
    if not isinstance(reply, Reply):
        return reply
    how = seen(session, Setting.ENCRYPTION)
    said = _key(session)
    if said is None:
        if reply.facts.get("customer_key"):
            return _by_the_write(check, session, str(reply.facts.get("key")), how)
        return passed(check, session, f"encrypted by {reply.facts.get('algorithm')}: no key of its own", [how])
    evidence = [session.ask(session.put_parts, Identity.DOCUMENTS), how]
    candidates = session.diagnose(evidence[0]).candidates
    match said["answer"]:
        case "allowed":
            return passed(check, session, said["message"], evidence)
        case "unknown" if _written(session):
            return passed(
                check, session, f"writes went through with it; its policy leaves open: {said['message']}", evidence
            )
        case "unknown":
            return unknown(check, session, said["message"], evidence, candidates)
        case _:
            return failed(check, session, said["message"], candidates, evidence)


def _key(session: Session) -> dict[str, str] | None:
    """What the documents say of the key, with the parts of a large upload; none where no key takes part."""
    if Identity.DOCUMENTS not in session.stores:
        return None
    found: dict[str, str] | None = (
        session.ask(session.put_parts, Identity.DOCUMENTS).reply.facts.get("of", {}).get("key")
    )
    return found


def _by_the_write(check: Check, session: Session, key: str, evidence: Evidence) -> Outcome:
    if _written(session):
        return passed(check, session, f"writes went through with {key}", [evidence])
    return skipped(check, session, f"encrypted with {key}, whose policy was not read")


def _written(session: Session) -> bool:
    """Whether a write used the key: one that was only authorised may never have come so far."""
    return Identity.WRITER in session.stores and not session.dry


CHECK = Check(
    title="the encryption key lets the writer in",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("write-multipart",),
)
