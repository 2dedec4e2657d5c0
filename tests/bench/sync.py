"""Whole devices against a real server process: what a person waits for, with sealing, signatures and projection.

Push is from the journal to the kept, signed receipts; pull is from an empty journal to the projection.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from goes_mobile.app import desktop, make_profile
from goes_mobile.protocol import wire
from goes_mobile.protocol.ids import new_id
from goes_mobile.state.delivery import Delivery, opened
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change
from goes_mobile.sync.driver import HttpServer
from goes_mobile.sync.scheduler import SEND
from goes_mobile.vault.lock import FLOOR
from tests.bench.profiles import SECRET, SITE, clock, encounter
from tests.bench.rows import Figure, at_most
from tests.serving import RunningServer, initialise

ENTRIES, DEVICES, STREAMS = 10_000, 10, 1000


class Counting(HttpServer):
    """The driver, with the number of requests it made."""

    requests = 0

    async def ask(self, *arguments: Any, **named: Any) -> Any:
        Counting.requests += 1
        return await super().ask(*arguments, **named)


class Team:
    """Profiles of one organisation on one server."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.parts: Parts = replace(desktop(), lock_cost=FLOOR, remote=Counting)
        self.door = Doorway(self.parts)

    def profile(self, name: str) -> Profile:
        return make_profile(self.folder / name, self.parts)

    async def found(self, token: str) -> Profile:
        first = self.profile("first")
        await self.door.found(first, self.url, token, "landkreis-esslingen", "Kim Muster", ["workmobil"], SECRET)
        await delivery(first).run()
        return first

    async def enrolled(self, by: Profile, name: str) -> Profile:
        invited, _ = await self.door.invite(by, "outreach", ["workmobil"], name)
        profile = self.profile(name)
        await self.door.enrol(profile, self.url, invited.code, SECRET)
        return profile


def delivery(profile: Profile) -> Delivery:
    assert isinstance(profile.delivering, Delivery)
    return profile.delivering


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="goes-bench-"))
    try:
        token = initialise(folder / "server")["setup_token"]
        with RunningServer(folder / "server") as server:
            return asyncio.run(_measure(Team(folder, server.url), token))
    finally:
        shutil.rmtree(folder)


async def _measure(team: Team, token: str) -> list[Figure]:
    first = await team.found(token)
    figures = await _one_stream(team, first)
    figures += await _many(team, first)
    await first.close()
    return figures


async def _one_stream(team: Team, first: Profile) -> list[Figure]:
    dice = random.Random(5)
    store = opened(first)
    for start in range(0, ENTRIES, 500):
        await first.lane(store.write, [encounter(dice, start + i) for i in range(500)])
    while await first.lane(store.idle):  # the text index is caught up between saving and sending, as in a day's work
        pass
    waiting = store.waiting(500)
    wired = len(wire.dump(wire.PushRequest(entries=tuple(entry.raw for entry in waiting)))) / len(waiting)
    push = await _round(first)
    second = await team.enrolled(first, "second")
    pull = await _round(second)
    assert opened(second).counts().waiting == 0
    with opened(second).session() as session:
        found = session.connection().exec_driver_sql("SELECT count(*) FROM encounter").scalar_one()
    assert found == ENTRIES, found
    before = Counting.requests
    quiet = [await _round(first) for _ in range(30)]
    requests = (Counting.requests - before) / 30
    await second.close()
    return [
        _rate(f"push of {ENTRIES:,} over one stream", ENTRIES / push, 10_000),
        _rate(f"fresh pull of {ENTRIES:,} over one stream", ENTRIES / pull, 10_000),
        at_most("sync without a change", sorted(quiet)[15] * 1000, "ms", 10, f"{requests:g} request(s)"),
        at_most("bytes on the wire for an encounter of some 900 bytes", wired, "bytes", 750),
    ]


async def _many(team: Team, first: Profile) -> list[Figure]:
    dice = random.Random(6)
    devices = [await team.enrolled(first, f"device-{number}") for number in range(DEVICES)]
    for device in devices:
        await _round(device)
        await device.lane(opened(device).write, _files(dice, STREAMS // DEVICES, ENTRIES // STREAMS))
    before = sum(delivery(device).pushed for device in devices)
    start = time.perf_counter()
    await asyncio.gather(*(delivery(device).rounds() for device in devices))
    await asyncio.gather(*(_push(device) for device in devices))
    push = time.perf_counter() - start
    total = sum(delivery(device).pushed for device in devices) - before
    reader = await team.enrolled(first, "reader")
    pull = await _round(reader)
    for profile in [*devices, reader]:
        await profile.close()
    return [
        _rate(f"push from {DEVICES} devices over {STREAMS:,} streams", total / push, 5000),
        _rate(f"fresh pull of these {STREAMS:,} streams", (total + ENTRIES) / pull, 5000),
    ]


def _files(dice: random.Random, people: int, each_has: int) -> Sequence[Change]:
    changes = []
    for number in range(people):
        person = new_id(clock())
        changes.append(Change("young_person", person, {"site": SITE, "alias": f"Alias {number}"}))
        for place in range(each_has - 2):  # with the person and the key of their file: ``each_has`` entries
            made = encounter(dice, place)
            changes.append(Change("encounter", made.id, {**made.set, "people": [person]}))
    return changes


async def _push(device: Profile) -> None:
    while opened(device).waiting(1):
        await delivery(device).run(SEND)


async def _round(profile: Profile) -> float:
    start = time.perf_counter()
    outcome = await delivery(profile).run()
    assert not outcome.trouble, outcome.trouble
    return time.perf_counter() - start


def _rate(name: str, value: float, goal: float) -> Figure:
    return Figure(name, value, "entries/s", "", value / goal, f"≥ {goal:,.0f}", value >= goal)
