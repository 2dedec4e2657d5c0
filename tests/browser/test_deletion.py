"""A name slipped into a note: a colleague asks for it to go, the supervisor looks again and releases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from goes_mobile.services import deletion
from tests.browser.harness import People
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser


@pytest.fixture
async def office(founded: Office) -> Office:
    """Jana noted a name; it is at everybody's."""
    at = datetime.now(UTC) - timedelta(days=2)
    await founded.jana.note("Kevin Zaunkönig war da.", at=at, place_note="Plochingen ZOB")
    await founded.team.exchange()
    await founded.lock()
    return founded


async def test_a_record_goes_when_a_second_person_says_so(office: Office, staff: People):
    with office.served(office.jana) as url:
        jana = await staff.sit_down(url, size="phone")
        await jana.unlock(SECRET)
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
    with office.served(office.sabine) as url:
        sabine = await staff.sit_down(url, size="tablet")
        await sabine.unlock(SECRET)
        await sabine.tap("Mehr")
        await sabine.tap("Löschanträge")
        await sabine.sees("Name in einer anonymen Notiz")
        await sabine.tap("Ansehen")
        await sabine.sees("Kevin Zaunkönig war da.")
        await sabine.tap("Mehr")
        await sabine.tap("Löschanträge")
        await sabine.tap("Ablehnen")
        await sabine.sees("Warum nicht?")
        await sabine.tap("Schließen")
        await sabine.sees_not("Warum nicht?")
        await sabine.tap("Freigeben")
        await sabine.sees("Wirklich löschen?")
        await sabine.tap("Endgültig löschen")
        await sabine.sees("auf 0 von 4 Geräten gelöscht")
        (line,) = await office.apps[-1].ask(deletion.lines)
        assert (line.state, line.about) == ("released", [])
