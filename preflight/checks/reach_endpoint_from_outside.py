"""# The custom endpoint has a public address

Asks whether the custom endpoint is another address than loopback, a private network or a name that ends in
`.local`.

**Why it matters.** Whatever answers this machine need not answer Stream, which writes from elsewhere and does
not say from where.

**Example failure.** `‼ the custom endpoint has a public address   reach-endpoint-from-outside: endpoint-wrong`

**Fix.** Publish the service under a name of the public DNS.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import S3Storage, Severity, Storage


def _with_endpoint(storage: Storage) -> str:
    written = isinstance(storage, S3Storage) and "aws_s3.s3_custom_endpoint_url" in storage.where
    return "" if written else "no custom endpoint is configured"


CHECK = Check(
    title="the custom endpoint has a public address",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
    applies=_with_endpoint,
)
