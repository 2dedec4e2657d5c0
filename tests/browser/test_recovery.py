"""Jana has forgotten her passphrase; Sabine helps with her own tablet. And the first start with the sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.state.app import App
from goes_mobile.store import resetting
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.browser.harness import People, served
from tests.browser.room import SECRET, Office, empty_profile
from tests.fakes.entrance import FakeEntrance

pytestmark = pytest.mark.browser
PICTURES = Path("build/pictures/screens")
NEW = "ganz neu ausgedacht"


async def test_a_forgotten_passphrase(office: Office, staff: People):
    with office.served(office.jana) as hers, office.served(office.sabine) as supervisors:
        jana = await staff.sit_down(hers, size="phone")
        await jana.tap("Passphrase vergessen?")
        await jana.type("Neu", NEW)
        await jana.type("Noch einmal", NEW)
        await jana.picture(PICTURES / "forgotten-new.png")
        await jana.tap("Code zeigen")
        await jana.sees("Antwort der Leitung")
        await jana.fits(PICTURES / "forgotten-code.png")

        sabine = await staff.sit_down(supervisors, size="tablet")
        await sabine.unlock(SECRET)
        await sabine.tap("Mehr")
        await sabine.tap("Team und Geräte")
        await sabine.tap("Beim Entsperren helfen")
        code = resetting.asked(office.jana.store)
        await sabine.type("Code des gesperrten Geräts", code)
        await sabine.tap("Wem gehört der Code?")
        await sabine.sees("Jana Keller, Workmobil")
        await sabine.picture(PICTURES / "helping-who.png")
        await sabine.tap("Ja, das ist Jana Keller")
        await sabine.sees("Antwort für Jana Keller")
        await sabine.fits(PICTURES / "helping-answer.png")
        told = [node.name for node in await sabine.nodes() if node.name.startswith("Gruppe ")]
        answer = "-".join(name.split(": ")[1].replace(" ", "") for name in told)

        await jana.type("Antwort der Leitung", answer)
        await jana.picture(PICTURES / "forgotten-answer.png")
        await jana.tap("Entsperren")
        await jana.sees("Fällig")


async def test_the_way_back_with_the_sheet(tmp_path: Path, staff: People):
    profile = empty_profile(tmp_path / "neu")
    entrance = FakeEntrance()
    with served(opener(lambda: App([profile], entrance=entrance), lambda: Appearance(still=True))) as url:
        ada = await staff.sit_down(url, size="phone")
        await ada.tap("Mit dem Wiederherstellungsblatt")
        await ada.type("Adresse des Servers", "sync.landkreis.de")
        await ada.type("Gruppen auf dem Blatt", RecoverySheet(bytes(range(32))).words)
        await ada.fits(PICTURES / "first-recover.png")
        await ada.type("Passphrase", NEW)
        await ada.type("Passphrase noch einmal", NEW)
        await ada.tap("Wiederherstellen")
        await ada.sees("Willkommen, Ada")
    await profile.close()
