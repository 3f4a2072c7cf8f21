"""# Fields are spelled as Stream spells them today

Asks whether the entry uses the names of today's API rather than those of an older page of the documentation.

**Why it matters.** preflight reads the flat `s3_*` and `abs_*`, `custom_folder`, `storage_provider`, `type`
and a GUID in `abs_account_key`; Stream's API does not.

**Example failure.** `‼ fields are spelled as Stream spells them today   use-current-spelling: request-invalid`

**Fix.** Take over the entry that is shown; placeholders such as `${S3_SECRET}` stand where secrets stood.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="fields are spelled as Stream spells them today",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
