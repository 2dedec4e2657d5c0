"""A scene of its own: a lost tablet and a forgotten passphrase, in an office that may lose them; the demo goes on."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from goes_mobile.store import resetting
from goes_mobile.sync.state import SyncState
from tests.browser.harness import People, Person
from tests.browser.room import SECRET, Office, Still

Shoot = Callable[[Person, str], Awaitable[None]]
NEW = "ganz neu ausgedacht"


async def shoot_all(sitting: People, shoot: Shoot) -> None:
    with tempfile.TemporaryDirectory() as home:
        office = await Office.open(Path(home))
        try:
            await office.work()
            await office.lock()
            await _forgotten(office, sitting, shoot)
            await _lost(office, sitting, shoot)
        finally:
            await office.close()


async def _forgotten(office: Office, sitting: People, shoot: Shoot) -> None:
    """Jana's tablet is in a dead spot with work on it; Sabine helps with hers."""
    await office.jana.app.unlock(SECRET)
    await office.jana.note("Ohne Netz aufgeschrieben.")
    await office.lock()
    for one in (office.jana, office.aylin):
        ago = office.team.clock() - 3 * 3_600_000
        one.app.profile.delivering = Still(SyncState("offline", one is office.jana, 40, last_contact_ms=ago))
    with office.served(office.jana, office.aylin) as shared, office.served(office.sabine) as supervisors:
        jana = await sitting.sit_down(shared, size="phone")
        await jana.sees("Wer arbeitet?")
        await shoot(jana, "wer-arbeitet")
        await jana.unlock(SECRET)
        await jana.sees("Fällig")
        await jana.tap("Sperren")
        await jana.sees("Weiter")
        await shoot(jana, "ruhe")
        await jana.tap("Weiter")
        await jana.tap("Passphrase vergessen?")
        await jana.type("Neu", NEW)
        await jana.type("Noch einmal", NEW)
        await jana.tap("Code zeigen")
        await jana.sees("Antwort der Leitung")
        await shoot(jana, "vergessen")
        sabine = await sitting.sit_down(supervisors + "/new/unlock", size="phone")
        await sabine.unlock(SECRET)
        await sabine.type("Code des gesperrten Geräts", resetting.asked(office.jana.store))
        await sabine.tap("Wem gehört der Code?")
        await sabine.sees("Jana Keller, Workmobil")
        await shoot(sabine, "helfen")
        await sabine.tap("Ja, das ist Jana Keller")
        await sabine.sees("Antwort für Jana Keller")
        await shoot(sabine, "helfen-antwort")


async def _lost(office: Office, sitting: People, shoot: Shoot) -> None:
    """Ended on Sabine's device; Jana wrote on in the dead spot, then her tablet hears of it."""
    jana, sabine, team = office.jana, office.sabine, office.team
    with office.served(sabine) as url:
        there = await sitting.sit_down(url + "/more/members", size="phone")
        await there.unlock(SECRET)
        await there.tap("Jana Keller")
        await there.tap("Gerät sperren")
        await there.sees("Warum sperren?")
        await shoot(there, "geraet-sperren")
        await there.tap("Verloren")
        await there.sees("Gerät von Jana Keller sperren?")
        await there.tap("Gerät sperren")
        await there.sees("Verloren")
        team.people.remove(jana)
        await team.exchange()
        await jana.app.unlock(SECRET)
        await jana.note("Will am Montag zur Probearbeit.", people=[office.falke])
        await team.exchange(jana)
        await team.exchange()
        late = await sitting.sit_down(url + "/more/sync/late", size="phone")
        await late.unlock(SECRET)
        await late.sees("Übernehmen")
        await shoot(late, "nachgeliefert")
    await jana.app.lock()
    await jana.app.profile.end()
    with office.served(jana) as url:
        tablet = await sitting.sit_down(url, size="phone")
        await tablet.sees("Dieses Gerät wurde gesperrt")
        await shoot(tablet, "geraet-gesperrt")
