"""Takes the pictures of README and Handbuch from a running demo.

    make run > build/ready.json                       # in one terminal, until it says where the devices are
    .venv/bin/python docs/pictures/take.py build/ready.json     # in another one
    .venv/bin/python docs/pictures/take.py build/ready.json capture outing   # only these scenes

Reads addresses and passphrases from the demo's ready line, works on the screens like a person, and writes small PNGs
beside this file. Prints what the browser complained about and what is too small for a finger.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from docs.pictures import erasing as deletion  # noqa: E402
from docs.pictures import keys  # noqa: E402
from goes_mobile.cli.demo.processes import free_port, tool  # noqa: E402
from tests import chromium  # noqa: E402
from tests.browser.harness import People, Person, people  # noqa: E402

COLOURS = 256
BEFORE_UNLOCK = "Wer arbeitet?"


@dataclass
class Studio:
    """The demo's devices, and where their pictures go."""

    ready: dict[str, Any]
    people: People
    out: Path

    def device(self, role: str) -> dict[str, Any]:
        return next(device for device in self.ready["devices"] if device["role"] == role)

    async def shoot(self, person: Person, name: str) -> None:
        """One small picture; what is wrong with the screen is told beside it."""
        taken = await person.picture(self.out / f"{name}.png")
        with Image.open(taken) as image:
            small = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(taken, optimize=True)
        size = taken.stat().st_size
        small_ones = [f"{n.role} {n.name[:30]!r} {n.width:.0f}x{n.height:.0f}" for n in await person.too_small()]
        print(f"{name}: {size // 1024} KB", *small_ones, *person.errors, *person.outside, sep="\n   ")
        person.errors.clear()

    async def sit(self, role: str, size: str, *, dark: bool = False) -> Person:
        """In front of that device, unlocked, on the first screen."""
        device = self.device(role)
        person = await self.people.sit_down(device["url"], size=size, dark=dark)
        await unlock(person, device["passphrase"])
        return person


async def unlock(person: Person, passphrase: str) -> None:
    await person.sees(BEFORE_UNLOCK)
    await person.type("Passphrase", passphrase)
    await person.tap("Entsperren")
    await person.sees("Mehr")


async def more(person: Person, name: str) -> None:
    await person.tap("Mehr")
    await person.tap(re.compile(f"^{name}"))


async def first_screens(s: Studio) -> None:
    jana = await s.people.sit_down(s.device("outreach")["url"], size="phone")
    await jana.sees(BEFORE_UNLOCK)
    await s.shoot(jana, "entsperren")
    await unlock(jana, s.device("outreach")["passphrase"])
    await jana.sees("Fällig")
    await s.shoot(jana, "heute")
    dark = await s.sit("outreach", "phone", dark=True)
    await dark.sees("Fällig")
    await s.shoot(dark, "heute-dunkel")


