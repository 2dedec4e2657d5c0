"""An event loop whose time is virtual: a day of sleeping costs nothing, and a seed gives the same order of events."""

from __future__ import annotations

import asyncio
import asyncio.base_events
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class StuckError(Exception):
    """Nothing is scheduled and nothing is done: in the field this would wait for ever."""


class VirtualLoop(asyncio.base_events.BaseEventLoop):
    """Instead of waiting it moves its clock to the next timer. It has no network, so nothing else can come."""

    def __init__(self) -> None:
        super().__init__()
        self._virtual = 0.0
        self._selector = self

    def time(self) -> float:
        return self._virtual

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise StuckError
        self._virtual += timeout
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody outside this thread wakes it."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Like :func:`asyncio.run`, in virtual time."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
