"""A working day on the first screens: unlock, set out, note an encounter in seconds, count, come home."""

from __future__ import annotations

import re
from pathlib import Path

import flet as ft
import pytest

from goes_mobile.services import encounters
from goes_mobile.state import presence
from goes_mobile.state.app import App
from goes_mobile.ui import main
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.browser.harness import People, Person, served
from tests.browser.room import SECRET, Office, empty_profile
from tests.fakes.entrance import FakeEntrance

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/screens")


async def unlocked(person: Person) -> None:
    await person.unlock(SECRET)
    await person.sees("Fällig")


async def fits(person: Person, name: str) -> None:
    await person.fits(PICTURES / f"{name}.png")


async def test_a_day_on_the_road(office: Office, staff: People):
    with office.served(office.jana, office.aylin) as url:
        jana = await staff.sit_down(url, size="phone")
        await jana.sees("Wer arbeitet?")
        await jana.sees("Gesperrt. Gespeichertes wird trotzdem übertragen.")
        await jana.type("Passphrase", "nicht die richtige")
        await jana.tap("Entsperren")
        await jana.sees("Noch 4 Versuche")
        await fits(jana, "unlock")
        await unlocked(jana)
        await jana.sees(re.compile("Sabine Wolf fragt"))
        await fits(jana, "today")

        await jana.tap("Einsatz")
        await jana.sees("Kein Einsatz läuft")
        await jana.tap("Einsatz beginnen")
        await jana.sees("Losfahren")
        stop = re.compile("^Bahnhof Plochingen")
        for planned in [n.name for n in await jana.nodes() if n.role == "checkbox" and n.state == "true"]:
            await jana.tap(planned, "checkbox")  # what the timetable has for this day of the week stays out
        if await jana.reads(re.compile("Alle 1")):  # on such a day the others are folded away
            await jana.tap(re.compile("^Alle 1"))
        await jana.tap(stop, "checkbox")
        await jana.tap("Aylin Yıldız")
        await fits(jana, "departure")
        await jana.tap("Losfahren")
        await jana.sees("mit Aylin")
        await jana.sees(stop)
        await jana.tap("Angekommen")
        await jana.sees("Menschen hier")
        for _ in range(3):
            await jana.tap("Plus eins")
        await jana.sees(re.compile(r"^3\b|\b3\nMenschen hier"))
        await jana.tap("Regen")
        await jana.type("Beobachtung", "Viel los nach Schulschluss")
        await fits(jana, "outing")
        await jana.tap("Gruppenangebot eintragen")
        await jana.type("Was", "Fußball auf dem Platz")
        await jana.tap(re.compile("^14–17, weiblich"))
        await jana.tap(re.compile("^14–17, weiblich"))
        await jana.sees("14–17, weiblich: 2")
        await jana.holds("Was", "Fußball auf dem Platz")
        await fits(jana, "outing-programme")
        await jana.tap("Schließen")
        await jana.sees(re.compile("^Fußball auf dem Platz"))
        await jana.sees(re.compile("2 dabei"))

        # Ten seconds: from Heute four taps, none of them a second one.
        await jana.tap("Heute")
        await jana.sees("Einsatz läuft")
        await jana.tap("Erfassen")
        await jana.tap("18–20")
        await jana.tap("Ausbildung")
        await jana.tap("Speichern")
        await jana.sees("Gespeichert: Bahnhof Plochingen")
        await jana.sees(re.compile("Begegnung"))
        await fits(jana, "today-saved")
        newest = (await office.jana.app.profile.ask(encounters.lines)).lines[0]
        assert (newest.where, newest.topics, newest.people) == ("Bahnhof Plochingen", ["training"], 1)

        # A second thought: it is a draft again, and goes on.
        await jana.tap("Rückgängig")
        await jana.sees("Entwurf gesichert")
        await jana.expect_checked("Ausbildung")
        await jana.type("Notiz", "Will ins Handwerk.")
        await jana.sees("Entwurf gesichert")
        await jana.tap("Schließen, der Entwurf bleibt")
        await jana.sees("Entwürfe")
        await jana.tap(re.compile("^Begegnung von"))
        await jana.holds("Notiz", "Will ins Handwerk.")
        await jana.tap("Nächste")
        await jana.sees("Gespeichert")
        await jana.holds("Notiz", "")
        await jana.tap("Gruppe")
        for _ in range(2):
            await jana.tap(re.compile("^14–17, weiblich"))
        await jana.tap(re.compile("^unter 14, männlich"))
        await jana.sees("davon 1 außerhalb 14 bis 27: zählt getrennt")
        await jana.hold(re.compile("^14–17, weiblich: 2"))
        await jana.sees("14–17, weiblich: 1")
        await jana.tap("Letztes zurück")
        await jana.sees("14–17, weiblich: 2")
        await jana.sees("Entwurf gesichert")
        await fits(jana, "capture-group")
        await jana.tap("Speichern")
        await jana.sees("Gespeichert")

        await jana.tap("Einsatz")
        await jana.tap("Weiterfahren")
        await jana.sees("Unterwegs")
        await jana.tap("Einsatz beenden")
        await jana.sees("Tagesabschluss")
        await fits(jana, "outing-ended")
        await jana.tap("Sperren")
        await jana.sees("Weiter")
        assert [node.name for node in await jana.nodes() if node.name.strip()] == ["Weiter"], "nothing, and no name"
        await fits(jana, "rest")
        await jana.tap("Weiter")
        await jana.sees("Wer arbeitet?")
        await jana.sees("Jana Keller")
        assert office.jana.store.locked


