"""Founding the demo's organisation and enrolling its people, as everybody would."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from goes_mobile.app import desktop, make_profile
from goes_mobile.cli.demo.invented import Staff
from goes_mobile.cli.demo.timetravel import Past, PastServer
from goes_mobile.records.presets import Preset
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile

WORDS = (
    "Anker", "Birke", "Brücke", "Drachen", "Feder", "Garten", "Hafen", "Insel", "Kastanie", "Laterne", "Mühle", "Nebel",
    "Pinsel", "Regen", "Segel", "Tinte", "Ufer", "Wiese", "Zirkel", "Ziegel",
)  # fmt: skip
HOURS = 24 * 365
"""Invites are used within the second; their end lies in the server's future, not the past the devices live in."""


@dataclass(frozen=True, slots=True)
class Team:
    profiles: dict[str, Profile]

    async def sync(self) -> None:
        """Everybody, twice: what one sent the others have."""
        for _ in range(2):
            for profile in self.profiles.values():
                assert isinstance(profile.delivering, Delivery)
                await profile.delivering.run()

    async def close(self) -> None:
        for profile in self.profiles.values():
            await profile.close()


def passphrase(dice: random.Random) -> str:
    """Three words and a number: long enough, and easy to type on a demo's screen."""
    return f"{'-'.join(dice.sample(WORDS, 3))}-{dice.randrange(10, 100)}"


def parts(past: Past) -> Parts:
    return replace(desktop(), clock=past, remote=lambda url: PastServer(url, past))


async def found(
    home: Path, server: str, setup_token: str, county: Preset, people: Sequence[Staff], secrets: dict[str, str],
    past: Past, told: Callable[[str], None],
) -> Team:  # fmt: skip
    """The administrator's profile first, then everybody by invite."""
    world = parts(past)
    doorway = Doorway(world)
    team = Team({person.key: make_profile(home / person.folder, world) for person in people})
    admin, *others = people
    told(admin.name)
    chief = team.profiles[admin.key]
    await doorway.found(chief, server, setup_token, county.name, admin.name, admin.sites, secrets[admin.key])
    assert isinstance(chief.delivering, Delivery)
    await chief.delivering.run()
    for person in others:
        told(person.name)
        await asyncio.sleep(0)
        past.ms += 60_000
        invite, _ = await doorway.invite(chief, person.role, person.sites, person.name, HOURS)  # type: ignore[arg-type]
        await doorway.enrol(team.profiles[person.key], server, invite.code, secrets[person.key])
    await team.sync()
    return team
