"""Ports for tests: they do what they are told and remember what was asked of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


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

    async def secret(self, name: str) -> bytes | None:
        return self.kept.setdefault(name, os.urandom(32))

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass
class FakeBiometrics:
    is_offered: bool = True
    answer: bool = True
    asked: list[str] = field(default_factory=list)

    async def offered(self) -> bool:
        return self.is_offered

    async def confirm(self, reason: str) -> bool:
        self.asked.append(reason)
        return self.answer


@dataclass
class FakeConnectivity:
    is_online: bool = True
    listeners: list[Callable[[], None]] = field(default_factory=list)

    async def online(self) -> bool:
        return self.is_online

    def window_opened(self) -> None:
        return None

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(came_back)
        return lambda: self.listeners.remove(came_back)

    def come_back(self) -> None:
        self.is_online = True
        for listener in list(self.listeners):
            listener()


@dataclass
class FakeFiles:
    saved: dict[str, bytes] = field(default_factory=dict)

    async def save(self, name: str, content: bytes) -> Path | None:
        self.saved[name] = content
        return Path(name)


@dataclass
class FakeShare:
    shared: list[str] = field(default_factory=list)

    async def text(self, text: str) -> bool:
        self.shared.append(text)
        return True
