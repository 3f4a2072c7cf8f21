"""# Call types name storages that exist

Asks whether every storage that `call_types` names is in the files at hand, or is `stream-s3`.

**Why it matters.** A call type whose storage is not there has nowhere to record to. `stream-s3`, Stream's own
bucket, is always there.

**Example failure.** `× call types name storages that exist   resolve-call-types: request-invalid`

**Fix.** Write the name as it stands in `storages`, or hand in the file that has it.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="call types name storages that exist",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
    file_wide=True,
)
