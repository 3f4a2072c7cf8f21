"""# The writer cannot delete objects

Asks, about this run's own test object only, whether the identity that writes may also delete. A healthy write-only
credential is refused, and that is good.

**Why it matters.** Whoever gets hold of the key could delete every recording. Stream never deletes.

**Example failure.** `‼ cannot delete objects   withhold-delete: not-needed`

**Fix.** Take the permission away from the writer; writing needs one permission only.
"""

from preflight.checks import Check, Stage
from preflight.claims import withheld
from preflight.model import Delete, Severity

CHECK = Check(
    title="cannot delete objects",
    severity=Severity.WARNING,
    stage=Stage.CLEAN,
    examine=withheld(Delete),
    waits_for=("write-object",),
)
