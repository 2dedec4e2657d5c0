"""The demo's processes: the server and one program for each device, ended together."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from goes_mobile.protocol.problems import CannotWrite, GoesError, NotReachable

START_S, STOP_S = 90.0, 15.0


class PortTaken(GoesError):
    """A port the demo was told to use belongs to somebody else."""

    exit_code = 2

    def __init__(self, port: int) -> None:
        super().__init__("port_taken", port=port)


def free_port(wanted: int) -> int:
    """The port, if it is free; any free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            raise PortTaken(wanted) from None
        return int(probe.getsockname()[1])


def tool(name: str) -> str:
    """A command installed beside this Python."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else name


_END_WITH_PARENT = (
    "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); os.execv(sys.argv[1], sys.argv[1:])"
)


def _ending_with_parent(command: Sequence[str]) -> list[str]:
    """Even a demo that is killed leaves nothing behind (Linux)."""
    return [sys.executable, "-c", _END_WITH_PARENT, *command] if sys.platform == "linux" else list(command)


class Processes:
    """Children in a session of their own: Ctrl-C reaches the demo, the demo ends them."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                _ending_with_parent(command), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, **(more or {})},
            )  # fmt: skip

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def dead(self) -> str | None:
        """The name of one that ended by itself."""
        return next((name for name, process in self._running.items() if process.poll() is not None), None)

    async def answers(self, name: str, port: int) -> None:
        """Until the child accepts connections on its port."""
        for _ in range(int(START_S / 0.1)):
            if self._running[name].poll() is not None:
                raise CannotWrite("child_ended", name=name, log=str(self.log(name)))
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)
        raise NotReachable("child_silent", name=name)

    async def stop(self) -> None:
        """Devices first, so that the last words reach the server."""
        for names in ([n for n in self._running if n != "server"], ["server"]):
            chosen = [self._running.pop(name) for name in names if name in self._running]
            for process in chosen:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
            await asyncio.gather(*(asyncio.to_thread(_wait, process) for process in chosen))


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
