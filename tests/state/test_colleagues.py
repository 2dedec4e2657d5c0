"""Team und Geräte, and the search: who is here, how somebody comes in, where a word stands."""

from __future__ import annotations

from datetime import timedelta

from goes_mobile.protocol.codes import read
from goes_mobile.protocol.problems import NotReachable
from goes_mobile.services import people, tasks
from goes_mobile.services.people import PersonForm
from goes_mobile.services.tasks import TaskForm
from goes_mobile.state.colleagues import Colleagues, Invitation
from goes_mobile.state.look_up import LookUp
from tests.fakes.entrance import FakeEntrance
from tests.state.team import Team


async def test_members_with_their_devices(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    view = Colleagues(team.admin.app)
    await view.reload()
    assert view.lines is not None
    assert [(c.line.name, c.devices, c.invited) for c in view.lines] == [
        ("Jana Keller", 1, False), ("Petra Amann", 1, False),
    ]  # fmt: skip
    await view.rename(jana.member, "Jana Kern")
    await view.reload()
    assert view.lines[0].line.name == "Jana Kern"


async def test_an_invite_needs_a_name_a_site_and_the_server(team: Team):
    app = team.admin.app
    app.entrance = entrance = FakeEntrance()
    view = Invitation(app)
    await view.reload()
    assert view.sites == ["workmobil"]
    assert not await view.invite()
    assert view.errors == {"name": "required"}
    view.type_name("Selma Öz")
    view.toggle("workmobil", False)
    assert not await view.invite()
    assert view.errors == {"sites": "required"}
    view.toggle("jugendbuero-nuertingen", True)
    entrance.fails = NotReachable("server_down")
    assert not await view.invite()
    assert (view.trouble, view.code, view.busy) == ("server_down", "", False)
    assert await view.invite()
    assert entrance.asked[-1] == ("invite", "outreach", ("jugendbuero-nuertingen",), "Selma Öz", 72.0)
    assert len(read(view.code, 16)) == 16
    assert view.expires is not None
    assert view.expires == team.clock.now + timedelta(hours=72)
    assert view.code not in repr(view)


async def test_a_search_leads_to_what_can_be_opened(team: Team):
    app = team.admin.app
    falke = await team.admin.do(people.create, PersonForm(alias="Falke"))
    record = await team.admin.note("Sucht ein Praktikum beim Friseur.")
    await team.admin.do(tasks.create, TaskForm(title="Friseur anrufen", person=falke))
    view = LookUp(app)
    await view.search("F")
    assert view.hits is None
    await view.search("Friseur")
    assert view.hits is not None
    assert {(hit.found.kind, hit.kind) for hit in view.hits} == {("encounter", "encounter"), ("task", "task")}
    assert next(hit.record for hit in view.hits if hit.kind == "encounter") == record
    await view.search("Falcke")
    assert [(hit.kind, hit.record) for hit in view.hits] == [("young_person", falke)]
    await view.search("nirgends")
    assert view.hits == []
