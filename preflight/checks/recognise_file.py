"""# The file holds storages

Asks whether a file is a configuration: `storages:` and `call_types:`, or what `createExternalStorage` takes.

**Why it matters.** An access policy, a key file or a misspelt section would otherwise be read as a
configuration without storages, and nothing would be checked.

**Example failure.** `× the file holds storages   recognise-file: request-invalid`

**Fix.** Hand in the storage itself. Names that begin with `x-` are yours: preflight passes them by.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the file holds storages",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
    file_wide=True,
)
