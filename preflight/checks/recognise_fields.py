"""# Fields are known to Stream

Asks whether the entry has only fields that a storage has, for its own storage type, each once.

**Why it matters.** A misspelt field is a missing one. A field that Stream does not have (a role, a session
token, an encryption key) leaves its writer believing in something that will not happen.

**Example failure.** `× fields are known to Stream   recognise-fields: request-invalid`

**Fix.** Write the name that is suggested, or remove the field. `role_arn`, `path_prefix` and `type: aws_s3`
belong to Stream's importer, `recording_external_storage` to the request that starts a recording.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="fields are known to Stream",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
