"""What this machine offers to the tests: its own environment, its packages, free ports."""

import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

Found = TypeVar("Found")

ENVIRONMENT = dict(os.environ)
"""As it was before the tests cleaned it: installers need its proxies, certificates and mirrors."""

CACHE = Path(ENVIRONMENT.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "preflight-tests"
"""Where on-demand installations stay between runs."""


def missing(reason: str) -> NoReturn:
    """Skip for all to see, or fail where the servers are promised (`PREFLIGHT_REQUIRE_SERVERS=1`)."""
    if ENVIRONMENT.get("PREFLIGHT_REQUIRE_SERVERS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def require_apt(find: Callable[[], Found | None], *packages: str) -> Found:
    """Return what `find` finds, after installing Debian's `packages` if it finds nothing and we may."""
    if (found := find()) is not None:
        return found
    install = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not _may_install():
        missing(f"needs, as root (PREFLIGHT_INSTALL_SERVERS=1 does it): {install}")
    quiet = ENVIRONMENT | {"DEBIAN_FRONTEND": "noninteractive"}
    ended = subprocess.run(["sh", "-c", install], env=quiet, capture_output=True, text=True, check=False)
    if (found := find()) is not None:
        return found
    missing(f"{install}: exit {ended.returncode}\n{ended.stderr[-2000:]}")


def require_npm(package: str, version: str) -> Path:
    """Return the `node_modules` folder that holds `package`, installed into our cache on first use."""
    folder = CACHE / f"{package.replace('/', '+')}-{version}"  # `@scope/name` is one folder, too
    if folder.exists():
        return folder / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        missing(f"npm is not installed, and {package} comes from it: apt-get install nodejs npm")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as draft:  # nobody must ever find half an installation
        staged = Path(draft, folder.name)
        command = [npm, "install", "--no-fund", "--no-audit", "--prefix", str(staged), f"{package}@{version}"]
        ended = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if ended.returncode:
            missing(f"{' '.join(command)}: exit {ended.returncode}\n{ended.stderr[-2000:]}")
        if not folder.exists():  # another run may have been faster
            staged.rename(folder)
    return folder / "node_modules"


def require_script(name: str) -> str:
    """Return the path of a command that this project's `[test]` extra puts beside the interpreter."""
    script = Path(sysconfig.get_path("scripts")) / name
    if not script.exists():
        missing(f"{name} is not in this environment: pip install -e '.[test]'")
    return str(script)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _may_install() -> bool:
    wanted = {"CI", "PREFLIGHT_INSTALL_SERVERS", "PREFLIGHT_REQUIRE_SERVERS"}
    asked = any(ENVIRONMENT.get(name) in {"1", "true"} for name in wanted)
    return asked and os.geteuid() == 0 and shutil.which("apt-get") is not None
