"""# Stream's addresses are let in

Reads whether a firewall of the storage, an address filter of the bucket or a condition of a policy lets requests in
from listed networks only.

**Why it matters.** Stream publishes no addresses, so no list can name it. A test from your own network passes through
such a rule, and the recording, which is sent from elsewhere, is lost.

**Example failure.** `× Stream's addresses are let in   admit-network: network-denied`

**Fix.** Let requests of Stream's identity in from everywhere: the grant is to an identity, not to a network. If
Stream has given you addresses, list them and waive this finding with that as the reason.
"""

from preflight.checks import Check, Stage
from preflight.claims import failed, passed, read, seen, skipped, unknown
from preflight.model import (
    Candidate,
    Cause,
    Evidence,
    Identity,
    Outcome,
    Permission,
    Reply,
    Setting,
    Severity,
    Status,
)
from preflight.session import Session

UNPUBLISHED = "Stream publishes no addresses"


def _examine(check: Check, session: Session) -> Outcome:
    condition = _condition(check, session)
    if condition:
        return condition
    reply = read(check, session, Setting.NETWORK)
    if not isinstance(reply, Reply):
        judged = Identity.DOCUMENTS in session.stores and reply.status is Status.SKIP
        return _by_policy(check, session) if judged else reply
    evidence = [seen(session, Setting.NETWORK)]
    match reply.facts.get("default"):
        case "allow":
            return passed(check, session, "requests are let in from everywhere", evidence)
        case "deny" if whole := reply.facts.get("open_to"):
            return _let_in_part(check, session, whole, evidence)
        case "deny":
            rules = reply.facts.get("rules") or ()
            some = f"only {len(rules)} listed networks are let in, and {UNPUBLISHED}"
            return _closed(check, session, some if rules else "no network is let in", evidence)
        case _:
            return _unshown(check, session, reply, evidence)


def _let_in_part(check: Check, session: Session, whole: list[str], evidence: list[Evidence]) -> Outcome:
    """Every address of one family is let in, and not of the other: who listed them may have meant everybody."""
    message = (
        f"every {' and '.join(whole)} address is let in, and not every other: which Stream writes from is not known"
    )
    return unknown(check, session, message, evidence, [Candidate(cause=Cause.NETWORK_DENIED, because=message)])


def _unshown(check: Check, session: Session, reply: Reply, evidence: list[Evidence]) -> Outcome:
    """An answer without a filter, to somebody who may not be shown one."""
    action = reply.facts.get("shown_to")
    told = f": it is shown only to who holds {action}" if action else ""
    message = f"whether addresses are filtered was not shown{told}"
    candidate = Candidate(cause=Cause.NOT_NEEDED, because=message, missing=(Permission(str(action)),) if action else ())
    return unknown(check, session, message, evidence, [candidate])


def _condition(check: Check, session: Session) -> Outcome | None:
    """A condition on where a request comes from, which leaves the decision of the policies open."""
    if Identity.DOCUMENTS not in session.stores:
        return None
    for ask in (session.put, session.put_parts):  # a condition may be on one of the two alone
        evidence = session.ask(ask, Identity.DOCUMENTS)
        for one in session.diagnose(evidence).candidates:
            if one.cause is Cause.NETWORK_DENIED:
                return _closed(check, session, f"{one.because}; {UNPUBLISHED}", [evidence])
    return None


def _by_policy(check: Check, session: Session) -> Outcome:
    evidence = session.ask(session.put, Identity.DOCUMENTS)
    if evidence.reply.facts.get("answer") == "allowed":
        return passed(check, session, "no condition of the policies depends on where a request comes from", [evidence])
    return skipped(check, session, "the policies that were read name no network")


def _closed(check: Check, session: Session, message: str, evidence: list[Evidence]) -> Outcome:
    candidate = Candidate(cause=Cause.NETWORK_DENIED, because=message)
    return failed(check, session, message, [candidate], evidence)


CHECK = Check(
    title="Stream's addresses are let in",
    severity=Severity.ERROR,
    stage=Stage.SETTINGS,
    examine=_examine,
)
