"""The process that serves: one worker, or several over one PostgreSQL."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from types import FrameType

import uvicorn
from fastapi import FastAPI

from goes_mobile.protocol.problems import CannotWrite
from sync_server.app import create_app
from sync_server.logs import configure_logs
from sync_server.metrics import SEVERAL_WORKERS
from sync_server.settings import Settings

GRACE_S = 30
_BACKLOG = 1024
_PAUSE_S = 1.0  # before a worker that died is started again


class Worker(uvicorn.Server):
    """Says when it accepts connections, and ends waiting polls before it waits for requests to finish."""

    def __init__(self, app: FastAPI, ready: Callable[[], None]) -> None:
        super().__init__(uvicorn.Config(
            app, access_log=False, log_config=None, server_header=False, proxy_headers=False, ws="none", lifespan="on",
            timeout_keep_alive=60, timeout_graceful_shutdown=GRACE_S,
        ))  # fmt: skip
        self._app = app
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.server.stop()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotWrite("cannot_listen", port=port, reason=error.strerror) from None
    listener.listen(_BACKLOG)
    return listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(settings: Settings, listener: socket.socket, workers: int) -> None:
    """Until SIGTERM or SIGINT; returns when what was begun is finished."""
    url = address(listener)

    def ready() -> None:
        sys.stdout.write(json.dumps({"ready": url}) + "\n")
        sys.stdout.flush()

    if workers == 1:
        _run(settings, listener, ready)
    else:
        _Workers(settings, listener, workers).run(ready)


def _run(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    worker: Worker | None = None
    told = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        """Before uvicorn listens to signals, and when it raises them again at its end: having finished is success."""
        nonlocal told
        told = True
        if worker is not None:
            worker.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker = Worker(create_app(settings), ready)
    _calm_the_collector()
    if not told:
        worker.run(sockets=[listener])


def _calm_the_collector() -> None:
    """A batch makes thousands of objects and no cycles; looking through all modules for each would double its cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _run_worker(settings: Settings, listener: socket.socket, parent: Connection) -> None:
    """A child: tells its parent when it is ready, and ends with it, however that ended."""
    configure_logs()

    def end_with_parent() -> None:
        try:
            parent.recv()
        except (EOFError, OSError):
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_parent, daemon=True).start()
    _run(settings, listener, lambda: parent.send("ready"))


class _Workers:
    """Starts the workers, starts again what dies, ends them all together."""

    def __init__(self, settings: Settings, listener: socket.socket, number: int) -> None:
        self._settings = settings
        self._listener = listener
        self._number = number
        self._spawn = multiprocessing.get_context("spawn")
        self._running: dict[Connection, multiprocessing.process.BaseProcess] = {}
        self._stopping = False

    def run(self, ready: Callable[[], None]) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with tempfile.TemporaryDirectory(prefix="goes-metrics-") as counters:
            os.environ[SEVERAL_WORKERS] = counters
            for _ in range(self._number):
                self._start()
            self._watch(ready)
            for process in self._running.values():
                process.terminate()  # also what was started while the signal came
            for process in self._running.values():
                process.join(GRACE_S + 5)
                process.kill()

    def _start(self) -> None:
        ours, theirs = self._spawn.Pipe()
        process = self._spawn.Process(target=_run_worker, args=(self._settings, self._listener, theirs))
        process.start()
        theirs.close()
        self._running[ours] = process

    def _watch(self, ready: Callable[[], None]) -> None:
        waiting = self._number
        while not self._stopping:
            for connection in [c for c in wait(list(self._running), timeout=0.5) if isinstance(c, Connection)]:
                try:
                    connection.recv()
                    waiting -= 1
                    if waiting == 0:
                        ready()
                except (EOFError, OSError):
                    process = self._running.pop(connection)
                    process.join()
                    time.sleep(_PAUSE_S)
                    if not self._stopping:
                        self._start()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for process in self._running.values():
            process.terminate()
