"""# The custom endpoint uses TLS

Asks whether `s3_custom_endpoint_url` begins with `https://`.

**Why it matters.** Stream writes from elsewhere: recordings would cross the internet in clear.

**Example failure.** `‼ the custom endpoint uses TLS   use-https: https-required`

**Fix.** Give the service a certificate and write `https://`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import S3Storage, Severity, Storage


def _with_endpoint(storage: Storage) -> str:
    written = isinstance(storage, S3Storage) and "aws_s3.s3_custom_endpoint_url" in storage.where
    return "" if written else "no custom endpoint is configured"


CHECK = Check(
    title="the custom endpoint uses TLS",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
    applies=_with_endpoint,
)
