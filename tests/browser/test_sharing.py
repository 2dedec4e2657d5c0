"""A file offered on a phone is accepted on a tablet of another site, and ended: each side sees where it stands."""

from __future__ import annotations

import pytest

from goes_mobile.services import people
from goes_mobile.services.people import PersonForm
from goes_mobile.state.people import PersonFile
from tests.browser.harness import People
from tests.browser.room import SECRET, Office
from tests.state.team import Colleague

pytestmark = pytest.mark.browser


async def test_offered_accepted_and_ended(founded: Office, staff: People) -> None:
    office, team = founded, founded.team
    tom: Colleague = await team.enrol("Tom Brandt", "office", "jugendbuero-nuertingen")
    falke = await office.jana.do(people.create, PersonForm("Falke"))
    await office.jana.note("Sucht ein Praktikum.", people=[falke])
    await team.exchange()
    await office.lock()
    with office.served(office.jana) as url:
        jana = await staff.sit_down(url, size="phone")
        await jana.unlock(SECRET)
        await jana.tap("Menschen")
        await jana.tap("Falke")
        await jana.tap("Mehr zu dieser Person")
        await jana.tap("Teilen oder übergeben")
        await jana.sees("Liest ab sofort mit: Tom Brandt")
        await jana.tap("Anbieten")
        await jana.sees("Erst mit dem jungen Menschen besprechen.")
        await jana.tap("Der junge Mensch ist einverstanden")
        await jana.type("Warum?", "Wohnt jetzt in Nürtingen.")
        await jana.tap("Anbieten")
        await jana.sees("Angeboten: Jugendbüro Nürtingen")
        await jana.sees("Wer liest mit")
    await office.lock()
    await team.exchange()
    with office.served(tom) as url:
        toms = await staff.sit_down(url, size="tablet")
        await toms.unlock(SECRET)
        await toms.tap("Angebot von Workmobil: Falke")
        await toms.sees("Workmobil bietet an, gemeinsam zu begleiten")
        await toms.sees("„Wohnt jetzt in Nürtingen.“")
        await toms.tap("Annehmen")
        await toms.sees("Gemeinsam mit Workmobil")
        await toms.tap("Beenden")
        await toms.sees("Die Akte bleibt bei der anderen Einrichtung")
        await toms.tap("Beenden")
        await toms.sees("Das wird gebraucht.")
        await toms.type("Warum?", "Doch weggezogen.")
        await toms.tap("Beenden")
        await toms.sees("Ändern lässt sich nichts mehr.")
    await office.lock()
    await team.exchange()
    await office.jana.app.unlock(SECRET)
    view = PersonFile(office.jana.app, falke)
    await view.reload()
    assert view.stands is not None
    assert [(earlier.state, earlier.because) for earlier in view.stands.earlier] == [("ended", "Doch weggezogen.")]
