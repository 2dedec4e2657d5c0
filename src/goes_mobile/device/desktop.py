"""Ports of a plain computer: a clock, and honest answers for what it does not have."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def wall_clock() -> int:
    """Milliseconds since 1970 by this device's clock; it may be wrong."""
    return time.time_ns() // 1_000_000


def ticks() -> int:
    """Milliseconds by a clock that never jumps."""
    return time.monotonic_ns() // 1_000_000


class NoKeystore:
    """Linux without a keyring, a browser: passphrases only."""

    async def secret(self, name: str) -> bytes | None:
        return None

    async def forget(self, name: str) -> None:
        return None


class NoBiometrics:
    async def offered(self) -> bool:
        return False

    async def confirm(self, reason: str) -> bool:
        return False


class AlwaysTry:
    """No news of the network: the scheduler's timers find out."""

    async def online(self) -> bool:
        return True

    def window_opened(self) -> None:
        return None

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


class Folder:
    """Files go to one directory, never over an existing one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def save(self, name: str, content: bytes) -> Path | None:
        self.directory.mkdir(parents=True, exist_ok=True)
        stem, dot, ending = Path(name).name.partition(".")
        for number in range(1, 10_000):
            target = self.directory / (f"{stem}{dot}{ending}" if number == 1 else f"{stem} {number}{dot}{ending}")
            try:
                with target.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                continue
            return target
        return None
