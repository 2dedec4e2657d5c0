"""Whether somebody is in front of a window: when it locks by itself. Works without a network, and without a page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

LEAST_S = 60
"""Who wants it locked at once gets no more than this when the window stays in sight and nobody touches it."""
CHOOSING_S = 300
"""For the picker and the camera, which lie over the window and hear the touches: nobody has left."""
LOOK_S = 10
"""Timers stand still while a device sleeps, so the time that has passed is looked at now and then."""


class Presence:
    """``lock`` is called when nobody is there any more. ``clock`` (s) goes on while the device sleeps."""

    def __init__(self, lock_after_s: float, lock: Callable[[], Awaitable[None]],
                 clock: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        self.lock_after_s = lock_after_s
        """0: as soon as the window is out of sight."""
        self._usual_s = lock_after_s
        self._lock = lock
        self._clock = clock
        self._seen = clock()
        self._choosing = 0
        self._timer: asyncio.TimerHandle | None = None
        self._locking: asyncio.Task[None] | None = None

    def wish(self, minutes: int | None) -> None:
        """What this profile's person wants; ``None`` is the program's own."""
        self.lock_after_s = self._usual_s if minutes is None else minutes * 60

    @property
    def over(self) -> bool:
        """Whether nobody has been there for too long."""
        patience = self.lock_after_s or LEAST_S
        return self._clock() - self._seen > (max(patience, CHOOSING_S) if self._choosing else patience)

    def begin(self) -> None:
        """Somebody has just unlocked it."""
        self._seen = self._clock()
        self._watch()

    def touched(self) -> None:
        """A tap or a key; too late if the time was over before (a device that woke up)."""
        if self.over:
            self._lock_soon()
        else:
            self.begin()

    def end(self) -> None:
        """Locked, or closed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def left(self) -> None:
        """The window went out of sight."""
        if self.lock_after_s == 0 and not self._choosing:
            await self._lock()

    async def returned(self) -> None:
        """It is to be seen again."""
        if self.over:
            await self._lock()

    @contextmanager
    def choosing(self) -> Iterator[None]:
        """The device's picker, camera or save dialog lies over the window."""
        self._choosing += 1
        try:
            yield
        finally:
            if not self.over:
                self._seen = self._clock()
            self._choosing -= 1

    def _watch(self) -> None:
        self.end()
        pause = min(self.lock_after_s or LEAST_S, LOOK_S)
        self._timer = asyncio.get_running_loop().call_later(pause, self._look)

    def _look(self) -> None:
        if self.over:
            self._lock_soon()
        else:
            self._watch()

    def _lock_soon(self) -> None:
        self.end()

        async def lock() -> None:
            await self._lock()

        self._locking = asyncio.get_running_loop().create_task(lock())


class Chooser:
    """The device's files as a window has them: whatever somebody chooses there, meanwhile they have not left."""

    def __init__(self, files: Any, presence: Presence) -> None:
        self._files = files
        self._presence = presence

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._files, name)

        async def chosen(*args: Any, **more: Any) -> Any:
            with self._presence.choosing():
                return await method(*args, **more)

        return chosen
