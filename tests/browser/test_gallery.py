"""All building blocks in a real browser: named, large enough, alive after faults, at every size, in every look."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import flet as ft
import pytest

from goes_mobile.ui.frame import Frame
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.screens.gallery.__main__ import prepare
from goes_mobile.ui.screens.gallery.places import PLACES
from goes_mobile.ui.shell import show
from tests.browser.harness import SIZES, People, Person, people, served

PICTURES = Path("build/pictures/gallery")
SCREENS = {
    "today": ("/", re.compile("^Heute$")),
    "people": ("/people/falke", re.compile("^Falke$")),
    "record": ("/record", re.compile("^Begegnung$")),
    "outing": ("/outing", re.compile("^Stadtbücherei Wernau")),
    "blocks": ("/more", re.compile("^Bausteine$")),
}
SECRET = "geheim"


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """The surroundings of every page that was opened, the newest last."""
    return []


@pytest.fixture(scope="module")
def gallery(frames: list[Frame]) -> Iterator[str]:
    def start(page: ft.Page) -> None:
        frames.append(show(page, appearance=Appearance(still=True), places=PLACES, prepare=prepare))

    with served(start) as url:
        yield url


@pytest.fixture
async def staff(chromium: Path) -> AsyncIterator[People]:
    async with people(chromium) as sitting:
        yield sitting


async def on_page(around: Frame, change: Callable[[], None]) -> None:
    """Runs on the page's own loop, where observables may change."""

    async def run() -> None:
        change()

    await asyncio.wrap_future(around.page.run_task(run))


async def fits(person: Person) -> None:
    """Nothing reaches beyond the window's side, nothing that can be tapped is smaller than a fingertip."""
    view = person.page.viewport_size
    beyond = [
        n
        for n in await person.nodes()
        if n.role in ("button", "checkbox", "h1", "h2")
        and not n.cut
        and not (n.x >= -1 and n.x + n.width <= view["width"] + 1)
    ]
    assert (beyond, await person.too_small()) == ([], [])


async def test_blocks_are_named_and_survive_faults(gallery: str, staff: People):
    jana = await staff.sit_down(f"{gallery}/more", size="phone")
    await fits(jana)
    names = {(n.role, n.name) for n in await jana.nodes()}
    for role, name in [
        ("h1", "Bausteine"),
        ("h2", "Knöpfe"),
        ("button", "Speichern"),
        ("button", "Sperren"),
        ("checkbox", "Schule"),
        ("checkbox", "Einzeln"),
        ("checkbox", "18–20"),
        ("checkbox", "unter 14"),
        ("button", "Person suchen"),
        ("button", "Offline seit 3 Std. · 3 warten"),
        ("button", "Erfassen"),
    ]:
        assert (role, name) in names, f"{role} {name!r} is missing in {sorted(names)}"

    await jana.expect_checked("Schule")
    await jana.tap("Schule", "checkbox")
    await jana.expect_checked("Schule", False)
    await jana.expect_checked("Ausbildung")

    # A handler that fails, one that refuses, a drawing that fails: a sentence with a code, and the app goes on.
    await jana.tap("Handler wirft")
    await jana.sees(re.compile(r"Nichts ist verloren. Meldung G-\d{4}"))
    await jana.tap("Handler lehnt ab")
    await jana.sees("Dafür fehlt die Berechtigung")
    assert await jana.reads("Niemand wartet")
    await jana.tap("Zeichnen wirft")
    await jana.sees_not("Niemand wartet")
    await jana.tap("Zeichnen wirft")
    await jana.sees("Niemand wartet")
    await jana.tap("Hinweis schließen")
    await jana.sees_not("Berechtigung")
    assert not await jana.reads(SECRET)

    # A finger signs, and may start again.
    await jana.draws("Feld zum Unterschreiben", (40, 40), (60, 120), (200, 60))
    await jana.sees("Hier ist unterschrieben")
    await jana.picture(PICTURES / "signed.png")
    await jana.tap("Noch mal")
    await jana.sees("Feld zum Unterschreiben")

    # One question before what cannot be undone; the sheet takes the focus and gives it back.
    await jana.tap("Löschen")
    await jana.sees("Entwurf verwerfen?")
    await jana.tap("Behalten")
    await jana.sees_not("Entwurf verwerfen?")

    # The look changes at once, everywhere.
    await jana.tap("Sonne", "checkbox")
    await jana.expect_checked("Sonne")
    await jana.tap("200 %", "checkbox")
    await jana.expect_checked("200 %")
    await jana.settled()
    await fits(jana)
    await jana.tap("Hell", "checkbox")
    await jana.expect_checked("Hell")
    assert jana.outside == []
    assert all("rive" in address for address in jana.blocked), jana.blocked


async def test_navigation_goes_there_and_back(gallery: str, staff: People):
    jana = await staff.sit_down(f"{gallery}/", size="phone")
    await jana.tap("Menschen")
    await jana.sees("Schmetterling")
    await jana.tap(re.compile("^Luna"))
    await jana.sees("Nur über Signal schreiben")
    assert jana.page.url.endswith("/people/luna")
    await jana.tap("Zurück")
    await jana.sees("Schmetterling")
    await jana.page.go_back()
    await jana.sees("Nur über Signal schreiben")

    await jana.tap("Erfassen")
    await jana.sees("Worum ging es?")
    assert not await jana.reads("Menschen"), "a form has no navigation"
    await jana.tap("Schließen, der Entwurf bleibt")
    await jana.sees("Niemand geht verloren")

    await jana.go(f"{gallery}/people/yusuf")
    await jana.sees("Yusuf")
    await jana.go(f"{gallery}/nowhere")
    await jana.tap("Zu Heute")
    await jana.sees("Niemand geht verloren")

    # The same place in a wide window: the list stays, the detail stands beside it.
    sabine = await staff.sit_down(f"{gallery}/people/falke", size="wide")
    await sabine.sees("Nur über Signal schreiben")
    await sabine.tap(re.compile("^Luna"))
    await sabine.sees(re.compile("^Luna$"))
    assert await sabine.reads("Schmetterling")
    await sabine.page.set_viewport_size({"width": 700, "height": 900})
    await sabine.sees("Zurück")
    await sabine.sees_not("Schmetterling")


