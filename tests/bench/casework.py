"""The file of a young person in a profile that is years old: from the question to what its screen shows."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from goes_mobile.protocol.ids import new_id
from goes_mobile.services import person_file
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change
from goes_mobile.store.store import Store
from tests.bench.profiles import SITE, clock, encounter, filled
from tests.bench.rows import Figure, at_most

COUNT = 50_000
ENTRIES = 1000
ROUNDS = 9
GOAL_MS = 150


def measure(count: int = COUNT, entries: int = ENTRIES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "tablet"
        store = filled(home, count)
        person = _filed(store, entries)
        profile = Profile(home, clock)
        profile.store = store
        try:
            taken = asyncio.run(_opened(profile, person, entries - 1))
        finally:
            profile.lane.close()
            store.close()
    name = f"open a file of {entries:,} entries beside {count:,} records, median"
    return [at_most(name, taken * 1000, "ms", GOAL_MS)]


def _filed(store: Store, entries: int) -> str:
    """A young person and all that was ever noted about them."""
    person, dice = new_id(clock()), random.Random(8)
    store.write([Change("young_person", person, {"site": SITE, "alias": "Alias 1"})])
    made = [encounter(dice, number) for number in range(entries - 1)]
    store.write([Change(one.kind, one.id, {**one.set, "people": [person]}) for one in made])
    return person


async def _opened(profile: Profile, person: str, encounters: int) -> float:
    """Seconds for the file as its screen asks for it."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = await profile.ask(person_file.detail, person)
        taken.append(time.perf_counter() - begun)
        assert found.encounters == encounters
    return statistics.median(taken)
