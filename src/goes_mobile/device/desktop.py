"""Ports of a plain computer: a clock, and honest answers for what it does not have."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


def wall_clock() -> int:
    """Milliseconds since 1970 by this device's clock; it may be wrong."""
    return time.time_ns() // 1_000_000


def ticks() -> int:
    """Milliseconds by a clock that nobody sets, and that goes on while the device sleeps."""
    if sys.platform in ("linux", "android"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    if sys.platform in ("darwin", "ios"):  # Python's own monotonic clock stops there
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000_000
    return time.monotonic_ns() // 1_000_000


class NoKeystore:
    """Linux without a keyring, a browser: passphrases only."""

    async def secret(self, name: str, make: bool) -> bytes | None:
        return None

    async def forget(self, name: str) -> None:
        return None


class AlwaysTry:
    """No news of the network: the scheduler's timers find out."""

    def window_opened(self) -> None:
        return None

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        return lambda: None
