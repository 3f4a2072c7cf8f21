"""The command line as people run it: a process of its own, a configuration file, and what it said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PREFLIGHT = [sys.executable, "-W", "ignore", "-m", "preflight"]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a finished command said."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def left(self) -> set[str]:
        """The addresses that the report names as perhaps left behind."""
        return {one["address"] for storage in self.report["storages"] for one in storage["residue"]}

    def outcome(self, check: str) -> dict[str, Any]:
        outcomes: list[dict[str, Any]] = self.report["storages"][0]["outcomes"]
        return next(outcome for outcome in outcomes if outcome["check"] == check)


def start(*arguments: str, env: Mapping[str, str], **options: Any) -> subprocess.Popen[str]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen([*PREFLIGHT, *arguments], cwd=ROOT, env=dict(env), text=True, **{**pipes, **options})


def ended(process: subprocess.Popen[str], seconds: float = 60) -> Ended:
    out, err = process.communicate(timeout=seconds)
    return Ended(process.returncode, out or "", err or "")


def run(*arguments: str, env: Mapping[str, str], **options: Any) -> Ended:
    return ended(start(*arguments, env=env, **options))


def s3_file(
    folder: Path,
    endpoint: str,
    bucket: str,
    key: str,
    secret: str,
    *,
    path: str = "recordings/",
    region: str = "us-east-1",
) -> Path:
    """A configuration file with one S3 storage at a custom endpoint."""
    entry = {
        "name": "main",
        "storage_type": "s3",
        "bucket": bucket,
        "path": path,
        "aws_s3": {
            "s3_region": region,
            "s3_api_key": key,
            "s3_secret": secret,
            "s3_custom_endpoint_url": endpoint,
        },
    }
    file = folder / "storages.json"
    file.write_text(json.dumps({"storages": [entry]}))
    return file
