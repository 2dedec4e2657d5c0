"""A file that another site offers: from what the server sends to the file on the screen, keys and all."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from pathlib import Path

from goes_mobile.protocol.ids import new_id
from goes_mobile.services import person_file
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change
from tests.bench.profiles import encounter
from tests.bench.rows import Figure, at_most
from tests.devices import OTHER_SITE, SITE, County, Device

ENTRIES = 500
GOAL_S = 1


def measure(entries: int = ENTRIES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, County(Path(folder)) as county:
        giver, other = county.enrol("outreach", SITE), county.enrol("office", OTHER_SITE)
        county.sync()
        person = _filled(giver, entries)
        values = {"person": person, "site": SITE, "to": OTHER_SITE, "mode": "shared", "sent_on": "2026-11-23"}
        giver.store.write([Change("referral", new_id(giver.store.now_ms()), values, admits=OTHER_SITE)])
        giver.push()
        begun = time.perf_counter()
        other.pull()
        found = asyncio.run(_opened(other, person))
        took = time.perf_counter() - begun
        assert found == entries - 1
    return [at_most(f"open a shared file of {entries} entries", took, "s", GOAL_S)]


def _filled(giver: Device, entries: int) -> str:
    """A young person and all that was ever noted about them."""
    person, dice = giver.person(), random.Random(7)
    for number in range(entries - 1):
        change = encounter(dice, number)
        giver.store.write([Change(change.kind, change.id, {**change.set, "site": SITE, "people": [person]})])
    giver.push()
    return person


async def _opened(device: Device, person: str) -> int:
    """The file as its screen asks for it; how many encounters it has."""
    profile = Profile(device.home, device.clock)
    profile.store = device.store
    try:
        return (await profile.ask(person_file.detail, person)).encounters
    finally:
        profile.lane.close()
