"""Wiedervorlagen: done, put off, handed over, and all of it undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import people
from goes_mobile.services.people import PersonForm
from goes_mobile.state.tasks import NewTask, TaskActions, TaskList
from tests.state.team import Team


async def _list(team: Team, which: str = "mine", who: int = 0) -> list[tuple[str, str]]:
    view = TaskList(team.people[who].app)
    await view.choose(which)  # type: ignore[arg-type]
    assert view.lines is not None
    return [(line.title, line.when) for line in view.lines]


async def _new(team: Team, title: str, **values: object) -> str:
    form = NewTask(team.admin.app)
    await form.reload()
    await form.set("title", title)
    for name, value in values.items():
        await form.set(name, value)
    assert await form.save()
    view = TaskList(team.admin.app)
    await view.choose("site")
    assert view.lines is not None
    return next(line.id for line in view.lines if line.title == title)


async def test_what_is_done_can_be_opened_again(team: Team):
    task = await _new(team, "Anrufen", due=team.clock.now.date())
    actions = TaskActions(team.admin.app)
    await actions.finish(task)
    assert await _list(team) == []
    assert await _list(team, "done") == [("Anrufen", "done")]
    await actions.reopen(task)
    assert await _list(team) == [("Anrufen", "today")]


async def test_putting_off_goes_forward_and_undoing_it_back(team: Team):
    today = team.clock.now.date()
    task = await _new(team, "Anrufen", due=today - timedelta(days=2))
    assert await _list(team) == [("Anrufen", "overdue")]
    actions = TaskActions(team.admin.app)
    await actions.postpone(task, today + timedelta(days=3))
    assert await _list(team) == [("Anrufen", "soon")]
    with pytest.raises(InputRefused, match="in_the_past"):
        await actions.postpone(task, today - timedelta(days=1))
    await actions.put_back(task, today - timedelta(days=2))
    assert await _list(team) == [("Anrufen", "overdue")]


async def test_handing_over_moves_it_to_a_colleagues_list(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    await team.enrol("Nora Beck", "office", "jugendbuero-nuertingen")
    task = await _new(team, "Anrufen")
    actions = TaskActions(team.admin.app)
    await actions.reload()
    assert [c.name for c in actions.colleagues] == ["Petra Amann", "Jana Keller", "Nora Beck"]
    await actions.assign(task, jana.member)
    await team.exchange()
    assert await _list(team) == []
    assert await _list(team, "site") == [("Anrufen", "none")]
    assert await _list(team, "mine", 1) == [("Anrufen", "none")]


async def test_a_new_task_is_mine_unless_told_and_may_be_about_somebody(team: Team):
    falke = await team.admin.do(people.create, PersonForm(alias="Falke"))
    form = NewTask(team.admin.app, falke)
    await form.reload()
    assert form.about is not None
    assert form.about.alias == "Falke"
    assert form.values["assignee"] == team.admin.member
    assert not await form.save()
    assert form.errors == {"title": "required"}
    await form.set("title", "Anrufen")
    assert [line.alias for line in await form.find("Falk")] == ["Falke"]
    await form.set("person", None)
    assert form.about is None
    assert await form.save()
