"""By hand: Jana gives her work along as a file, Aylin takes it in and sees it at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from goes_mobile.state.app import App
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.browser.harness import People, Person, people, served
from tests.browser.room import SECRET, Office
from tests.fakes.device import FakeFiles
from tests.state.team import Colleague

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/parcel")


@pytest.fixture
async def staff(chromium: Path) -> AsyncIterator[People]:
    async with people(chromium) as sitting:
        yield sitting


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    found = await Office.open(tmp_path)
    await found.work()
    await found.jana.note("Ohne Netz aufgeschrieben.")
    await found.lock()
    yield found
    await found.close()


@contextmanager
def screens(office: Office, who: Colleague, files: FakeFiles, **look: object) -> Iterator[str]:
    make = office.session(who)

    def with_files() -> App:
        app = make()
        app.files = files
        return app

    start = opener(with_files, lambda: Appearance(still=True, **look))  # type: ignore[arg-type]
    with served(start) as url:
        yield url


async def at_synchronisation(person: Person) -> None:
    await person.type("Passphrase", SECRET)
    await person.tap("Entsperren")
    await person.tap("Mehr")
    await person.tap(re.compile("^Synchronisation"))
    await person.sees("Ohne Netz weitergeben")


async def fits(person: Person, name: str) -> None:
    await person.picture(PICTURES / f"{name}.png")
    assert (await person.too_small(), person.outside) == ([], [])


async def test_from_hand_to_hand(office: Office, staff: People):
    card, hand = FakeFiles(), FakeFiles()
    with screens(office, office.jana, card) as url:
        jana = await staff.sit_down(url, size="phone")
        await at_synchronisation(jana)
        await jana.tap("Als Paket mitgeben")
        await jana.sees("Das Paket ist fertig")
        await fits(jana, "given")
    [content] = card.files.values()
    with screens(office, office.aylin, hand) as url:
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
        await fits(aylin, "taken")
        await aylin.tap("Paket annehmen")
        await aylin.sees("Alles aus dem Paket ist schon da")


@pytest.mark.parametrize(
    ("size", "look"),
    [("tablet", {}), ("desktop", {}), ("phone", {"theme": "dark"}), ("phone", {"scale": 2.0})],
    ids=["tablet", "desktop", "dark", "large"],
)
async def test_on_every_screen(
    office: Office, staff: People, size: str, look: dict[str, object], request: pytest.FixtureRequest
):
    with screens(office, office.jana, FakeFiles(), **look) as url:
        jana = await staff.sit_down(url, size=size)  # type: ignore[arg-type]
        await at_synchronisation(jana)
        await jana.tap("Als Paket mitgeben")
        await fits(jana, request.node.callspec.id)
