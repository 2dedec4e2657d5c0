"""A small team in virtual time: several devices, one server, a network that tests may break."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.sync.engine import Outcome
from goes_mobile.sync.round import EVERYTHING
from goes_mobile.sync.steps import Wish
from tests.fakes.server import Feed
from tests.simulation import clockwork
from tests.simulation.device import Device
from tests.simulation.local import MemoryLocal
from tests.simulation.network import Link, Weather
from tests.simulation.server import Server
from tests.simulation.world import CAST, START_MS, A, image

Hook = Callable[[str, Any], Awaitable[None] | None]


def in_virtual_time(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Runs an async test on the simulation's loop: hours of waiting take no time."""

    @functools.wraps(test)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        image(kwargs.get("kind", MemoryLocal))
        clockwork.run(test(*args, **kwargs))  # type: ignore[arg-type]

    return wrapper


class Wire(Link):
    """A link that counts requests and lets a test speak before and after each."""

    def prepare(self) -> Wire:
        self.asked: list[str] = []
        self.before: Hook | None = None
        self.after: Callable[[str, Any], Any] | None = None
        return self

    async def _deliver(self, method: str, token: str, kind: type[Any], sent: bytes) -> Any:
        self.asked.append(method)
        if self.before is not None:
            waited = self.before(method, sent)
            if waited is not None:
                await waited
        answer = await super()._deliver(method, token, kind, sent)
        return self.after(method, answer) if self.after is not None else answer


class Team:
    """ada (admin), sina (supervisor of both sites), anna and bela (outreach, site A), olaf (office, site B)."""

    def __init__(self, kind: Any = MemoryLocal) -> None:
        self.random = Random(7)
        self.kind = kind
        self.clock = lambda: START_MS + int(asyncio.get_running_loop().time() * 1000)
        base = image(kind)
        self.server: Server = base.server.copy(self.clock, self.random.randbytes, Feed)
        self.devices: dict[str, Device] = {}
        for name, role, sites in CAST:
            link = Wire(self.server, Weather(slowest_s=0), self.random).prepare()
            device = Device(name, role, sites, link, self.random, self.clock, kind)
            device.open(base.disks[name].copy())
            self.devices[name] = device

    def __getattr__(self, name: str) -> Device:
        try:
            return self.devices[name]
        except KeyError:
            raise AttributeError(name) from None

    def wire(self, name: str) -> Wire:
        link = self.devices[name].link
        assert isinstance(link, Wire)
        return link

    def newcomer(self, name: str, role: str = "outreach", sites: tuple[str, ...] = (A,)) -> Device:
        """An empty device that has joined the network."""
        link = Wire(self.server, Weather(slowest_s=0), self.random).prepare()
        self.devices[name] = Device(name, role, sites, link, self.random, self.clock, self.kind)
        return self.devices[name]

    def note(self, name: str, text: str, stream: StreamRef | None = None, record: str = "") -> str:
        """Somebody notes something; saved when it returns."""
        device = self.devices[name]
        stream = stream or (StreamRef("site", A) if A in device.sites else device.writes_to()[0][0])
        record = record or new_id(device.local.now_ms(), self.random.randbytes)
        device.local.put(record, stream, device.sites[0] if device.sites else "", {"note": text})
        return record

    async def sync(self, *names: str, wish: Wish = EVERYTHING) -> Outcome:
        outcome = None
        for name in names or tuple(self.devices):
            outcome = await self.devices[name].synchronise(wish)
        assert outcome is not None
        return outcome

    async def everyone_syncs(self) -> None:
        await self.sync()
        await self.sync()

    def notes(self, name: str) -> list[str]:
        """What is on this device's screen."""
        local = self.devices[name].local
        shown = [local.looks(record) for record in local.records()]
        return sorted(str(r.shown("note")) for r in shown if r is not None and r.shown("note"))

    def state(self, name: str) -> Any:
        rounds = self.devices[name].rounds
        assert rounds is not None
        return rounds.engine.state()

    def engine(self, name: str) -> Any:
        rounds = self.devices[name].rounds
        assert rounds is not None
        return rounds.engine

    def lock(self, name: str) -> None:
        self.devices[name].local.lock()

    def reopen(self, name: str) -> None:
        """Battery out, battery in."""
        device = self.devices[name]
        left = device.local.after_power_cut()
        device.crash()
        device.open(left)

    def shut(self) -> None:
        for device in self.devices.values():
            device.local.shut()
