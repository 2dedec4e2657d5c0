"""A name slipped into a note: a colleague asks for it to go, the supervisor looks again and releases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goes_mobile.services import deletion
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.browser.harness import people, served
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Jana noted a name; it is at everybody's."""
    found = await Office.open(tmp_path)
    at = datetime.now(UTC) - timedelta(days=2)
    await found.jana.note("Kevin Zaunkönig war da.", at=at, place_note="Plochingen ZOB")
    await found.team.exchange()
    yield found
    await found.close()


async def test_a_record_goes_when_a_second_person_says_so(office: Office, chromium: Path):
    await office.lock()
    look = Appearance(still=True)
    async with people(chromium) as sitting:
        with served(opener(office.session(office.jana), lambda: look)) as url:
            jana = await sitting.sit_down(url, size="phone")
            await jana.type("Passphrase", SECRET)
            await jana.tap("Entsperren")
            await jana.tap("Mehr")
            await jana.tap("Begegnungen")
            await jana.tap("Plochingen ZOB")
            await jana.tap("Mehr zu dieser Begegnung")
            await jana.tap("Inhalt entfernen")
            await jana.tap("Beantragen")
            await jana.sees("Einen Grund antippen.")
            await jana.tap("Name in einer anonymen Notiz")
            await jana.tap("Beantragen")
            await jana.sees("Beantragt. Eine Leitung gibt es frei.")
        await office.lock()
        await office.team.exchange()
        with served(opener(office.session(office.sabine), lambda: look)) as url:
            sabine = await sitting.sit_down(url, size="tablet")
            await sabine.type("Passphrase", SECRET)
            await sabine.tap("Entsperren")
            await sabine.tap("Mehr")
            await sabine.tap("Löschanträge")
            await sabine.sees("Name in einer anonymen Notiz")
            await sabine.tap("Ansehen")
            await sabine.sees("Kevin Zaunkönig war da.")
            await sabine.tap("Mehr")
            await sabine.tap("Löschanträge")
            await sabine.tap("Freigeben")
            await sabine.sees("Wirklich löschen?")
            await sabine.tap("Endgültig löschen")
            await sabine.sees("auf 0 von 4 Geräten gelöscht")
            (line,) = await office.apps[-1].ask(deletion.lines)
            assert (line.state, line.about) == ("released", [])
