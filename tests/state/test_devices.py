"""Team und Geräte: a device is ended, somebody leaves, late work is decided about."""

from __future__ import annotations

from goes_mobile.protocol.ids import device_id
from goes_mobile.services import device_names, history, sync_view, tasks
from goes_mobile.services.tasks import TaskForm
from goes_mobile.state.colleagues import Colleagues
from goes_mobile.state.devices import Decisions, MemberDevices
from goes_mobile.store.change import Change
from goes_mobile.sync.state import SyncState
from goes_mobile.ui.text import catalogue
from tests.state.team import Team


async def test_a_lost_device_is_ended_with_a_reason(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    view = MemberDevices(team.admin.app, jana.member)
    await view.reload()
    [line] = view.devices
    assert (line.state, line.refused, line.here) == ("active", "", False)
    assert await view.end(line.id, "lost")
    [line] = view.devices
    assert (line.state, line.reason) == ("revoked", "lost")
    assert not view.may_leave
    assert not await view.end(line.id, "lost")
    assert view.trouble == "already_revoked"


async def test_a_device_has_a_name_that_its_holder_and_administrators_change(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    for one in (jana, sabine, jana):
        await one.do(device_names.first, "android")
        await team.exchange()
    note = await jana.note("Am Bahnhof.")
    await team.exchange()
    [row] = await sabine.ask(history.rows, "encounter", note)
    assert row.called == "Android-Gerät Workmobil", "the second call gave it no other"
    seen = [await sabine.ask(device_names.called, one.store.device.hex()) for one in (jana, sabine, team.admin)]
    assert seen == ["Android-Gerät Workmobil", "Android-Gerät Workmobil 2", ""]

    device = jana.store.device.hex()
    for one, name in ((jana, "Tablet Workmobil"), (team.admin, "Tablet 3")):
        view = MemberDevices(one.app, jana.member)
        await view.reload()
        assert [line.may_rename for line in view.devices] == [True]
        assert await view.rename(device, name), view.trouble
        await team.exchange()
        assert await sabine.ask(device_names.called, device) == name
    view = MemberDevices(sabine.app, jana.member)
    assert not await view.rename(device, "Meins")
    assert view.trouble == "not_your_device"
    await sabine.do(lambda desk: [Change("device", device_id(jana.store.device), {"name": "Meins"})])
    await team.exchange()
    assert await jana.ask(device_names.called, device) == "Tablet 3", "a modified program names no other's"


async def test_the_own_device_and_anybody_above_are_not_offered(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    for viewer, member, code in ((team.admin, team.admin, "own_device"), (jana, team.admin, "not_yours")):
        view = MemberDevices(viewer.app, member.member)
        await view.reload()
        assert [line.refused for line in view.devices] == [code]
        assert not view.may_leave
        assert f"refused.{code}" in catalogue("de")


async def test_who_leaves_is_ended_everywhere_and_leaves_tasks_to_see(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    await team.admin.do(tasks.create, TaskForm(title="Rückruf", assignee=jana.member))
    view = MemberDevices(team.admin.app, jana.member)
    await view.reload()
    assert [task.name for task in view.tasks] == ["Rückruf"]
    assert view.may_leave
    assert await view.leave(None)
    assert [line.state for line in view.devices] == ["revoked"]
    assert view.line is not None
    assert not view.line.active
    team_page = Colleagues(team.admin.app)
    await team_page.reload()
    assert [one.line.id for one in team_page.left] == [view.line.id]
    assert view.line.id not in {one.line.id for one in team_page.lines or ()}
    assert not view.may_leave
    assert [line.assignee for line in await team.admin.ask(tasks.lines, "site")] == [None]


async def test_a_colleague_of_the_same_site_takes_the_tasks_over_and_gives_them_back(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    await team.enrol("Tom Brandt", "office", "jugendbuero-nuertingen")
    for title in ("Rückruf", "Antrag"):
        await jana.do(tasks.create, TaskForm(title=title))
    await jana.do(tasks.done, (await jana.ask(tasks.lines, "mine"))[0].id)
    await team.exchange()
    view = MemberDevices(sabine.app, jana.member)
    await view.reload()
    assert len(view.tasks) == 1
    names = [colleague.name for colleague in view.heirs]
    assert (sabine.name in names, jana.name in names, "Tom Brandt" in names) == (True, False, False)
    assert await view.leave(sabine.member)
    await view.reload()
    assert view.tasks == []
    [task] = await sabine.ask(tasks.lines, "mine")
    assert task.assignee is not None
    assert task.assignee.name == sabine.name
    await view.take_back()
    await view.reload()
    assert [task.id for task in view.tasks] == [task.id]
    assert not view.may_leave


async def test_late_work_is_read_and_taken_over(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    view = MemberDevices(sabine.app, jana.member)
    await view.reload()
    assert await view.end(view.devices[0].id, "stolen")
    await team.exchange(team.admin, sabine)
    await jana.note("Im Funkloch geschrieben")
    await team.exchange(jana)
    await team.exchange(team.admin, sabine)
    hints = {hint.code: hint.facts["count"] for hint in (await sabine.ask(sync_view.overview, SyncState())).hints}
    assert hints["late"] > 0
    assert "held" not in hints
    late = Decisions(sabine.app)
    await late.reload()
    assert late.works is not None
    [work] = late.works
    assert (work.name, work.reason, work.unreadable) == ("Jana Keller", "stolen", 0)
    said = [line for record in work.records for line in record.lines]
    assert {("Notiz", "Im Funkloch geschrieben"), ("Themen", "Schule")} <= set(said)
    assert "Funkloch" not in repr(work)
    assert await late.decide(work, True)
    assert late.works == []
    await team.exchange(team.admin, sabine)
    notes = await team.admin.ask(lambda desk: [hit.kind for hit in desk.archive.search("Funkloch")])
    assert notes == ["encounter"]


async def test_an_administrator_does_not_decide(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    view = MemberDevices(team.admin.app, jana.member)
    await view.reload()
    await view.end(view.devices[0].id, "lost")
    await team.exchange(team.admin)
    await jana.note("Zu spät")
    await team.exchange(jana)
    await team.exchange(team.admin)
    late = Decisions(team.admin.app)
    await late.reload()
    assert late.works
    assert not await late.decide(late.works[0], True)
    assert late.trouble == "supervisors_only"
