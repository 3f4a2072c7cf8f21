"""# The writer cannot list names

Asks, about this run's own test object only, whether the identity that writes may also list. A healthy write-only
credential is refused, and that is good.

**Why it matters.** Names of recordings tell who called whom and when. Stream never needs to list them.

**Example failure.** `‼ cannot list names   withhold-list: not-needed`

**Fix.** Take the permission away from the writer; writing needs one permission only.
"""

from preflight.checks import Check, Stage
from preflight.claims import withheld
from preflight.model import List, Severity

CHECK = Check(
    title="cannot list names",
    severity=Severity.WARNING,
    stage=Stage.WITHHOLD,
    examine=withheld(List),
    waits_for=("write-object",),
)
