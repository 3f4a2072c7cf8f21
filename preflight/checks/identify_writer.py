"""# The writer is known by name

Asks the provider which identity it sees, where that needs no permission (AWS STS, the token of Google and Azure).

**Why it matters.** Grants name identities. A grant to another user, role or object id than the one that writes is a
frequent fault, and invisible in the configuration.

**Example failure.** `? the writer is known by name   identify-writer`

**Fix.** Nothing: where the provider does not tell, the report shows the credential's public identifier.
"""

from preflight.checks import Check, Stage
from preflight.claims import passed, skipped, unknown
from preflight.model import Identity, Outcome, Severity, WhoAmI
from preflight.session import Session


def _examine(check: Check, session: Session) -> Outcome:
    if Identity.WRITER not in session.stores:
        return skipped(check, session, session.absent_writer)
    evidence = session.ask(WhoAmI())
    if evidence.reply.ok:
        return passed(check, session, f"writes as {evidence.reply.facts.get('principal')}", [evidence])
    if evidence.reply.code == "not-offered":
        return skipped(check, session, "this endpoint does not tell who asks")
    return unknown(check, session, "the provider did not tell who asks", [evidence])


CHECK = Check(
    title="the writer is known by name",
    severity=Severity.NOTE,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("accept-credential",),
)
