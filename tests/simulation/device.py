"""A simulated device: somebody's tablet with a clock of its own, a journal, the real engine and rounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from goes_mobile.protocol.streams import ORG, StreamRef
from goes_mobile.sync.engine import Engine, Outcome
from goes_mobile.sync.enrolment import NewProfile
from goes_mobile.sync.round import Outside, Round
from goes_mobile.sync.steps import Wish
from tests.simulation.local import MemoryLocal
from tests.simulation.network import Link

T = TypeVar("T")


@dataclass
class Device:
    """``local`` and ``rounds`` are what a crash forgets; ``disk`` is what it leaves."""

    name: str
    role: str
    sites: tuple[str, ...]
    link: Link
    random: Random
    true_ms: Callable[[], int]
    kind: Any = MemoryLocal
    skew_ms: int = 0
    opened: Any = None
    rounds: Round | None = None
    restarts: int = 0
    code: str = ""  # what it was invited with
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def wall(self) -> int:
        return self.true_ms() + self.skew_ms

    def open(self, disk: Any) -> None:
        """Switch it on: everything is read from the disk again."""
        self._use(self.kind(disk, self.wall, self.random.randbytes))

    def create(self, profile: NewProfile) -> Any:
        """A new profile on an empty disk."""
        self._use(self.kind.create(profile, self.wall, self.random.randbytes))
        return self.opened

    def _use(self, local: Any) -> None:
        self.opened = local
        outside = Outside(self.wall, lambda: int(asyncio.get_running_loop().time() * 1000), self.random.random)
        self.rounds = Round(Engine(), self.opened, self.link, self.ask, outside)

    @property
    def local(self) -> Any:
        assert self.opened is not None
        return self.opened

    @property
    def on(self) -> bool:
        return self.rounds is not None

    async def ask(self, function: Callable[..., T], /, *arguments: object) -> T:
        """The store's lane. A crash can fall before it, and after it was done but before anybody heard."""
        interrupted = self.random.random()
        if interrupted < 0.3:
            await asyncio.sleep(0)
        answer = function(*arguments)
        if interrupted > 0.7:
            await asyncio.sleep(0)
        return answer

    async def synchronise(self, wish: Wish | None = None) -> Outcome:
        assert self.rounds is not None
        return await (self.rounds.run(wish) if wish else self.rounds.run())

    def crash(self) -> None:
        """Battery out: whatever was under way stops where it was."""
        for task in self.tasks:
            task.cancel()
        self.tasks.clear()
        self.rounds = None

    def begin(self, *lives: Callable[[Device], object]) -> None:
        for life in lives:
            self.tasks.add(asyncio.ensure_future(life(self)))  # type: ignore[call-overload]

    def writes_to(self) -> list[tuple[StreamRef, str]]:
        """Streams this device works with, and whose site they are for. Each site has one young person's file."""
        found: list[tuple[StreamRef, str]] = []
        for site in self.sites:
            found += [(StreamRef("site", site), site), (StreamRef("person", site), site)]
        return found or [(ORG, "")]
