"""CPU of `preflight check` against a bare script of Azure's libraries that makes the same calls, side by side.

Run: python -m tests.benchmarks.abs_check
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from preflight.sandbox import Sandbox
from tests.benchmarks.whole import compare, endpoints

BARE = """
import os, secrets
from azure.core import MatchConditions
from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobBlock, ContainerClient
credential = ClientSecretCredential({tenant!r}, {client!r}, os.environ["ABS_SECRET"], authority={entra!r},
                                    disable_instance_discovery=True)
container = ContainerClient({account!r}, "recordings", credential=credential)
name = f"calls/bare-{{secrets.token_hex(16)}}"
container.get_blob_client(name + ".txt").upload_blob(b"x" * 150, overwrite=False)
parts = container.get_blob_client(name + "-parts.txt")
parts.stage_block("block", b"x" * 150)
parts.commit_block_list([BlobBlock("block")], match_condition=MatchConditions.IfMissing)
"""


def main() -> None:
    """The sandbox runs in this process, whose time is not counted."""
    with tempfile.TemporaryDirectory() as temporary, Sandbox("abs/healthy") as box:
        os.environ.update({"ABS_SECRET": box.environ["ABS_SECRET"], "REQUESTS_CA_BUNDLE": str(box.authority)})
        world, folder = box.scenario.world, Path(temporary)
        (account,) = world["accounts"]
        (folder / "storage.yaml").write_text(box.configuration)
        (folder / "bare.py").write_text(
            BARE.format(
                tenant=world["tenant"],
                client=world["applications"]["stream-writer"]["client_id"],
                entra=box.endpoints["entra"],
                account=f"{box.endpoints['abs']}/{account}",
            )
        )
        only = ["--only", "write-object", "--only", "write-multipart"]
        ours = [sys.executable, "-m", "preflight", "check", *only, *endpoints(box), str(folder / "storage.yaml")]
        compare("preflight check, Azure Blob Storage", ours, [sys.executable, str(folder / "bare.py")])


if __name__ == "__main__":
    main()
