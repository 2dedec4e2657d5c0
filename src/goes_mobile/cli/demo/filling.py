"""Inventing the county: founding, enrolling, half a year of work."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from goes_mobile.cli.demo import invented
from goes_mobile.cli.demo.founding import found, passphrase
from goes_mobile.cli.demo.place import Place, Wish
from goes_mobile.cli.demo.story import WEEKS, Story
from goes_mobile.cli.demo.timetravel import Past
from goes_mobile.cli.output import note, progress, progress_done
from goes_mobile.records.presets import preset


async def fill(wish: Wish, place: Place, server: str, token: str) -> None:
    """Invents the county: half a year in less than a minute."""
    began = time.monotonic()
    county = preset(wish.county)
    dice = random.Random(wish.seed)  # noqa: S311 - invented people
    people = invented.staff(county)
    secrets = {person.key: passphrase(dice) for person in people}
    now = int(time.time() * 1000)
    past = Past(now - WEEKS * 7 * 86_400_000)
    team = await found(
        place.devices, server, token, county, people, secrets, past, lambda name: progress(f"Enrolling {name} …")
    )
    try:
        story = Story(
            county, team.profiles, past, dice, wish.people, wish.encounters, _bar(wish.encounters), team.sync, now
        )
        await story.tell()
    finally:
        await team.close()
    progress_done()
    seconds = time.monotonic() - began
    note(f"{len(story.young)} young people, {story.written} encounters, {WEEKS} weeks in {seconds:.0f} s.")
    place.about = {
        "complete": True, "county": wish.county, "seed": wish.seed,
        "devices": [
            {
                "key": p.key, "folder": p.folder, "name": p.name, "role": p.role, "device": p.device,
                "passphrase": secrets[p.key],
            }
            for p in people
        ],
    }  # fmt: skip
    place.keep()


def _bar(total: int) -> Callable[[int], None]:
    """A progress bar of encounters written."""

    def told(done: int) -> None:
        width = 32
        full = min(width, width * done // max(total, 1))
        progress(f"Inventing a county  {'█' * full}{'░' * (width - full)}  {done} of {total} encounters")

    return told