async def test_somebody_new_is_created_while_capturing(office: Office, staff: People):
    with office.served(office.jana, office.aylin) as url:
        jana = await staff.sit_down(url, size="tablet")
        await unlocked(jana)
        await jana.tap("Erfassen")
        await jana.tap("Person suchen")
        await jana.sees("Falke")
        await jana.type("Suchen", "Falk")
        await jana.tap(re.compile("neu anlegen"))
        await jana.sees("Ist das dieselbe Person?")
        await fits(jana, "person-new")
        await jana.type("Alias", "Robin")
        await jana.sees_not("Ist das dieselbe Person?")
        await jana.type("Geburtsjahr", "2010")
        await jana.tap("Anlegen und wählen")
        await jana.expect_checked("Robin")
        await jana.tap(re.compile("Worum ging es.: Alle"))
        await jana.tap("Schulden", "checkbox")
        await jana.tap(re.compile("^Fertig"))
        await jana.expect_checked("Schulden")
        await jana.type("Nächster Schritt", "Schuldnerberatung anrufen")
        await jana.tap("Morgen")
        await fits(jana, "capture-tablet")
        await jana.tap("Speichern", "button")
        await jana.sees("Gespeichert")
        newest = (await office.jana.app.profile.ask(encounters.lines)).lines[0]
        assert newest.person is not None
        assert (newest.person.name, newest.topics) == ("Robin", ["debts"])


async def test_a_question_is_answered_on_heute(office: Office, staff: People):
    with office.served(office.jana, office.aylin) as url:
        jana = await staff.sit_down(url, size="wide")
        await unlocked(jana)
        await jana.tap("Antworten")
        await jana.type("Antwort", "Ja, und Aylin geht mit.")
        await jana.tap("Antwort geben")
        await jana.sees("Antwort gespeichert")
        await jana.sees_not("Sabine Wolf fragt")


async def test_large_text_and_sun(office: Office, staff: People):
    await office.jana.app.unlock(SECRET)
    await office.set_out()
    await office.lock()
    with office.served(office.jana, scale=2.0, theme="sun") as url:
        jana = await staff.sit_down(url, size="phone")
        await unlocked(jana)
        await fits(jana, "today-200")
        await jana.tap("Erfassen")
        await jana.sees("Worum ging es?")
        await fits(jana, "capture-200")
        await jana.tap("Schließen, der Entwurf bleibt")
        await jana.tap("Einsatz")
        await jana.sees("Weiterfahren")
        await fits(jana, "outing-200")


