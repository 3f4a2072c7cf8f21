"""# The path ends in a slash and begins without one

Asks whether the path is written such that recordings land in the folder that is meant.

**Why it matters.** Stream's documentation writes the path with and without a slash at its end and does not
say how it is joined to names. With a leading slash objects lie under a folder without a name, where policies
for `recordings/*` do not reach.

**Example failure.** `‼ the path ends in a slash and begins without one   shape-path: request-invalid`

**Fix.** Write `recordings/`. To use the whole bucket leave `path` out rather than writing `/`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the path ends in a slash and begins without one",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