async def capture(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await jana.tap("Erfassen")
    await jana.sees("Worum ging es?")
    await jana.tap("18–20")
    await jana.tap("Ausbildung")
    await s.shoot(jana, "erfassen")
    await jana.type("Notiz", "Sucht einen Ausbildungsplatz im Handwerk.")
    await s.shoot(jana, "erfassen-notiz")
    await jana.tap("Gruppe")
    for _ in range(3):
        await jana.tap(re.compile("^14–17, weiblich"))
    await jana.tap(re.compile("^18–20, männlich"))
    await s.shoot(jana, "erfassen-gruppe")
    await jana.tap(re.compile("^Entwurf verwerfen|^Verwerfen"))


async def outing(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await jana.tap("Einsatz", "button")
    await jana.sees("Wetter")
    await s.shoot(jana, "einsatz")


async def persons(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await jana.tap("Menschen")
    await jana.sees(re.compile("^Meine [0-9]"))
    await s.shoot(jana, "menschen")
    await jana.tap("Alle")
    await jana.sees(re.compile("^Alle [0-9]"))
    first = next(n for n in await jana.nodes() if n.role == "button" and n.y > 220 and n.width > 300)
    await jana.page.mouse.click(first.x + 120, first.y + first.height / 2)
    await jana.sees("Was war")
    await s.shoot(jana, "akte")
    await jana.tap("Mehr zu dieser Person")
    await jana.tap("Einwilligung festhalten")
    await jana.sees("Wofür?")
    await s.shoot(jana, "einwilligung")
    await jana.tap("Zeigen und unterschreiben lassen")
    await jana.sees("Dürfen wir das aufschreiben?")
    await s.shoot(jana, "frage-de")
    await jana.tap("العربية")
    await jana.sees("وقّع هنا بإصبعك")
    await s.shoot(jana, "frage-ar")


async def sharing(s: Studio) -> None:
    """Offered by the outreach worker; the office at the other site finds it on *Heute*."""
    jana = await s.sit("outreach", "phone")
    await jana.tap("Menschen")
    await jana.sees(re.compile("^Meine [0-9]"))
    first = next(n for n in await jana.nodes() if n.role == "button" and n.y > 220 and n.width > 300)
    await jana.page.mouse.click(first.x + 120, first.y + first.height / 2)
    await jana.sees("Was war")
    await jana.tap("Mehr zu dieser Person")
    await jana.tap("Teilen oder übergeben")
    await jana.tap(re.compile("^Jugendbüro Nürtingen"))
    await jana.tap("Der junge Mensch ist einverstanden")
    await jana.type("Warum?", "Zieht zur Tante um und will dort weitermachen.")
    await s.shoot(jana, "teilen")
    await jana.tap("Anbieten")
    await jana.sees(re.compile("^Angeboten: "))
    office = await s.sit("office", "phone")
    await office.tap(re.compile("^Angebot von "))
    await office.sees("Annehmen")
    await s.shoot(office, "angebot")


async def encounters(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await more(jana, "Begegnungen")
    await jana.sees(re.compile("Einzelgespräch|Gruppe"))
    await s.shoot(jana, "begegnungen")
    await jana.tap("Filtern")
    await jana.sees("Erfasst von")
    await s.shoot(jana, "filter")
    await jana.page.keyboard.press("Escape")


async def two_versions(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await more(jana, "Begegnungen")
    await jana.tap(re.compile("zwei Fassungen"), "button")
    await jana.sees("Entscheiden")
    await s.shoot(jana, "begegnung")
    await jana.tap("Entscheiden")
    await jana.sees("Auf zwei Geräten geändert")
    await s.shoot(jana, "zwei-fassungen")
    await jana.tap("Zurück")
    await jana.tap(re.compile("^Verlauf ansehen"))
    await jana.sees("Verlauf")
    await s.shoot(jana, "verlauf")


async def questions(s: Studio) -> None:
    tom = await s.sit("office", "phone")
    await tom.sees("Fällig")
    await s.shoot(tom, "heute-buero")
    await tom.tap("Ansehen")
    await tom.tap("Antworten")
    await tom.sees("Ihre Antwort")
    await s.shoot(tom, "rueckfrage")


async def reviewing(s: Studio) -> None:
    sabine = await s.sit("supervisor", "wide")
    await sabine.tap(re.compile("^Prüfen"), "button")
    await sabine.tap(re.compile("Antwort da"), "button")
    await sabine.sees("Freigeben")
    await s.shoot(sabine, "pruefen")
    await sabine.tap("Auswertung")
    await sabine.settled()
    await sabine.sees("Datenstand")
    await s.shoot(sabine, "auswertung")


async def accesses(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await jana.tap("Menschen")
    for line in range(2):
        await jana.sees(re.compile("^Meine [0-9]"))
        files = [n for n in await jana.nodes() if n.role == "button" and n.y > 220 and n.width > 300]
        await jana.page.mouse.click(files[line].x + 120, files[line].y + files[line].height / 2)
        await jana.sees("Was war")
        await jana.tap("Zurück")
    await more(jana, "Synchronisation")
    await jana.tap("Jetzt versuchen")
    await jana.settled()
    sabine = await s.sit("supervisor", "phone")
    await more(sabine, "Zugriffe")
    await sabine.sees(re.compile("Jana Keller: Akte geöffnet"))
    await s.shoot(sabine, "zugriffe")


async def devices(s: Studio) -> None:
    jana = await s.sit("outreach", "phone")
    await jana.tap("Mehr")
    await jana.sees("Begegnungen")
    await s.shoot(jana, "mehr")
    await jana.tap(re.compile("^Synchronisation"))
    await jana.sees("Jetzt versuchen")
    await s.shoot(jana, "synchronisation")
    await more(jana, "Einstellungen")
    await jana.sees("Aussehen")
    await s.shoot(jana, "einstellungen")
    await more(jana, "Wiedervorlagen")
    await jana.sees("Überfällig")
    await s.shoot(jana, "wiedervorlagen")
    await more(jana, "Suche")
    await jana.sees("Wonach suchen Sie?")
    await jana.type("Suchen", "Praktikum")
    await jana.sees(re.compile("^Begegnung, .*Praktikum", re.DOTALL))
    await s.shoot(jana, "suche")


async def first_start(s: Studio) -> None:
    with tempfile.TemporaryDirectory() as home:
        async with opened(Path(home) / "neu") as url:
            new = await s.people.sit_down(url, size="phone")
            await new.sees("Mit Code anmelden")
            await s.shoot(new, "erster-start")
            await new.tap(re.compile("^Mit Code anmelden"))
            await s.shoot(new, "mit-code")
            await new.tap("Zurück")
            await new.tap(re.compile("^Organisation anlegen"))
            await s.shoot(new, "organisation-anlegen")


async def inviting(s: Studio) -> None:
    homes = Path(s.device("outreach")["home"]).parent
    about = not_shown("admin", homes.parent)
    secret = about["passphrase"]
    async with opened(homes / about["folder"]) as url:
        ada = await s.people.sit_down(url, size="phone")
        await ada.sees(BEFORE_UNLOCK)
        await ada.type("Passphrase", secret)
        await ada.tap("Entsperren")
        await ada.sees(re.compile("Wiederherstellungsblatt|Mehr"))
        if await ada.reads("Wiederherstellungsblatt"):
            await s.shoot(ada, "wiederherstellungsblatt")
            await ada.tap(re.compile("^Das Blatt ist auf Papier"))
            await ada.tap("Weiter")
        await ada.sees("Mehr")
        await more(ada, "Team und Geräte")
        await ada.sees("Jana Keller")
        await s.shoot(ada, "team")
        await ada.tap(re.compile("einladen", re.IGNORECASE))
        await ada.type("Name", "Nora Berg")
        await s.shoot(ada, "einladen")


async def erasing(s: Studio) -> None:
    await deletion.shoot_all(s.people, s.shoot)


async def losing(s: Studio) -> None:
    await keys.shoot_all(s.people, s.shoot)


def not_shown(key: str, demo: Path) -> dict[str, str]:
    """The device of somebody that the demo does not open."""
    about = json.loads((demo / "demo.json").read_text("utf-8"))
    found: dict[str, str] = next(device for device in about["devices"] if device["key"] == key)
    return found


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[str]:
    """One more device of this machine."""
    port = free_port(0)
    command = [tool("goes-mobile"), "--home", str(home), "app", "--web", "--port", str(port)]
    quiet = asyncio.subprocess.DEVNULL
    running = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    try:
        for _ in range(300):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        await running.wait()


SCENES: tuple[Callable[[Studio], Awaitable[None]], ...] = (
    first_screens, capture, outing, persons, sharing, encounters, two_versions, questions, reviewing, accesses, devices,
    first_start, inviting, erasing, losing,
)  # fmt: skip


async def main(ready: dict[str, Any], names: list[str]) -> int:
    failed = 0
    browser = chromium.find()
    assert browser is not None, chromium.MISSING
    async with people(browser) as sitting:
        studio = Studio(ready, sitting, HERE)
        for scene in [scene for scene in SCENES if not names or scene.__name__ in names]:
            try:
                await scene(studio)
            except Exception:
                failed = 1
                print(f"scene {scene.__name__}:", traceback.format_exc()[-2500:])
            for context in sitting.contexts:
                await context.close()
            sitting.contexts.clear()
    return failed


def ready_line(path: Path) -> dict[str, Any]:
    line = next(line for line in path.read_text("utf-8").splitlines() if line.startswith('{"ready"'))
    ready: dict[str, Any] = json.loads(line)["ready"]
    return ready


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(ready_line(Path(sys.argv[1])), sys.argv[2:])))
