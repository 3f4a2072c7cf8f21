"""# The storages fit into one application

Asks whether a file has no more than ten storages.

**Why it matters.** An application of Stream's holds ten storages.

**Example failure.** `× the storages fit into one application   fit-limit: request-invalid`

**Fix.** Remove what is not used, or keep the storages of several applications in several files.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the storages fit into one application",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
    file_wide=True,
)
