"""A scene of its own: an office where something is to be deleted, kept, disclosed; the demo has nothing of that yet."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from goes_mobile.services import attachments, deletion, holds, people
from goes_mobile.services.people import PersonForm
from goes_mobile.store.change import Change
from tests.browser.harness import People, Person
from tests.browser.room import SECRET, Office
from tests.fakes.device import FakeFiles
from tests.state.team import Clock, Colleague

Shoot = Callable[[Person, str], Awaitable[None]]


async def shoot_all(sitting: People, shoot: Shoot) -> None:
    with tempfile.TemporaryDirectory() as home:
        office = await _office(Path(home))
        try:
            with office.served(office.sabine) as url:

                async def sit(path: str) -> Person:
                    """A window for each: a second page in one window stays blank where Chromium draws without a GPU."""
                    person = await sitting.sit_down(url + path, size="phone")
                    await person.type("Passphrase", SECRET)
                    await person.tap("Entsperren")
                    return person

                orders = await sit("/more/deletions")
                await orders.sees("Wartet auf Freigabe")
                await shoot(orders, "loeschantraege")
                calendar = await sit("/more/calendar")
                await calendar.sees("In den nächsten 90 Tagen")
                await shoot(calendar, "loeschkalender")
                disclosure = await sit(f"/people/{office.falke}/disclosure")
                await disclosure.sees("Was gespeichert ist")
                await shoot(disclosure, "auskunft")
                file = await sit(f"/people/{office.falke}")
                await file.sees("Dokumente")
                await file.page.mouse.move(195, 500)
                for _ in range(20):
                    if any(node.name == "Angaben" and node.y < 760 for node in await file.nodes()):
                        break
                    await file.page.mouse.wheel(0, 120)
                    await file.settled()
                await file.page.mouse.move(0, 0)
                await shoot(file, "dokumente")
        finally:
            await office.close()


async def _office(home: Path) -> Office:
    now, clock = datetime.now(UTC), Clock()
    clock.now = now - timedelta(days=1080)
    office = await Office.open(home, clock)
    jana, sabine = office.jana, office.sabine
    await jana.do(people.create, PersonForm("Kolibri"))
    kept = await jana.do(people.create, PersonForm("Reiher"))
    clock.now = now
    await office.work()
    luna = next(line.id for line in (await jana.ask(people.lines, "all")).lines if line.alias == "Luna")
    for name, content, kind in (
        ("Werkstatt.jpg", _photo(), "photo"), ("Hauptschulzeugnis.pdf", b"%PDF-1.7" + bytes(400_000), "certificate")
    ):  # fmt: skip
        await sabine.do(attachments.add, office.falke, attachments.prepare(name, content), kind)
    slipped = await jana.note("Kevin Z. war da.", at=now - timedelta(days=2), place_note="Plochingen ZOB")
    moved = [await jana.note("Notiz", at=now - timedelta(days=n + 3)) for n in range(3)]
    await office.team.exchange()
    for note in moved:
        await jana.app.profile.lane(jana.store.write, [Change("encounter", note, {"people": [office.falke]})])
        await jana.app.profile.lane(jana.store.orders.follow)
    await _ask(jana, "encounter", slipped, "name_slipped_in", "Der Name steht im Text.")
    await _ask(jana, "young_person", luna, "by_request", "Hat heute angerufen.")
    await office.team.exchange()
    until = (now + timedelta(days=200)).date()
    await sabine.do(holds.hold, kept, "Jugendgerichtsverfahren läuft.", until)
    office.files = FakeFiles()
    await office.lock()
    return office


async def _ask(who: Colleague, kind: str, record: str, reason: str, text: str) -> None:
    await who.app.do_then(
        lambda desk: deletion.propose(desk, kind, record, reason), deletion.request, kind, record, reason, text
    )


def _photo() -> bytes:
    drawn, out = Image.new("RGB", (900, 600), "#0B5A5E"), BytesIO()
    ImageDraw.Draw(drawn).ellipse((250, 100, 650, 500), fill="#F2B84B")
    drawn.save(out, "JPEG")
    return out.getvalue()
