"""Documents in a file, on the screen: added, looked at, given out after a question, deleted and brought back."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from goes_mobile.services import attachments
from goes_mobile.state.app import App
from goes_mobile.state.parts import Picked
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.browser.harness import People, people, served
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/documents")


class Album:
    """What somebody has on their tablet, and where they save."""

    def __init__(self) -> None:
        self.next = Picked("Werkstatt.jpg", picture())
        self.saved: list[str] = []

    async def choose(self, endings: Sequence[str], most: int) -> Picked | None:
        return self.next

    async def save(self, name: str, content: bytes) -> str | None:
        self.saved.append(name)
        return name


def picture() -> bytes:
    drawn = Image.new("RGB", (900, 600), "#0B5A5E")
    ImageDraw.Draw(drawn).ellipse((250, 100, 650, 500), fill="#F2B84B")
    out = io.BytesIO()
    drawn.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def staff(chromium: Path) -> AsyncIterator[People]:
    async with people(chromium) as sitting:
        yield sitting


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    found = await Office.open(tmp_path)
    await found.work()
    certificate = attachments.prepare("Hauptschulzeugnis 2026.pdf", b"%PDF-1.7" + bytes(400_000))
    await found.jana.do(attachments.add, found.falke, certificate, "certificate")
    await found.lock()
    yield found
    await found.close()


async def test_documents_come_stay_and_go(office: Office, staff: People):
    album, session = Album(), office.session(office.jana)

    def start() -> App:
        app = session()
        app.files = album
        return app

    with served(opener(start, lambda: Appearance(still=True))) as url:
        jana = await staff.sit_down(f"{url}/people/{office.falke}", size=(390, 844))
        await jana.type("Passphrase", SECRET)
        await jana.tap("Entsperren")
        await jana.sees(re.compile(r"^Hauptschulzeugnis 2026\.pdf"))
        await jana.tap("Hinzufügen")
        await jana.tap("Foto")
        await jana.sees(re.compile("Werkstatt.jpg ansehen"))
        await jana.picture(PICTURES / "list-phone.png")
        assert (await jana.too_small(), jana.outside) == ([], [])
        await jana.tap(re.compile("^Werkstatt.jpg ansehen"))
        await jana.sees("Schließen")
        await jana.picture(PICTURES / "opened-phone.png")
        await jana.tap("Schließen")
        await jana.tap("Mehr zu Hauptschulzeugnis 2026.pdf")
        await jana.tap("Als Datei herausgeben")
        await jana.sees("Aus dem geschützten Bereich herausgeben?")
        await jana.picture(PICTURES / "question-phone.png")
        assert album.saved == []
        await jana.tap("Herausgeben")
        await jana.sees(re.compile("Herausgegeben: Hauptschulzeugnis"))
        assert album.saved == ["Hauptschulzeugnis 2026.pdf"]
        await jana.tap("Mehr zu Werkstatt.jpg")
        await jana.tap("Löschen")
        await jana.sees(re.compile("Werkstatt.jpg ist gelöscht"))
        await jana.tap("Rückgängig")
        await jana.sees(re.compile("Werkstatt.jpg ansehen"))
