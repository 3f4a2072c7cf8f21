"""# The credential can be one

Asks whether the credential is what it claims to be, before any server is asked: right kind, whole, unquoted,
no placeholder, nothing swapped, a key file whose private key loads, a tenant and ids that are GUIDs.

**Why it matters.** Stream stores whatever it is given. Lost line breaks in a Google key and the id of an
Azure secret in place of its value are the mistakes made most often.

**Example failure.** `× the access key can be one   shape-credential: credential-malformed`

**Fix.** Copy it anew from the console, or refer to it: `${NAME}`, `{file: keys.json}`. Values are never
shown.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the {credential} can be one",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
