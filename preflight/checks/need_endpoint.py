"""# The custom endpoint is needed

Asks whether the custom endpoint is another service than the one that would be asked without it.

**Why it matters.** An address of AWS makes key and secret compulsory and can contradict `s3_region`. Google's
S3 interface ignores preconditions, which `storage_type: gcs` does not.

**Example failure.** `‼ the custom endpoint is needed   need-endpoint: endpoint-wrong`

**Fix.** Remove `s3_custom_endpoint_url` for Amazon S3; write `storage_type: gcs` for Google.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import S3Storage, Severity, Storage


def _with_endpoint(storage: Storage) -> str:
    written = isinstance(storage, S3Storage) and "aws_s3.s3_custom_endpoint_url" in storage.where
    return "" if written else "no custom endpoint is configured"


CHECK = Check(
    title="the custom endpoint is needed",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
    applies=_with_endpoint,
)
