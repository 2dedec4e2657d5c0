"""What is written for supervisors, also before the first one has come: nothing of it is lost, and whom it waits for."""

from __future__ import annotations

from goes_mobile.services import scripting
from goes_mobile.sync import recovery
from tests.state.team import Colleague, Team


async def concern(one: Colleague, signs: str) -> None:
    await one.set("protection_concern", at="2026-11-24T11:00:00+01:00", signs=signs, urgency="today")


async def signs(one: Colleague) -> list[str]:
    return sorted(row["signs"] for row in await one.ask(scripting.listed, "protection_concern"))


async def test_the_first_supervisor_reads_what_comes_and_by_the_sheet_what_was_before(team: Team) -> None:
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    ben = await team.enrol("Ben Kurz", "outreach", "workmobil")
    await concern(jana, "vorher")
    await team.exchange()
    assert (jana.store.begin_led(), team.admin.store.begin_led()) == (0, 0), "who is no supervisor lets nobody in"
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    assert sabine.store.begin_led() == 1
    assert sabine.store.begin_led() == 0
    await concern(ben, "von Ben")
    await concern(jana, "nachher")
    await team.exchange()
    assert await signs(sabine) == ["nachher", "von Ben"]
    assert recovery.hand_out(team.admin.store, team.sheet) > 0
    await team.exchange()
    assert await signs(sabine) == ["nachher", "von Ben", "vorher"], "by the sheet alone"
    assert (await signs(jana), await signs(ben), await signs(team.admin)) == (["nachher", "vorher"], ["von Ben"], [])
    assert sabine.store.counts().held == 0
