"""# The writer cannot read objects

Asks, about this run's own test object only, whether the identity that writes may also read. A healthy write-only
credential is refused, and that is good.

**Why it matters.** Whoever gets hold of the key could read every recording. Stream never needs to.

**Example failure.** `‼ cannot read objects   withhold-read: not-needed`

**Fix.** Take the permission away from the writer; writing needs one permission only.
"""

from preflight.checks import Check, Stage
from preflight.claims import withheld
from preflight.model import Get, Severity

CHECK = Check(
    title="cannot read objects",
    severity=Severity.WARNING,
    stage=Stage.WITHHOLD,
    examine=withheld(Get),
    waits_for=("write-object",),
)
