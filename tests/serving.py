"""`goes-sync-server` as real processes.

initialised = initialise(data)                       # {"setup_token", "server_id"}
with RunningServer(data) as running:                 # until the end of the block, then SIGTERM
    HttpServer(running.url)

Its modules take a second to import, and a test run starts hundreds of servers: each is forked from one process that has
imported them and done nothing else.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE_S = 60
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["sync_server.cli", "sync_server.serve", "alembic.command", "tests.serving"])


class Forked:
    """A process that runs one command of the server's, with as much of `subprocess.Popen` as tests use."""

    def __init__(self, arguments: list[str], errors: Path) -> None:
        reading, writing = _FORKING.Pipe(duplex=False)
        self._process = _FORKING.Process(target=_command, args=(arguments, writing, errors, environment()))
        self._process.start()
        writing.close()
        self.stdout = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
        reading.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout_s: float) -> int:
        self._process.join(timeout_s)
        code = self._process.exitcode
        assert code is not None, "the server does not end"
        return code


def _command(arguments: list[str], out: Connection, errors: Path, environ: dict[str, str]) -> None:
    """In the new process."""
    os.dup2(out.fileno(), sys.__stdout__.fileno())  # type: ignore[union-attr]
    out.close()
    with errors.open("ab") as log:
        os.dup2(log.fileno(), sys.__stderr__.fileno())  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = ["goes-sync-server", *arguments]
    from sync_server.cli import main

    main()


def command(*arguments: str, data: Path, database_url: str | None = None) -> list[str]:
    return [*arguments, "--data", str(data), *(["--database-url", database_url] if database_url else [])]


def run(*arguments: str, data: Path, database_url: str | None = None) -> subprocess.CompletedProcess[str]:
    """One command to its end: stdout, stderr and exit code are the caller's to judge."""
    line = command(*arguments, data=data, database_url=database_url)
    with tempfile.TemporaryDirectory() as place:
        errors = Path(place) / "stderr"
        process = Forked(line, errors)
        with process.stdout as stdout:
            told = stdout.read()
        return subprocess.CompletedProcess(line, process.wait(PATIENCE_S), told, errors.read_text())


def initialise(data: Path, database_url: str | None = None) -> dict[str, Any]:
    done = run("init", data=data, database_url=database_url)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GOES_")}


def as_installed(line: list[str], errors: Path) -> subprocess.Popen[str]:
    """The command as it is installed: the only way to several workers, which start processes of their own."""
    program = Path(sys.executable).parent / "goes-sync-server"
    with errors.open("a") as log:
        return subprocess.Popen([program, *line], stdout=subprocess.PIPE, stderr=log, text=True, env=environment())


class RunningServer:
    """A server process that accepts connections."""

    def __init__(self, data: Path, database_url: str | None = None, *arguments: str) -> None:
        line = command("serve", "--port", "0", *arguments, data=data, database_url=database_url)
        self.log = data.parent / f"{data.name}.log"
        self.process = (as_installed if "--workers" in arguments else Forked)(line, self.log)
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
        return code

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
