"""# The bucket's name is an ordinary one

Asks for what is unusual in a name and yet may work: dots, an access point's alias, length, old buckets of
us-east-1.

**Why it matters.** The live check decides; this says where to look first. Dots break TLS where the bucket is
part of the host name.

**Example failure.** `‼ the bucket's name is an ordinary one   shape-bucket-plainly: bucket-name-invalid`

**Fix.** Compare the name with the console.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="the {bucket}'s name is an ordinary one",
    severity=Severity.WARNING,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
