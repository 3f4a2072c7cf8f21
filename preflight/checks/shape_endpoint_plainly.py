"""# The custom endpoint is an ordinary one

Asks for what is unusual in an endpoint and yet may work: a path, or a host that begins with the bucket's
name.

**Why it matters.** Few services want a path; clients put the bucket's name there themselves.

**Example failure.** `‼ the custom endpoint is an ordinary one   shape-endpoint-plainly: endpoint-wrong`

**Fix.** Compare the address with the service's documentation.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import S3Storage, Severity, Storage


def _with_endpoint(storage: Storage) -> str:
    written = isinstance(storage, S3Storage) and "aws_s3.s3_custom_endpoint_url" in storage.where
    return "" if written else "no custom endpoint is configured"


CHECK = Check(
    title="the custom endpoint is an ordinary one",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
    applies=_with_endpoint,
)
