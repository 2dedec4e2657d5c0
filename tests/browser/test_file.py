"""The file of a young person on the screen: understood at a glance, kept up with taps, turned round and back again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from goes_mobile.services import cases, casework, entries, goals
from tests.browser.harness import People
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/file")
PHONE = (390, 844)
GOAL = "Ich will morgens einen Grund haben aufzustehen."


@pytest.fixture
async def office(founded: Office) -> Office:
    """Falke is accompanied; a goal, two situations, an absence and an appointment are noted."""
    await founded.work()
    jana, falke = founded.jana, founded.falke
    now = datetime.now(UTC)

    async def note(kind: str, **values: Any) -> str:
        begun = await jana.app.ask(entries.new_form, kind, falke)
        return await jana.do(entries.create, kind, falke, {**begun.values, **values})

    await jana.do(cases.begin, falke)
    goal = await note("goal", wording=GOAL, life_domain="school_and_training", attainment="zero",
                      review_on=now.date() + timedelta(days=14))  # fmt: skip
    for step in ("Praktikumsplatz finden", "Drei Tage probearbeiten", "Mit Klassenlehrerin reden"):
        await jana.do(goals.add_step, goal, step)
    (found,) = (await jana.app.ask(casework.of_person, falke)).goals
    await jana.do(goals.tick, goal, found.steps[0].id)
    await note("situation", on=now.date() - timedelta(days=80), school_status="attending", housing="with_family",
               certificate="none_yet", rechtskreis=["sgb_2"])  # fmt: skip
    await note("situation", on=now.date() - timedelta(days=9), school_status="absent", income="Bürgergeld (Eltern)")
    await note("absence_episode", since=now.date() - timedelta(days=60), days=9, unexcused_days=6,
               school="Realschule Wendlingen")  # fmt: skip
    await note("service", what="application_help", minutes=40)
    at = (now + timedelta(days=2)).replace(hour=14, minute=0)
    await note("appointment", at=at, what="Praktikum besprechen", place="Bäckerei Steiner")
    await founded.lock()
    return founded


async def test_a_file_is_kept_up_with_taps_and_turned_to_the_young_person(office: Office, staff: People):
    with office.served(office.jana) as url:
        jana = await staff.sit_down(f"{url}/people/{office.falke}", size=PHONE)
        await jana.unlock(SECRET)

        # What must be known stands on top; a step is ticked, and taken back.
        await jana.sees(re.compile("Bäckerei Steiner"))
        await jana.sees(re.compile("begleitet: Jana Keller"))
        await jana.fits(PICTURES / "file-phone.png")
        await jana.expect_checked("Praktikumsplatz finden")
        await jana.tap(re.compile("^Drei Tage probearbeiten"), "checkbox")
        await jana.sees("Schritt geschafft.")
        await jana.tap("Rückgängig")
        await jana.expect_checked("Drei Tage probearbeiten", False)

        # How the situation came to be; back at school; a pause.
        await jana.tap(re.compile("^Schule"))
        await jana.sees(re.compile("^seit "))
        await jana.picture(PICTURES / "story-phone.png")
        await jana.tap("Schließen")
        await jana.tap("Wieder da")
        await jana.sees(re.compile("wieder da seit"))
        await jana.tap("Pausieren")
        await jana.sees(re.compile("Begleitung ruht"))
        await jana.tap("Weiterführen")

        # Turned to the young person: no note, no way back without the passphrase, and they sign.
        await jana.tap("Zeigen")
        await jana.sees("Das ist für dich, Falke")
        await jana.fits(PICTURES / "client-phone.png")
        assert not await jana.reads("Bürgergeld")
        await jana.page.go_back()
        await jana.settled()
        await jana.sees("Das ist für dich, Falke")
        await jana.tap("Unterschreiben")
        await jana.draws("Feld zum Unterschreiben", (60, 120), (90, 40), (120, 140), (260, 90))
        await jana.sees("Hier ist unterschrieben")
        await jana.fits(PICTURES / "signing-phone.png")
        await jana.tap("Ja, das will ich")
        await jana.sees(re.compile("Von dir unterschrieben"))
        await jana.tap("Zurück an Jana")
        await jana.type("Passphrase", "nicht die richtige")
        await jana.tap("Zur Akte")
        await jana.sees(re.compile("Noch 4 Versuche"))
        await jana.type("Passphrase", SECRET)
        await jana.tap("Zur Akte")
        await jana.sees(re.compile("^unterschrieben"))

        # The end asks where the way leads.
        await jana.tap("Begleitung beenden")
        await jana.fits(PICTURES / "end-phone.png")
        await jana.tap("Beenden")
        await jana.sees("Das wird gebraucht.")
