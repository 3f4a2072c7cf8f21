"""The command as people run it: a process of its own, against clouds on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from preflight.sandbox import Fault, Kind, Sandbox

Done = subprocess.CompletedProcess[str]
Preflight = Callable[..., Done]


@pytest.fixture
def preflight(environment: dict[str, str], tmp_path: Path) -> Preflight:
    """Run `python -m preflight …` and return what it said; keyword `env` adds variables, `text` is standard input."""

    def run(*arguments: str, text: str = "", env: Mapping[str, str] | None = None) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "preflight", *arguments],
            input=text,
            env={**environment, "NO_PROXY": "127.0.0.1", **(env or {})},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture
def s3_file(tmp_path: Path) -> Iterator[Callable[..., tuple[Path, dict[str, str]]]]:
    """A file for an S3 scenario whose endpoint is in the file itself, as for any S3 compatible, and its variables."""
    with ExitStack() as stack:

        def written(name: str = "s3/healthy", *faults: Fault) -> tuple[Path, dict[str, str]]:
            box = stack.enter_context(Sandbox(name))
            for fault in faults:
                box.inject(fault)
            endpoint = f"      s3_custom_endpoint_url: {box.endpoints['s3']}\n"
            file = tmp_path / "storages.yaml"
            file.write_text(box.configuration.rstrip("\n") + "\n" + endpoint, encoding="utf-8")
            return file, dict(box.environ)

        yield written


REFUSE = Fault(kind=Kind.REFUSE, service="s3", status=403, code="AccessDenied", message="Access Denied")
UNREADABLE = Fault(kind=Kind.REFUSE, service="s3", status=503, code="ServiceUnavailable")
