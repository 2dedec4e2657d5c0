"""What people do on their devices, and the memory of what was acknowledged to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random

from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.operation import Operation, Scalar
from goes_mobile.sync.steps import Wish
from tests.simulation.device import Device

MARKER = "KLARTEXT"


@dataclass(frozen=True)
class Acknowledged:
    """A save that its device called saved."""

    device: str
    stream: bytes
    operation: Operation


@dataclass
class Memory:
    """All that was promised to anybody, and what was wrong at the moment it was promised."""

    saved: list[Acknowledged] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    clocks: dict[str, tuple[tuple[int, int], int]] = field(default_factory=dict)  # (restarts, last HLC)


@dataclass
class Staff:
    """The people of one run."""

    memory: Memory
    until_s: float
    busy_s: float

    async def work(self, device: Device) -> None:
        """Notes, corrections, counts, deletions, as they come."""
        while await self._pause(device.random, self.busy_s):
            self.save(device)
            await asyncio.sleep(0)

    async def deliver(self, device: Device) -> None:
        """Rounds of synchronisation, now and then listening or sending alone."""
        while await self._pause(device.random, self.busy_s * 2):
            wish = device.random.choice((Wish(), Wish(), Wish(), Wish(pull=False), Wish(push=False, wait_s=2)))
            await device.synchronise(wish)
            if device.random.random() < 0.3:
                await device.ask(device.local.complete_newcomers)

    async def _pause(self, random: Random, mean_s: float) -> bool:
        await asyncio.sleep(random.expovariate(1 / mean_s))
        return asyncio.get_running_loop().time() < self.until_s

    def save(self, device: Device) -> None:
        """One save; what it must know of the clock is checked at once."""
        local, random = device.local, device.random
        known = local.records()
        stream, site = random.choice(device.writes_to())
        if known and random.random() < 0.6:
            record = random.choice(known)
            home = local.stream_of(record)
            found = [pair for pair in device.writes_to() if pair[0].id(local.organisation) == home]
            if not found:
                return
            stream, site = found[0]
        else:
            record = new_id(local.now_ms(), random.randbytes)
        before = max((operation.hlc for operation in local.believed(record)), default=0)
        operation = local.put(record, stream, site, self._values(device))
        if operation is None:  # nothing was different
            return
        self.memory.saved.append(Acknowledged(device.name, stream.id(local.organisation), operation))
        self._check_clock(device, operation, before)

    def _values(self, device: Device) -> dict[str, Scalar]:
        random = device.random
        kind = random.random()
        if kind < 0.1:
            return {"deleted": True}
        if kind < 0.3:
            return {f"topics/{random.choice(('work', 'housing', 'school'))}": random.random() < 0.7}
        if kind < 0.4:
            return {f"head_counts/age_14_17/female/{device.local.device.hex()}": random.randrange(9)}
        return {"note": f"{MARKER} {device.name} {len(self.memory.saved)}", "mood": random.randint(1, 5)}

    def _check_clock(self, device: Device, operation: Operation, before: int) -> None:
        """The hybrid clock: what is written comes after everything it could have known."""
        restarts, last = self.memory.clocks.get(device.name, ((0, 0), 0))
        if restarts == (device.restarts, device.local.clock_restarts) and operation.hlc <= last:
            self.memory.wrongs.append(f"{device.name}'s clock went back between two saves")
        if operation.hlc <= before:
            self.memory.wrongs.append(f"{device.name} wrote something before what it knew")
        self.memory.clocks[device.name] = ((device.restarts, device.local.clock_restarts), operation.hlc)
