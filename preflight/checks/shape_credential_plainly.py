"""# The credential is an ordinary one

Asks for what is unusual in a credential and yet may work: lengths, the service account's address, fields of
the key file that writing does not need.

**Why it matters.** A key that lost its last letter in copying is found here before the provider calls it
unknown.

**Example failure.** `‼ the access key is an ordinary one   shape-credential-plainly: credential-malformed`

**Fix.** Copy it anew and compare its length.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the {credential} is an ordinary one",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
