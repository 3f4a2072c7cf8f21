"""# Secrets can be loaded

Asks whether every `${NAME}`, `{env: NAME}` and `{file: path}` of the entry leads to a value.

**Why it matters.** An empty variable would otherwise be registered as an empty secret, or turn a storage with
a key into one without.

**Example failure.** `× secrets can be loaded   load-secrets: credential-missing`

**Fix.** Export the variable in the shell (or the CI job) that runs preflight, or write the file where the
configuration looks for it: next to itself. Write `$${` for a plain `${`.
"""

from preflight.checks import Check, Stage
from preflight.claims import from_configuration
from preflight.model import Severity

CHECK = Check(
    title="secrets can be loaded",
    severity=Severity.ERROR,
    stage=Stage.CONFIG,
    examine=from_configuration,
)
