"""One thread for everything that blocks: the database's single writer, and never the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from goes_mobile.protocol.problems import problem

T = TypeVar("T")


class Lane:
    """Runs one piece of work after the other; says *busy* instead of letting a queue grow without end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting = 0
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")

    async def run(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise problem("stopping")
        if self._waiting >= self._most:
            raise problem("busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Finishes what it began."""
        self._closed = True
        self._thread.shutdown(wait=True)
