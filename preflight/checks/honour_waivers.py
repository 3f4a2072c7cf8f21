"""# Waivers are whole and in force

Asks whether each entry of `waive:` names a check, says why, and until when, and whether that day is still to come.

**Why it matters.** A waiver is for a while. A finding that nobody looks at any more, because it was waived once, is how
recordings get lost long after everybody agreed that they would not.

**Example failure.** `× waivers are whole and in force   honour-waivers: request-invalid`

**Fix.** Mend what the waiver is about and remove it, or look at the finding again and write a later day into `expires`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="waivers are whole and in force",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
    file_wide=True,
)
