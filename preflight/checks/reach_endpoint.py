"""# The provider answers

Asks whether a request reaches the storage service at all: name resolution, connection, TLS, and an answer that
comes from the provider and not from something between.

**Why it matters.** Nothing else can be judged before the right host answers over an intact connection.

**Example failure.** `× the S3 endpoint answers   reach-endpoint: tls-failed`

**Fix.** See the page of the cause. What fails here may be a fault of this machine's network only: Stream writes
from elsewhere, so the verdict is then undetermined rather than not ready, unless the configuration names a host that
cannot be right.
"""

from preflight.checks import Check, Stage
from preflight.claims import on_the_write
from preflight.model import Cause, Severity

CHECK = Check(
    title="{provider} answers",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=on_the_write,
    waits_for=("load-secrets", "shape-bucket", "shape-credential", "shape-endpoint", "shape-region"),
    causes=frozenset(
        {
            Cause.DNS_FAILED,
            Cause.CONNECTION_FAILED,
            Cause.TLS_FAILED,
            Cause.HTTPS_REQUIRED,
            Cause.PROXY_INTERFERED,
            Cause.ENDPOINT_WRONG,
            Cause.ACCOUNT_NAME_WRONG,
            Cause.SERVICE_UNAVAILABLE,
            Cause.THROTTLED,
        }
    ),
)
