"""# The path can begin an object's name

Asks whether the path is free of `..`, control characters and backslashes, for Azure also of `.`, and short enough.

**Why it matters.** Clients resolve `..` before they sign or after, a folder `.` is lost on the way to Azure, which
also turns a backslash into a slash, and names end at 1024 bytes.

**Example failure.** `× the path can begin an object's name   shape-path-safely: request-invalid`

**Fix.** Write plain folders, such as `recordings/`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the path can begin an object's name",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
