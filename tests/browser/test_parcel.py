"""By hand: Jana gives her work along as a file, Aylin takes it in and sees it at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.harness import People, Person
from tests.browser.room import SECRET, Office
from tests.fakes.device import FakeFiles

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/parcel")


@pytest.fixture
async def office(founded: Office) -> Office:
    """Jana has noted something that the others do not have."""
    await founded.work()
    await founded.jana.note("Ohne Netz aufgeschrieben.")
    await founded.lock()
    return founded


async def at_synchronisation(person: Person) -> None:
    await person.unlock(SECRET)
    await person.tap("Mehr")
    await person.tap(re.compile("^Synchronisation"))
    await person.sees("Ohne Netz weitergeben")


async def test_from_hand_to_hand(office: Office, staff: People):
    office.files = card = FakeFiles()
    with office.served(office.jana) as url:
        jana = await staff.sit_down(url, size="phone")
        await at_synchronisation(jana)
        await jana.tap("Als Paket mitgeben")
        await jana.sees("Das Paket ist fertig")
        await jana.fits(PICTURES / "given.png")
    [content] = card.files.values()
    office.files = hand = FakeFiles()
    with office.served(office.aylin) as url:
        aylin = await staff.sit_down(url, size="phone")
        await at_synchronisation(aylin)
        await aylin.sees("Hier wartet nichts.")
        hand.chosen = content[:-1]
        await aylin.tap("Paket annehmen")
        await aylin.sees("Das Paket ist unterwegs beschädigt worden. Bitte neu mitgeben.")
        hand.chosen = content
        await aylin.tap("Paket annehmen")
        await aylin.sees("1 Eintrag ist neu")
        await aylin.sees("1 Eintrag für andere ist noch unterwegs.")
        await aylin.fits(PICTURES / "taken.png")
        await aylin.tap("Paket annehmen")
        await aylin.sees("Alles aus dem Paket ist schon da")


@pytest.mark.parametrize(
    ("size", "look"),
    [("tablet", {"theme": "dark"}), ("phone", {"scale": 2.0})],
    ids=["tablet-dark", "phone-large"],
)
async def test_on_every_screen(
    office: Office, staff: People, size: str, look: dict[str, object], request: pytest.FixtureRequest
):
    office.files = FakeFiles()
    with office.served(office.jana, **look) as url:
        jana = await staff.sit_down(url, size=size)  # type: ignore[arg-type]
        await at_synchronisation(jana)
        await jana.tap("Als Paket mitgeben")
        await jana.fits(PICTURES / f"{request.node.callspec.id}.png")
