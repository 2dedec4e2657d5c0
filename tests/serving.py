"""`goes-sync-server` as real processes.

initialised = initialise(data)                       # {"setup_token", "server_id"}
with RunningServer(data) as running:                 # until the end of the block, then SIGTERM
    HttpServer(running.url)
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE_S = 60


def command(*arguments: str, data: Path, database_url: str | None = None) -> list[str]:
    where = ["--data", str(data), *(["--database-url", database_url] if database_url else [])]
    return [sys.executable, "-c", "from sync_server.cli import main; main()", *arguments, *where]


def run(*arguments: str, data: Path, database_url: str | None = None) -> subprocess.CompletedProcess[str]:
    """One command to its end: stdout, stderr and exit code are the caller's to judge."""
    line = command(*arguments, data=data, database_url=database_url)
    return subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, env=environment(), check=False)


def initialise(data: Path, database_url: str | None = None) -> dict[str, Any]:
    done = run("init", data=data, database_url=database_url)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GOES_")}


class RunningServer:
    """A server process that accepts connections."""

    def __init__(self, data: Path, database_url: str | None = None, *arguments: str) -> None:
        line = command("serve", "--port", "0", *arguments, data=data, database_url=database_url)
        self.log = data.parent / f"{data.name}.log"
        self._log = self.log.open("a")
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=self._log, text=True, env=environment())
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if not said:
            self.kill()
            raise AssertionError(f"the server did not start: {self.log.read_text()[-2000:]}")
        self.url: str = json.loads(said)["ready"]

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def kill(self) -> int:
        """As a power cut."""
        if self.process.poll() is None:
            self.process.kill()
        return self._wait()

    def _wait(self) -> int:
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()
        return code

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
