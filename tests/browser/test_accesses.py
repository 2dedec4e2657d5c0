"""Who opened Falke's file? A supervisor looks it up, narrows it, and finds it from the file too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from goes_mobile.state.people import PersonFile
from tests.browser.harness import People
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/accesses")


async def test_a_supervisor_sees_who_opened_a_file(office: Office, staff: People):
    await office.jana.app.unlock(SECRET)
    await PersonFile(office.jana.app, office.falke).reload()
    await office.lock()
    await office.team.exchange()
    with office.served(office.sabine) as url:
        sabine = await staff.sit_down(url, size="phone")
        await sabine.unlock(SECRET)
        await sabine.tap("Mehr")
        await sabine.tap(re.compile("^Zugriffe"))
        await sabine.sees("Jana Keller: Akte geöffnet")
        await sabine.fits(PICTURES / "list.png")
        await sabine.tap("Was")
        await sabine.tap("Dokument geöffnet")
        await sabine.sees("Nichts in dieser Auswahl")
        await sabine.fits(PICTURES / "none.png")
        await sabine.tap("Alle zeigen")
        await sabine.sees("Jana Keller: Akte geöffnet")

        await sabine.tap("Menschen")
        await sabine.tap(re.compile("^Falke"))
        await sabine.tap("Mehr zu dieser Person")
        await sabine.tap("Wer hat diese Akte geöffnet?")
        await sabine.sees("Jana Keller: Akte geöffnet")
        await sabine.sees("Sabine Wolf: Akte geöffnet")
        await sabine.fits(PICTURES / "file.png")
