"""The organisation that every seed begins with: set up once per process, over a perfect network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from goes_mobile.protocol.ids import new_id_bytes, site_id
from goes_mobile.protocol.streams import ORG
from goes_mobile.sync.enrolment import Beginning, Guest, NewProfile, enrol, found, invite
from tests.simulation.clockwork import run
from tests.simulation.device import Device
from tests.simulation.local import MemoryLocal
from tests.simulation.network import Link, Weather
from tests.simulation.server import Server

START_MS = 1_800_000_000_000
HOUR_MS = 3_600_000
A, B = site_id("workmobil"), site_id("jugendbuero-nuertingen")
CAST = (
    ("ada", "admin", ()), ("sina", "supervisor", (A, B)), ("anna", "outreach", (A,)), ("bela", "outreach", (A,)),
    ("olaf", "office", (B,)),
)  # fmt: skip
NEWCOMER = ("nora", "outreach", (A,))
NEVER_MS = START_MS + 365 * 24 * HOUR_MS


@dataclass(frozen=True)
class Image:
    """A server and its devices at one moment."""

    server: Server
    disks: dict[str, Any]


@cache
def image(kind: Any = MemoryLocal) -> Image:
    """Devices and server after set-up; copy what you take."""
    return run(_set_up(kind))


async def _set_up(kind: Any) -> Image:
    random = Random(0)
    server = Server(lambda: START_MS, random.randbytes)
    devices = {name: _device(name, role, sites, server, random, kind) for name, role, sites in CAST}
    ada = devices["ada"]
    beginning = Beginning("https://sync.test", "landkreis-esslingen", new_id_bytes(START_MS, random.randbytes), (A, B))
    await found(ada.link, ada.ask, maker(ada), beginning, server.setup_token, random.randbytes)
    ada.local.put(A, ORG, "", {"name": "Workmobil"})
    await ada.synchronise()
    for name in ("sina", "anna", "bela", "olaf"):
        await welcome(ada if name in ("sina", "olaf") else devices["sina"], devices[name])
    for _ in range(3):
        for device in devices.values():
            await device.synchronise()
            device.local.complete_newcomers()
    server.sessions.clear()
    return Image(server, {name: device.local.after_power_cut() for name, device in devices.items()})


async def welcome(inviter: Device, device: Device) -> str:
    """Invite and enrol; returns the code."""
    assert inviter.rounds is not None
    await inviter.synchronise()
    guest = Guest(new_id_bytes(START_MS, device.random.randbytes), device.role, device.sites, NEVER_MS)  # type: ignore[arg-type]
    secret = await invite(inviter.rounds, inviter.ask, inviter.local, guest, device.random.randbytes)
    await enrol(device.link, device.ask, maker(device), secret.code, "https://sync.test", device.random.randbytes)
    await device.synchronise()
    return secret.code


def maker(device: Device) -> Callable[[NewProfile], Any]:
    """How a profile comes to be on this device's empty disk."""
    return device.create


def _device(name: str, role: str, sites: tuple[str, ...], server: Server, random: Random, kind: Any) -> Device:
    return Device(name, role, sites, Link(server, Weather(), random), random, lambda: START_MS, kind)
