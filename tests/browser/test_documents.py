"""Documents in a file, on the screen: added, looked at, given out after a question, deleted and brought back."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from goes_mobile.services import attachments
from goes_mobile.state.parts import Picked
from tests.browser.harness import People
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/documents")


class Album:
    """What somebody has on their tablet, and where they save."""

    def __init__(self) -> None:
        self.next = Picked("Werkstatt.jpg", picture())
        self.saved: list[str] = []

    async def choose(self, most: int, endings: Sequence[str] = ()) -> Picked | None:
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
async def office(founded: Office) -> Office:
    """Falke's certificate is there."""
    await founded.work()
    certificate = attachments.prepare("Hauptschulzeugnis 2026.pdf", b"%PDF-1.7" + bytes(400_000))
    await founded.jana.do(attachments.add, founded.falke, certificate, "certificate")
    await founded.lock()
    return founded


async def test_documents_come_stay_and_go(office: Office, staff: People):
    office.files = album = Album()
    with office.served(office.jana) as url:
        jana = await staff.sit_down(f"{url}/people/{office.falke}", size=(390, 844))
        await jana.unlock(SECRET)
        await jana.sees(re.compile(r"^Hauptschulzeugnis 2026\.pdf"))
        await jana.tap("Hinzufügen")
        await jana.tap("Foto")
        await jana.sees(re.compile("Werkstatt.jpg ansehen"))
        await jana.fits(PICTURES / "list-phone.png")
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
