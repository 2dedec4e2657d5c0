"""Ports for tests: they do what they are told and remember what was asked of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from goes_mobile.state.parts import Picked


@dataclass
class FakeClock:
    """``clock.ms`` is set by the test; calling the clock reads it."""

    ms: int = 1_795_000_000_000

    def __call__(self) -> int:
        return self.ms

    def forward(self, seconds: float) -> None:
        self.ms += int(seconds * 1000)


@dataclass
class FakeKeystore:
    kept: dict[str, bytes] = field(default_factory=dict, repr=False)

    async def secret(self, name: str, make: bool) -> bytes | None:
        return self.kept.setdefault(name, os.urandom(32)) if make else self.kept.get(name)

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass
class FakeConnectivity:
    listeners: list[Callable[[], None]] = field(default_factory=list)

    def window_opened(self) -> None:
        return None

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(came_back)
        return lambda: self.listeners.remove(came_back)

    def come_back(self) -> None:
        for listener in list(self.listeners):
            listener()


@dataclass
class FakeFiles:
    """Where files go, and which one is chosen."""

    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    chosen: bytes | None = field(default=None, repr=False)

    shared: dict[str, bytes] = field(default_factory=dict, repr=False)
    sheet: bool = False
    """Whether the device has a share sheet."""

    async def save(self, name: str, content: bytes) -> str | None:
        self.files[name] = content
        return name

    async def shares(self) -> bool:
        return self.sheet

    async def share(self, name: str, content: bytes) -> bool:
        self.shared[name] = content
        return True

    async def choose(self, most: int, endings: Sequence[str] = ()) -> Picked | None:
        return None if self.chosen is None else Picked("paket.goes", self.chosen)
