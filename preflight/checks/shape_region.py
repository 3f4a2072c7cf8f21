"""# The region can be a region

Asks whether `s3_region` has the shape of a region of AWS. With a custom endpoint other words are fine
(`auto`).

**Why it matters.** Stream accepts any text here, even the access key (its own samples swap the two), and
fails when it writes.

**Example failure.** `× the region can be a region   shape-region: region-wrong`

**Fix.** Write the region's code, such as `eu-central-1`: neither its name (Frankfurt) nor a zone of it
(`eu-central-1a`).
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import S3Storage, Severity, Storage


def _only_s3(storage: Storage) -> str:
    return "" if isinstance(storage, S3Storage) else f"{storage.words['provider']} has no such field"


CHECK = Check(
    title="the region can be a region",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
    applies=_only_s3,
)
