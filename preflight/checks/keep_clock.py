"""# This machine's clock is right

Asks whether the clock of the machine that signs is close enough to the provider's, by its refusal or by the
`Date` of any answer.

**Why it matters.** A wrong clock makes a good key look bad. It is a fault of this machine, never of the storage:
Stream signs with its own clock.

**Example failure.** `? the clock of this machine is right   keep-clock: clock-skew`

**Fix.** Set the clock (`chronyc makestep`, `timedatectl set-ntp true`) and run again.
"""

from preflight.checks import Check, Stage
from preflight.claims import judge, passed, skipped, write
from preflight.model import Cause, Outcome, Severity
from preflight.session import Session

NOTICEABLE = 120  # seconds; below, the difference says more about the network than about the clock


def _examine(check: Check, session: Session) -> Outcome:
    evidence = write(session)
    if evidence is None:
        return skipped(check, session, session.absent_writer)
    skew = evidence.reply.facts.get("skew_seconds")
    candidates = session.diagnose(evidence).candidates
    refused_for_it = any(candidate.cause is Cause.CLOCK_SKEW for candidate in candidates)
    if skew is None or refused_for_it:
        return judge(check, session, evidence)
    off = f"this clock is {abs(skew):.0f} s {'behind' if skew > 0 else 'ahead'}" if abs(skew) >= NOTICEABLE else ""
    return passed(check, session, off, [evidence])


CHECK = Check(
    title="the clock of this machine is right",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=_examine,
    waits_for=("reach-endpoint",),
    causes=frozenset({Cause.CLOCK_SKEW}),
)
