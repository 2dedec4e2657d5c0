"""What goes wrong: every seed draws its own mixture, so that rare companies of faults meet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.simulation.device import Device
from tests.simulation.network import Weather
from tests.simulation.server import Server

MINUTE_MS = 60_000
TEN_YEARS_MS = 10 * 365 * 24 * 60 * MINUTE_MS
SKEWS_MS = (0, 0, -2 * MINUTE_MS, 3 * MINUTE_MS, -TEN_YEARS_MS, TEN_YEARS_MS)


@dataclass(frozen=True)
class Mixture:
    """How often what happens, per minute of virtual time; 0 switches a fault off for this seed."""

    crash: float
    cut: float
    down: float
    clock: float
    restore: float
    roll_back: float

    @classmethod
    def draw(cls, random: Random) -> Mixture:
        def sometimes(rate: float, chance: float = 0.5) -> float:
            return rate if random.random() < chance else 0.0

        return cls(
            crash=sometimes(6), cut=sometimes(4), down=sometimes(2), clock=sometimes(3), restore=sometimes(1.5, 0.35),
            roll_back=sometimes(1.5, 0.2),
        )  # fmt: skip


def weather(random: Random) -> Weather:
    if random.random() < 0.2:
        return Weather()
    bad = random.random() * 0.3
    return Weather(*(bad * random.random() for _ in range(6)), slowest_s=random.choice((0.02, 0.3, 2.0)))


@dataclass
class Fate:
    """Carries the mixture out."""

    mixture: Mixture
    server: Server
    devices: list[Device]
    weather: Weather
    random: Random
    until_s: float
    begin: Callable[[Device], None]
    log: Callable[[str], None]

    async def strike(self) -> None:
        backup = self.server.snapshot()
        rates = vars(self.mixture)
        total = sum(rates.values())
        if not total:
            return
        while True:
            await asyncio.sleep(self.random.expovariate(total / 60))
            if asyncio.get_running_loop().time() >= self.until_s:
                return
            what = self.random.choices(list(rates), list(rates.values()))[0]
            self.log(what)
            if what in ("restore", "roll_back"):
                if self.random.random() < 0.5:  # mostly an old backup, sometimes one of a moment ago
                    backup = self.server.snapshot()
                    continue
                (self.server.restore if what == "restore" else self.server.roll_back)(backup)
                continue
            getattr(self, "_" + what)()

    def _crash(self) -> None:
        device = self.random.choice([device for device in self.devices if device.on])
        disk = device.local.after_power_cut()
        device.crash()
        device.open(disk)
        device.restarts += 1
        self.begin(device)

    def _cut(self) -> None:
        now = asyncio.get_running_loop().time()
        self.random.choice(self.devices).link.cut_until = now + self.random.random() * 30

    def _down(self) -> None:
        self.weather.down_until = asyncio.get_running_loop().time() + self.random.random() * 15

    def _clock(self) -> None:
        self.random.choice(self.devices).skew_ms = self.random.choice(SKEWS_MS)
