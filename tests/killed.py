"""A process that dies by SIGKILL at a durable step of what it does: before the n-th commit, sync, rename or removal.

    with Killer() as killer:
        for step in itertools.count():
            if not killer.dies("tests.store.dying:carry_out", step, str(home)):
                break                       # it came to its end: there is no such step any more

It forks for each round, so that a round costs no start of Python. What is killed loses no write that the system has
taken, as with kill -9; a disk that lies about its syncs is another matter.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from types import TracebackType
from typing import Any

_DURABLE = ("COMMIT", "VACUUM", "PRAGMA wal_checkpoint", "PRAGMA user_version=")
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_IN_A_VACUUM = 4000
"""Virtual machine steps of SQLite between two chances to die in the middle of a statement."""


class Killer:
    """The forking process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killed"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def dies(self, what: str, step: int, *arguments: str) -> bool:
        """Whether ``module:function`` was killed before its durable step of that number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, step, *arguments]) + "\n")
        self._process.stdin.flush()
        how = self._process.stdout.readline().strip()
        assert how in ("died", "ended"), how or "the process is gone"
        return how == "died"

    def __enter__(self) -> Killer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class _Countdown:
    def __init__(self, step: int) -> None:
        self.left = step

    def step(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def watch(self) -> None:
        """From here on each durable step counts."""
        for name in ("fsync", "replace", "unlink"):
            setattr(os, name, self._counting(getattr(os, name)))
        connect = sqlite3.connect

        def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **options)
            self._listen(connection)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = connected

    def _counting(self, act: Any) -> Any:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.step()
            return act(*arguments, **options)

        return counted

    def _listen(self, connection: sqlite3.Connection) -> None:
        vacuum = False

        def statement(sql: str) -> None:
            nonlocal vacuum
            if not sql.startswith("--"):
                vacuum = sql == "VACUUM"
                if sql.startswith(_DURABLE) or (sql.startswith(_WRITES) and not connection.in_transaction):
                    self.step()

        def inside() -> int:
            if vacuum:
                self.step()
            return 0

        connection.set_trace_callback(statement)
        connection.set_progress_handler(inside, _IN_A_VACUUM)


def main() -> None:
    for line in sys.stdin:
        what, step, *arguments = json.loads(line)
        module, _, name = what.partition(":")
        act = getattr(importlib.import_module(module), name)
        child = os.fork()
        if child == 0:
            _Countdown(step).watch()
            try:
                act(*arguments)
            except BaseException as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        how = "died" if os.WIFSIGNALED(status) else "ended" if status == 0 else "failed"
        print(how, flush=True)


if __name__ == "__main__":
    main()
