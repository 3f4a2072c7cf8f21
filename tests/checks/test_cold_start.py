"""Who only checks pays nothing for the evaluation of documents."""

from __future__ import annotations

import subprocess
import sys


def test_a_plain_check_imports_no_evaluation() -> None:
    """The checks about documents are thin: engine, grants and recognisers are imported when documents are there."""
    code = (
        "import sys, preflight.run, preflight.cli.check\n"
        "from preflight import checks, providers\n"
        "checks.drawer(); providers.provider('s3')\n"
        "heavy = ('preflight.iam', 'preflight.grants', 'preflight.documents', 'preflight.providers.s3.paper_store')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