async def test_the_first_start(tmp_path: Path, staff: People):
    entrance = FakeEntrance()
    profile = empty_profile(tmp_path / "new")
    with served(opener(lambda: App([profile], entrance=entrance), lambda: Appearance(still=True))) as url:
        petra = await staff.sit_down(url, size="phone")
        await petra.tap("English")
        await petra.sees("Set up this device")
        await petra.tap("Deutsch")
        await petra.tap(re.compile("^Organisation anlegen"))
        await petra.tap("Organisation anlegen", "button")
        await petra.sees("Bitte ausfüllen.")
        await fits(petra, "first-missing")
        for label, text in (
            ("Adresse des Servers", "sync.landkreis.de"),
            ("Einrichtungscode des Servers", "K7M3"),
            ("Eigener Name", "Petra Amann"),
            ("Passphrase", "drei gute worte zusammen"),
            ("Passphrase noch einmal", "drei gute worte zusammen"),
        ):
            await petra.type(label, text)
        await petra.sees("Sehr gut")
        await petra.tap(re.compile("^Landkreis"))
        await petra.tap(re.compile("^GO!ES Landkreis Esslingen"))
        await petra.tap(re.compile("^Workmobil"), "checkbox")
        await petra.tap("Organisation anlegen", "button")
        await petra.sees("Wiederherstellungsblatt")
        await fits(petra, "sheet")
        await petra.tap("Das Blatt ist auf Papier und liegt sicher")
        await petra.tap("Weiter")
        await petra.sees("Nichts wartet")
        assert entrance.asked[-1][4:] == ("Petra Amann", ("workmobil",))
        await petra.tap("Sperren")
        await petra.tap("Weiter")
        await petra.sees("Petra Amann")
    await profile.close()


async def test_a_lock_gives_the_form_back(office: Office, staff: People, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(presence, "LOOK_S", 0.2)
    with office.served(office.jana, office.aylin) as url:
        jana = await staff.sit_down(url, size="phone")
        await unlocked(jana)
        await jana.tap("Erfassen")
        await jana.type("Notiz", "Ein langer Gedanke, der länger dauert als die Sperre.")
        await jana.sees("Entwurf gesichert")
        office.apps[-1].presence.lock_after_s = 1
        await jana.sees("Wer arbeitet?")
        await jana.until(_locked(office), "the keys to be gone")
        office.apps[-1].presence.lock_after_s = 3600
        await jana.unlock(SECRET)
        await jana.sees("Worum ging es?")
        await jana.holds("Notiz", "Ein langer Gedanke, der länger dauert als die Sperre.")
        await jana.page.go_back()
        await jana.sees("Entwürfe")


async def test_out_of_sight_nothing_is_to_be_read(office: Office, staff: People, monkeypatch: pytest.MonkeyPatch):
    """The task switcher of a phone, then another tab, for somebody who wants it locked at once."""
    monkeypatch.setattr(main, "POCKET", (ft.PagePlatform.LINUX,))
    with office.served(office.jana, office.aylin) as url:
        jana = await staff.sit_down(url, size="phone")
        await unlocked(jana)
        await jana.loses_focus()
        await jana.until(jana.sees_one_colour, "the cover")
        await jana.has_focus()
        await jana.sees("Fällig")
        await fits(jana, "uncovered")
        await jana.tap("Mehr")
        await jana.tap("Einstellungen")
        await jana.tap("sofort")
        await jana.sees("spätestens nach einer Minute")
        await jana.turns_to_another_tab()
        await jana.until(_locked(office), "the keys to be gone")
        await jana.turns_back()
        await jana.sees("Wer arbeitet?")
        await fits(jana, "unlock-after-tab")
        await jana.tap("Aylin Yıldız")
        await jana.unlock(SECRET)
        await jana.sees("Nichts wartet")
        assert await jana.page.evaluate("location.pathname") == "/", "not where Jana was"


async def test_whoever_comes_back_to_a_window_unlocks_again(office: Office, staff: People):
    with office.served(office.jana, office.aylin) as url:
        jana = await staff.sit_down(f"{url}/outing", size="phone")
        await jana.unlock(SECRET)
        await jana.sees("Kein Einsatz läuft")
        await jana.go(f"{url}/outing")
        await jana.sees("Wer arbeitet?")
        await jana.until(_locked(office), "the first window to let go")


def _locked(office: Office):
    async def locked() -> bool:
        return office.jana.store.locked

    return locked
