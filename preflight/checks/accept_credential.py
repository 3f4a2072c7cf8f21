"""# The credential is accepted

Asks whether the provider knows the configured identity and accepts its secret: the key pair of S3, the service
account key of Google, the client secret (or account key) of Azure.

**Why it matters.** Stream stores whatever it is given. A key that was rotated, pasted with a space or belongs to
another account shows up only when a recording is lost.

**Example failure.** `× the access key is accepted   accept-credential: secret-wrong`

**Fix.** See the page of the cause; usually the secret is created anew and pasted whole.
"""

from preflight.checks import Check, Stage
from preflight.claims import on_the_write
from preflight.model import Cause, Severity

CHECK = Check(
    title="the {credential} is accepted",
    severity=Severity.ERROR,
    stage=Stage.WRITE,
    examine=on_the_write,
    waits_for=("reach-endpoint",),
    causes=frozenset(
        {
            Cause.CREDENTIAL_MISSING,
            Cause.CREDENTIAL_MALFORMED,
            Cause.CREDENTIAL_UNKNOWN,
            Cause.SECRET_WRONG,
            Cause.CREDENTIAL_EXPIRED,
            Cause.CREDENTIAL_DISABLED,
            Cause.SESSION_TOKEN_INVALID,
            Cause.TENANT_WRONG,
            Cause.SCOPE_WRONG,
            Cause.AUTH_METHOD_REFUSED,
            Cause.SIGNATURE_BROKEN,
        }
    ),
)
