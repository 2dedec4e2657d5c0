"""One tap and its way back in the file; the end of an accompaniment; the screen that is turned round."""

from __future__ import annotations

from datetime import timedelta

from goes_mobile.services import people
from goes_mobile.services.people import PersonForm
from goes_mobile.state import people as state
from goes_mobile.state.casework import CaseEnding, CaseworkActions
from goes_mobile.state.client_view import WayBack
from goes_mobile.state.people import PersonFile
from tests.state.team import SECRET, Team


async def test_an_accompaniment_is_begun_and_ended_from_the_file(team: Team):
    admin = team.admin
    falke = await admin.do(people.create, PersonForm(alias="Falke"))
    actions, file = CaseworkActions(admin.app), PersonFile(admin.app, falke)

    case = await actions.begin(falke)
    assert await actions.begin(falke) == ""  # two taps are one beginning
    await actions.drop(case)
    await file.reload()
    assert file.work is not None
    assert file.work.case is None

    case = await actions.begin(falke)
    view = CaseEnding(admin.app, case)
    await view.reload()
    assert await view.save() == ""
    assert view.errors == {"end_reason": "required"}
    view.set("end_reason", "moved_away")
    view.set("destination", "moved_away")
    assert view.errors == {}
    outcome = await view.save()
    await file.reload()
    assert [one.state for one in file.work.earlier] == ["closed"]
    await actions.reopen(case, outcome)
    await file.reload()
    assert file.work.case is not None

    gone = CaseEnding(admin.app, "nothing")
    await gone.reload()
    assert gone.missing


async def test_a_long_story_comes_in_parts(team: Team):
    admin = team.admin
    falke = await admin.do(people.create, PersonForm(alias="Falke"))
    for days in range(state.MOMENTS + 5):
        await admin.note(people=[falke], at=team.clock.now - timedelta(days=days))
    file = PersonFile(admin.app, falke)

    await file.reload()
    assert file.view is not None
    assert (len(file.view.timeline), file.view.happened) == (state.MOMENTS, state.MOMENTS + 5)
    await file.more()
    assert len(file.view.timeline) == state.MOMENTS + 5


async def test_the_way_back_asks_who_is_there(team: Team):
    view = WayBack(team.admin.app)
    await view.reload()
    view.type("nicht die richtige")
    await view.open()
    assert (view.passed, view.problem) == (False, "wrong_pin")
    view.type(SECRET)
    await view.open()
    assert view.passed
    assert team.admin.app.status.phase == "open"  # it never was locked
