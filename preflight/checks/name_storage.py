"""# The name is free to use

Asks whether the storage's name is not `stream-s3` and stands once in the file.

**Why it matters.** `stream-s3` is Stream's own bucket and refused as a new name. Names are unique in an
application, and call types find a storage by its name.

**Example failure.** `× the name is free to use   name-storage: request-invalid`

**Fix.** Choose another name, and write it into the call types, too.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the name is free to use",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
