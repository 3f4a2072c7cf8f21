"""# The bucket field can be a bucket's name

Asks whether the field holds a name alone, by the provider's rules. A service with a custom endpoint has rules
of its own, and only what can be no name anywhere is refused there.

**Why it matters.** A URL, `s3://bucket`, an ARN or `bucket/prefix` is registered without complaint and then
found nowhere.

**Example failure.** `× the bucket field can be a bucket's name   shape-bucket: bucket-name-invalid`

**Fix.** Write the name alone, and what followed it into `path`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the {bucket} field can be a {bucket}'s name",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
