"""# The name is made of plain characters

Asks whether the name has only letters, digits, `-` and `_`.

**Why it matters.** The name becomes a part of Stream's URLs; clients that do not encode it cannot check,
update or delete the storage.

**Example failure.** `‼ the name is made of plain characters   name-storage-plainly: request-invalid`

**Fix.** Use letters, digits, `-` and `_`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the name is made of plain characters",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
