"""CPU of `preflight check` against a bare script of Google's library that makes the same calls, side by side.

Run: python -m tests.benchmarks.gcs_check
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from preflight.sandbox import Sandbox
from tests.benchmarks.whole import compare, endpoints

BARE = """
import io, json, os, secrets
from google.cloud import storage
from google.oauth2.service_account import Credentials
info = {{**json.loads(os.environ["GCS_KEY"]), "token_uri": {token!r} + "/token"}}
scope = "https://www.googleapis.com/auth/devstorage.read_write"
client = storage.Client(info["project_id"], Credentials.from_service_account_info(info, scopes=[scope]),
                        client_options={{"api_endpoint": {api!r}}})
name = f"recordings/bare-{{secrets.token_hex(16)}}"
bucket = client.bucket("my-recordings")
bucket.blob(name + ".txt").upload_from_string(b"x" * 150, content_type="text/plain", if_generation_match=0)
bucket.blob(name + "-parts.txt").upload_from_file(io.BytesIO(b"x" * 150), content_type="text/plain",
                                                  if_generation_match=0)
bucket.test_iam_permissions(["storage.folders.create"])
"""


def main() -> None:
    """The sandbox runs in this process, whose time is not counted."""
    with tempfile.TemporaryDirectory() as temporary, Sandbox("gcs/healthy") as box:
        os.environ.update(box.environ)
        folder = Path(temporary)
        (folder / "storage.yaml").write_text(box.configuration)
        (folder / "bare.py").write_text(BARE.format(token=box.endpoints["google-token"], api=box.endpoints["gcs"]))
        only = [word for name in ("write-object", "write-multipart", "create-folders") for word in ("--only", name)]
        ours = [sys.executable, "-m", "preflight", "check", *only, *endpoints(box), str(folder / "storage.yaml")]
        compare("preflight check, Google Cloud Storage", ours, [sys.executable, str(folder / "bare.py")])


if __name__ == "__main__":
    main()
