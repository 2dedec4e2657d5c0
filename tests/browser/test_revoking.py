"""A lost tablet on the screen: revoked with a reason, its late work read and taken over; the tablet says why."""

from __future__ import annotations

import pytest

from goes_mobile.services import devices, tasks
from goes_mobile.services.tasks import TaskForm
from goes_mobile.store.revocation import late_entries
from tests.browser.harness import People
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser


@pytest.fixture
async def office(founded: Office) -> Office:
    await founded.team.exchange()
    return founded


async def test_a_lost_tablet(office: Office, staff: People):
    jana, sabine = office.jana, office.sabine
    await sabine.app.lock()
    with office.served(sabine) as url:
        there = await staff.sit_down(url, size="phone")
        await there.unlock(SECRET)
        await there.tap("Mehr")
        await there.tap("Team und Geräte")
        await there.tap("Jana Keller")
        await there.tap("Gerät sperren")
        await there.tap("Verloren")
        await there.sees("Gerät von Jana Keller sperren?")
        await there.tap("Gerät sperren")
        await there.sees("gesperrt")
        office.team.people.remove(jana)
        await office.team.exchange()
        await jana.note("Im Funkloch geschrieben.")
        office.team.people.append(jana)
        await office.team.exchange(jana)
        office.team.people.remove(jana)
        await office.team.exchange()
        await there.tap("Offline")
        await there.tap("1 nachgelieferter Eintrag wartet auf Ihre Entscheidung")
        await there.sees("Im Funkloch geschrieben.")
        await there.tap("Übernehmen")
        await there.tap("Übernehmen")
        await there.sees("Nichts zu entscheiden")
        assert late_entries(sabine.store) == []


async def test_who_leaves_is_asked_about_their_tasks(office: Office, staff: People):
    jana, sabine = office.jana, office.sabine
    await sabine.do(tasks.create, TaskForm(title="Rückruf beim Jobcenter", assignee=jana.member))
    await sabine.app.lock()
    with office.served(sabine) as url:
        there = await staff.sit_down(url, size="phone")
        await there.unlock(SECRET)
        await there.tap("Mehr")
        await there.tap("Team und Geräte")
        await there.tap("Jana Keller")
        await there.tap("Person scheidet aus")
        await there.sees("Wer übernimmt die offene Wiedervorlage?")
        await there.tap("Sabine Wolf")
        await there.sees("Die offene Wiedervorlage: Sabine Wolf.")
        await there.tap("Person scheidet aus")
        await there.sees("Jana Keller ist ausgeschieden")
        await there.tap("Übergabe zurücknehmen")
        await there.sees("Rückruf beim Jobcenter")


async def test_the_tablet_says_why(office: Office, staff: People):
    jana = office.jana
    line = next(d for d in await office.team.admin.ask(devices.devices, office.team.admin.store) if d.name == jana.name)
    await office.team.admin.app.profile.lane(devices.end_device, office.team.admin.store, line.id, "stolen")
    await office.team.exchange()
    await jana.app.lock()
    await jana.app.profile.end()
    office.team.people.remove(jana)
    with office.served(jana) as url:
        there = await staff.sit_down(url, size="tablet")
        await there.sees("Dieses Gerät wurde gesperrt")
        await there.sees("Gestohlen")
        await there.tap("Neu einrichten")
        await there.sees("Dieses Gerät einrichten")
