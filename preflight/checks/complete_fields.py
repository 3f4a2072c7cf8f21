"""# Required fields are there

Asks whether the entry has every field that its storage type needs, key and secret come together, and a custom
endpoint comes with a key.

**Why it matters.** Stream registers an entry without its region, or with three of Azure's four fields, and
says so only when the first recording cannot be written.

**Example failure.** `× required fields are there   complete-fields: credential-missing`

**Fix.** Add the field that is named. S3: `aws_s3.s3_region`, and both or neither of `s3_api_key` and
`s3_secret`. Google: `gcs_credentials`. Azure: `abs_account_name`, `abs_tenant_id`, `abs_client_id`,
`abs_client_secret` in `azure_blob`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="required fields are there",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
