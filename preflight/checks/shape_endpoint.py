"""# The custom endpoint can be an endpoint

Asks whether `s3_custom_endpoint_url` is a scheme and a host, without bucket, user, query, or another region's
address. Addresses of metadata services are refused in every notation and never asked.

**Why it matters.** With the bucket in the address it stands twice in every request; with a password in it, it
stands in every log.

**Example failure.** `× the custom endpoint can be an endpoint   shape-endpoint: endpoint-wrong`

**Fix.** Write `https://` and the host of the service, with its port if it has one.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import S3Storage, Severity, Storage


def _with_endpoint(storage: Storage) -> str:
    written = isinstance(storage, S3Storage) and "aws_s3.s3_custom_endpoint_url" in storage.where
    return "" if written else "no custom endpoint is configured"


CHECK = Check(
    title="the custom endpoint can be an endpoint",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
    applies=_with_endpoint,
)
