"""Days at a desk: a file that a consent opens and closes, the figures and their files, settings, somebody new."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from goes_mobile.services import person_file
from goes_mobile.state.settings import wishes
from tests.browser.harness import People, Person
from tests.browser.room import SECRET, Office
from tests.fakes.device import FakeFiles
from tests.fakes.entrance import FakeEntrance

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/desk")


async def at_work(staff: People, url: str, size: str = "wide") -> Person:
    person = await staff.sit_down(url, size=size)
    await person.unlock(SECRET)
    await person.sees("Mehr")
    return person


async def fits(person: Person, name: str) -> None:
    await person.fits(PICTURES / f"{name}.png")


async def test_a_consent_opens_a_file_and_taken_back_closes_it(office: Office, staff: People):
    with office.served(office.sabine) as url:
        sabine = await at_work(staff, url)
        await sabine.tap("Menschen")
        await sabine.tap("Alle")
        await sabine.tap(re.compile("^Falke"))
        await sabine.sees("Ohne Einwilligung bleibt es beim Alias.")
        await sabine.sees("Verdeckt ohne Einwilligung")
        await fits(sabine, "file-closed")

        await sabine.tap("Einwilligung festhalten")
        await sabine.sees("Falke erlaubt das.")
        await sabine.expect_checked("Name, Geburtsdatum")
        await sabine.tap("Ein Jahr")
        await fits(sabine, "consent")
        await sabine.tap("Zeigen und unterschreiben lassen")
        await sabine.sees("Dürfen wir das aufschreiben?")
        await sabine.tap("العربية")
        await sabine.sees("هل يجوز لنا أن نكتب هذه المعلومات؟")
        await sabine.page.mouse.move(600, 300)
        await sabine.page.mouse.wheel(0, 2000)
        await sabine.settled()
        await sabine.draws("Feld zum Unterschreiben", (40, 40), (60, 120), (200, 60))
        await sabine.sees("Hier ist unterschrieben")
        await fits(sabine, "consent-asked")
        await sabine.page.go_back()
        await sabine.tap("نعم، أنا موافق")
        await sabine.sees("شكرًا. تم حفظ موافقتك.")
        await sabine.tap(re.compile("^عودة إلى"))
        await sabine.unlock(SECRET)
        await sabine.sees("gültig")
        await sabine.tap("Ändern")
        await sabine.type("Vorname", "Feline")
        await fits(sabine, "file-change")
        await sabine.tap("Speichern")
        await sabine.sees("Feline")
        await fits(sabine, "file-open")

        await sabine.tap("Zurückziehen")
        await sabine.sees("Einwilligung zurückziehen?")
        await fits(sabine, "consent-question")
        await sabine.tap("Zurückziehen")
        await sabine.sees("Einwilligung zurückgezogen.")
        await sabine.sees_not("Feline")
        await sabine.sees("Verdeckt ohne Einwilligung")
        await fits(sabine, "file-closed-again")
        found = await office.apps[-1].ask(person_file.detail, office.falke)
        assert found.given_name == ""
        assert "given_name" in found.closed


async def test_figures_of_a_period_go_out_as_a_file(office: Office, staff: People):
    office.files = FakeFiles()
    with office.served(office.sabine) as url:
        sabine = await at_work(staff, url)
        await sabine.tap("Auswertung")
        await sabine.sees("12 Monate")
        await sabine.sees("Begegnungen im Monat")
        await fits(sabine, "figures")
        await sabine.tap("Quartal")
        await sabine.tap("Worum es ging als Tabelle")
        await sabine.sees("Worum es ging als Bild")
        await fits(sabine, "figures-table")
        await sabine.tap("Zeitraum wählen")
        await sabine.sees("Von")
        await fits(sabine, "figures-days")
        await sabine.tap("12 Monate")
        await sabine.tap("Ausgeben")
        await sabine.sees("Zum Weiterrechnen")
        await fits(sabine, "figures-formats")
        await sabine.tap(re.compile("^PDF"))
        await sabine.sees("Gespeichert: auswertung-")
        [(name, content)] = office.files.files.items()
        assert name.endswith(".pdf")
        assert content.startswith(b"%PDF")


async def test_settings_count_at_once_on_every_screen(office: Office, staff: People):
    with office.served(office.sabine) as url:
        sabine = await at_work(staff, url)
        await sabine.tap("Mehr")
        await sabine.tap(re.compile("^Einstellungen"))
        await sabine.tap("English")
        await sabine.sees("Settings")
        await fits(sabine, "settings-english")
        await sabine.tap("Deutsch")
        await sabine.sees("Einstellungen")
        await sabine.tap("Sonne")
        await sabine.tap("Linke Hand")
        await sabine.tap("200 %")
        await fits(sabine, "settings-200-sun")
        kept = await wishes(office.apps[-1])
        assert kept is not None
        assert (kept.language, kept.theme, kept.scale, kept.left_handed) == ("de", "sun", 2.0, True)

        await sabine.tap(re.compile("^Prüfen"))
        await sabine.tap(re.compile("^Bahnhof Plochingen"))
        await sabine.sees("Freigeben")
        await fits(sabine, "review-200-sun")
        await sabine.tap("Auswertung")
        await sabine.sees("Begegnungen im Monat")
        await fits(sabine, "figures-200-sun")
        await sabine.tap("Menschen")
        await sabine.tap("Alle")
        await sabine.tap(re.compile("^Falke"))
        await sabine.sees("Was war")
        await fits(sabine, "file-200-sun")


async def test_somebody_new_is_invited(office: Office, staff: People):
    office.entrance = FakeEntrance()
    with office.served(office.team.admin) as url:
        petra = await at_work(staff, url)
        await petra.tap("Mehr")
        await petra.tap(re.compile("^Team und Geräte"))
        await petra.sees("Jana Keller")
        await fits(petra, "members")
        await petra.tap("Einladen", "button")
        await petra.type("Name", "Selma Öz")
        await petra.tap("Leitung")
        await fits(petra, "invite")
        await petra.tap("Code erzeugen")
        await petra.sees("Code für Selma Öz")
        await petra.sees("Der Code ist nur jetzt zu sehen")
        await fits(petra, "invite-code")
        assert office.entrance.asked == [("invite", "supervisor", ("workmobil",), "Selma Öz", 72.0)]
        await petra.tap("Fertig")
        await petra.sees("Team und Geräte")


async def test_from_heute_to_all_that_is_due_and_back(office: Office, staff: People):
    with office.served(office.jana) as url:
        jana = await at_work(staff, url, "phone")
        await jana.tap("Alle")
        await jana.sees("Wiedervorlagen")
        await expect(jana.page.locator("[aria-current=true]")).to_have_text("Heute")
        await jana.tap("Zurück")
        await jana.sees("Sabine Wolf fragt")
