"""The store's lane: one thread for everything that touches a profile's files and projection.

SQLite on changing threads fails now and then, and half a second of work on the screens' event loop freezes them; so all
blocking calls of a profile go through here, one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Lane:
    """``await lane(function, *arguments)``."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def __call__(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(function, *arguments, **named))

    def afterwards(self, function: Callable[[], object]) -> None:
        """Its turn is now, and nobody waits for it; a mistake in it is reported like any other."""
        running = asyncio.get_running_loop().run_in_executor(self._pool, function)
        running.add_done_callback(lambda done: done.result())

    def close(self) -> None:
        self._pool.shutdown(wait=True)
