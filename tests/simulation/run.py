"""One seed: an organisation, half a minute to two of bad luck, calm, and then the laws."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from dataclasses import dataclass, field
from random import Random

from goes_mobile.protocol.problems import GoesError
from goes_mobile.sync.enrolment import Guest, enrol, invite
from tests.simulation import clockwork
from tests.simulation.device import Device
from tests.simulation.faults import Fate, Mixture, weather
from tests.simulation.laws import broken
from tests.simulation.local import MemoryLocal
from tests.simulation.mutants import NONE, Mutant
from tests.simulation.network import Link
from tests.simulation.people import Memory, Staff
from tests.simulation.quick import remembering
from tests.simulation.server import Server
from tests.simulation.world import CAST, NEVER_MS, NEWCOMER, START_MS, Image, image, maker

MOST_SWEEPS = 14


@dataclass
class Story:
    """What happened in a run; the same seed tells the same story."""

    seed: int
    lines: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    saves: int = 0
    fingerprint: str = ""

    def log(self, line: str) -> None:
        self.lines.append(f"{asyncio.get_running_loop().time():8.3f} {line}")


class LawBrokenError(AssertionError):
    """Names the seed: ``python -m tests.simulation --seed N`` tells the whole story again."""


def simulate(seed: int, mutant: Mutant = NONE) -> Story:
    """One run; what is wrong in the end stands in ``story.wrongs``."""
    base = image(mutant.base)
    with remembering():
        return clockwork.run(_Run(seed, mutant, base).whole())


def must_hold(seed: int, kind: Mutant = NONE) -> Story:
    story = simulate(seed, kind)
    if story.wrongs:
        again = f"python -m tests.simulation --seed {seed}{'' if kind.base is MemoryLocal else ' --real'}"
        raise LawBrokenError(f"seed {seed}: {'; '.join(story.wrongs)} ({again})")
    return story


class _Run:
    def __init__(self, seed: int, mutant: Mutant, base: Image) -> None:
        self.base = base
        self.story = Story(seed)
        self.random = Random(seed)
        self.mutant = mutant
        self.memory = Memory()

    def true_ms(self) -> int:
        return START_MS + int(asyncio.get_running_loop().time() * 1000)

    async def whole(self) -> Story:
        random = self.random
        self.weather = weather(random)
        base = self.base
        self.server: Server = base.server.copy(self.true_ms, random.randbytes, self.mutant.feed)
        self.devices = [self._device(name, role, sites) for name, role, sites in CAST]
        for device in self.devices:
            device.open(base.disks[device.name].copy())
        lasts_s = random.uniform(20, 90)
        self.staff = Staff(self.memory, lasts_s, lasts_s / random.randint(3, 8))
        for device in self.devices:
            self._begin(device)
        fate = Fate(
            Mixture.draw(random), self.server, self.devices, self.weather, random, lasts_s, self._begin, self.story.log
        )
        newcomer = asyncio.ensure_future(self._newcomer(lasts_s)) if random.random() < 0.4 else None
        await fate.strike()
        await asyncio.sleep(max(0.0, lasts_s - asyncio.get_running_loop().time()))
        try:
            await self._calm(newcomer)
        except GoesError as error:
            self.story.wrongs.append(f"an error that nobody expects in the calm: {error}")
        self.story.saves = len(self.memory.saved)
        self.story.wrongs += broken(self.server, self.devices, self.memory)
        log = [(s.number, s.received_ms, s.entry.header.n, s.entry.header.suite) for s in self.server.feed.log]
        for device in self.devices:
            device.local.shut()
        self.story.fingerprint = hashlib.sha256(repr(log).encode()).hexdigest()[:16]
        return self.story

    def _device(self, name: str, role: str, sites: tuple[str, ...]) -> Device:
        link = Link(self.server, self.weather, self.random)
        return Device(name, role, sites, link, self.random, self.true_ms, self.mutant.local)

    def _begin(self, device: Device) -> None:
        device.begin(self.staff.work, self.staff.deliver)

    # -- a new colleague in the middle of it ---------------------------------------------------------------------------

    async def _newcomer(self, lasts_s: float) -> None:
        """Somebody is invited and enrols while everything else goes on; network errors are tried again."""
        await asyncio.sleep(self.random.random() * lasts_s / 2)
        name, role, sites = NEWCOMER
        device = self._device(name, role, sites)
        code = ""
        while True:
            try:
                while not code:
                    code = device.code = await self._invited(self.random.choice(self.devices[:2]), device)
                await self._enrolled(device, code)
            except GoesError as error:
                self.story.log(f"newcomer: {error.code}")
                if error.code in ("unknown_invite", "control_withheld"):
                    if device.opened is not None:
                        return  # the restored server has forgotten the invite: this enrolment cannot be finished
                    code = ""
                await asyncio.sleep(2)
                continue
            self.devices.append(device)
            if asyncio.get_running_loop().time() < self.staff.until_s:
                self._begin(device)
            return

    async def _invited(self, inviter: Device, device: Device) -> str:
        if not inviter.on or inviter.rounds is None:
            return ""
        guest = Guest(self.random.randbytes(16), device.role, device.sites, NEVER_MS)  # type: ignore[arg-type]
        inviting = asyncio.ensure_future(
            invite(inviter.rounds, inviter.ask, inviter.local, guest, self.random.randbytes)
        )
        inviter.tasks.add(inviting)  # a crash of the inviter's device ends it
        await asyncio.wait({inviting})
        inviter.tasks.discard(inviting)
        return "" if inviting.cancelled() else inviting.result().code

    async def _enrolled(self, device: Device, code: str) -> None:
        await enrol(
            device.link, device.ask, maker(device), code, "https://sync.test", self.random.randbytes, device.opened
        )

    # -- calm --------------------------------------------------------------------------------------------------------

    async def _calm(self, newcomer: asyncio.Task[None] | None) -> None:
        """The network heals, the clocks stay as they are; rounds go on until nobody has anything new."""
        self.weather.calm()
        for device in self.devices:
            device.link.cut_until = 0.0
            for task in list(device.tasks):
                await asyncio.wait({task})
                with contextlib.suppress(GoesError):  # an invite: who is invited has heard it
                    task.result()
        for _ in range(MOST_SWEEPS):
            if newcomer is None or newcomer.done():
                break
            await self._sweep()  # somebody has to bring a restored server to life
            await asyncio.wait({newcomer}, timeout=3)
        if newcomer is not None:
            if newcomer.done():
                newcomer.result()
            else:
                newcomer.cancel()
                self.story.wrongs.append("the newcomer cannot enrol")
        for link in {id(device.link): device.link for device in self.devices}.values():
            if link.ghosts:
                await asyncio.wait(link.ghosts)
        for _ in range(MOST_SWEEPS):
            if not await self._sweep():
                return
        self.story.wrongs.append("the devices do not come to rest")

    async def _sweep(self) -> int:
        """A round of everybody; how much it moved."""
        moved = 0
        for device in self.devices:
            outcome = await device.synchronise()
            if outcome.trouble == "unauthorised" and device.code:
                await self._enrolled(device, device.code)  # the restored server has lost the certificate
            moved += outcome.pushed + outcome.pulled + device.local.complete_newcomers()
            if outcome.trouble:
                self.story.log(f"{device.name}: {outcome.trouble}")
                moved += 1
        return moved
