"""A server process of our own: started in its own group, and nothing else is ever ended."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ENDS_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--"]
"""The kernel ends the server should the test run itself be killed."""


class ServerDiedError(Exception):
    """The server ended, or never listened; the text holds the end of its log."""


class Process:
    """One running server; `log` holds what it said."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        guard = ENDS_WITH_US if shutil.which(ENDS_WITH_US[0]) else []
        with log.open("ab") as out:
            self._child = subprocess.Popen(
                [*guard, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(env) if env is not None else None,
                start_new_session=True,
            )
        atexit.register(self.stop)

    def wait_for(self, port: int, seconds: float = 30) -> Self:
        """Return once `port` accepts connections; raise ServerDiedError with the log's end otherwise."""
        deadline = time.monotonic() + seconds
        while self._child.poll() is None and time.monotonic() < deadline:
            with socket.socket() as knock:
                knock.settimeout(1)
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    return self
            time.sleep(0.02)
        state = f"exit {self._child.returncode}" if self._child.returncode is not None else "not listening"
        self.stop()
        said = self.log.read_text(errors="replace")[-2000:]
        raise ServerDiedError(f"{self._child.args!r}: {state}\n{said}")

    def stop(self, seconds: float = 5) -> None:
        """End the whole group, kindly first; safe to repeat."""
        if self._child.poll() is None:
            self._signal(signal.SIGTERM)
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._child.wait()
        atexit.unregister(self.stop)

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._child.pid, number)
        except ProcessLookupError:
            return