async def test_a_form_loses_nothing_that_is_typed_or_counted(gallery: str, staff: People):
    jana = await staff.sit_down(f"{gallery}/record", size="phone")
    note = "Viel los nach Schulschluss. Zwei fragen nach einem Praktikum im Kfz-Bereich, einer kommt wieder."
    await jana.type("Notiz", note)
    await jana.holds("Notiz", note)

    await jana.tap("Alle 20")
    await jana.type("Suchen", "mahn")
    await jana.sees_not("Ausbildung")
    await jana.tap("Verschuldung und Mahnungen", "checkbox")
    await jana.tap(re.compile("^Fertig, 3 gewählt"))
    await jana.expect_checked("Verschuldung und Mahnungen")
    await jana.holds("Notiz", note)

    await jana.tap("Gruppe", "checkbox")
    await jana.tap("18–20, weiblich: 0")
    await jana.tap("18–20, weiblich: 1")
    await jana.sees("18–20, weiblich: 2")
    await jana.hold("18–20, weiblich: 2")
    await jana.sees("18–20, weiblich: 1")
    await jana.tap("Letztes zurück")
    await jana.sees("18–20, weiblich: 2")
    await jana.sees("9 Menschen")

    await jana.tap("Nächster Schritt am: 01.12.2026")
    await jana.tap(re.compile(r"^15, "))
    await jana.tap("Übernehmen")
    await jana.sees("Nächster Schritt am: 15.12.2026")

    await jana.tap("Speichern")
    await jana.sees("Gespeichert")
    await jana.tap("Rückgängig")
    await jana.sees("Speichern")


async def test_a_form_comes_from_the_record_class(gallery: str, staff: People):
    jana = await staff.sit_down(f"{gallery}/form", size="phone")
    await jana.sees("Ein Tag hat nur 1440 Minuten.")
    await jana.type("Minuten", "viele")
    await jana.sees("Hier gehört eine Zahl hin.")
    await jana.type("Minuten", "20")
    await jana.sees_not("Hier gehört eine Zahl hin.")
    await jana.sees("from_the_future")
    await jana.tap("Ort: nichts gewählt")
    await jana.tap("Büro")
    await jana.sees("Ort: Büro")
    await jana.tap("Einsatz", "checkbox")
    await jana.tap("Haltepunkte hinzufügen")
    await jana.sees("Haltepunkte 1")
    await jana.tap("Mensch", "checkbox")
    await jana.sees("Erst mit Einwilligung: Name, Geburtsdatum")
    await fits(jana)


ALL = tuple(SCREENS)
LOOKS = {
    "phone": ("phone", "light", 1, ALL),
    "phone-dark": ("phone", "dark", 1, ("today", "blocks")),
    "phone-sun": ("phone", "sun", 1, ("today", "record")),
    "phone-200": ("phone", "light", 2, ALL),
    "tablet": ("tablet", "light", 1, ("today", "record", "outing")),
    "wide": ("wide", "light", 1, ALL),
    "wide-dark": ("wide", "dark", 1, ("people",)),
    "wide-200": ("wide", "light", 2, ("people", "blocks")),
}


async def test_every_screen_in_every_look(gallery: str, frames: list[Frame], staff: People):
    jana = await staff.sit_down(gallery, size="phone")
    around = frames[-1]
    for name, (size, theme, scale, screens) in LOOKS.items():
        width, height = SIZES[size]
        await jana.page.set_viewport_size({"width": width, "height": height})

        def dress(theme: str = theme, scale: float = scale) -> None:
            around.appearance.theme, around.appearance.scale = theme, scale

        await on_page(around, dress)
        for screen in screens:
            path, heading = SCREENS[screen]
            await on_page(around, lambda path=path: around.go(path))
            await jana.sees(heading)
            await jana.picture(PICTURES / f"{screen}-{name}.png")
            await fits(jana)
            if (name, screen) == ("phone-200", "blocks"):  # what is wider than the screen goes on in a second line
                one, two = [await jana.node(words, "checkbox") for words in ("Schule", "Schule, Ausbildung, Arbeit")]
                assert two.height > one.height
    assert jana.outside == []


async def test_an_idle_screen_rests(gallery: str, staff: People):
    frames: list[str] = []
    jana = await staff.sit_down(size="phone")
    jana.page.on("websocket", lambda socket: socket.on("framereceived", lambda _: frames.append("in")))
    jana.page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append("out")))
    await jana.go(f"{gallery}/record")
    for mood in (1, 2, 1):
        await jana.tap(f"Stimmung {mood} von 5")
        await jana.settled()

    # Nothing travels and nothing is drawn while nobody does anything.
    await jana.settled()
    frames.clear()
    drawn = await jana.page.evaluate(
        """async () => {
          let drawn = 0;
          const original = window.requestAnimationFrame;
          window.requestAnimationFrame = f => { drawn++; return original(f); };
          await new Promise(done => setTimeout(done, 2000));
          window.requestAnimationFrame = original;
          return drawn;
        }"""
    )
    assert (frames, drawn) == ([], 0)
