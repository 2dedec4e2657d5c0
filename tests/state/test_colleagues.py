"""Team und Geräte, and the search: who is here, how somebody comes in, where a word stands."""

from __future__ import annotations

from datetime import timedelta

from goes_mobile.protocol.codes import InviteSecret, read
from goes_mobile.protocol.ids import new_id, site_id, to_bytes
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import NotReachable
from goes_mobile.services import organisation, people, tasks
from goes_mobile.services.people import PersonForm
from goes_mobile.services.tasks import TaskForm
from goes_mobile.state.colleagues import Colleagues, Invitation
from goes_mobile.state.look_up import LookUp
from goes_mobile.vault.founding import enrolment, invitation
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


async def test_a_code_that_came_on_two_devices_is_shown_to_who_invited(team: Team):
    """Neither device may do anything, and nobody can tell which one was meant."""
    secret, member, store = InviteSecret(bytes(16)), new_id(team.clock()), team.admin.store
    sites, ends = (site_id("workmobil"),), team.clock() + 3_600_000
    invited = invitation(secret, to_bytes(member), "outreach", sites, ends, store.ledger, store.keys)
    store.append_clear(invited.records, keep=invited.keep)
    named = organisation.new_member(member, "Selma Öz", "outreach", sites)
    await team.admin.app.profile.lane(store.write, named)
    view = Colleagues(team.admin.app)
    for n, told in enumerate([(0, True, False), (1, False, False), (0, False, True)]):
        if n:
            device = KeyPair.from_seed(bytes([n]) * 32)
            store.append_clear(enrolment(secret, device, store.ledger, team.clock())[:1], author=secret.keys)
        await view.reload()
        assert view.lines is not None
        assert [(c.devices, c.invited, c.suspended) for c in view.lines if c.line.name == "Selma Öz"] == [told]


async def test_supervisors_invite_below_themselves_and_for_their_own_sites(team: Team):
    sina = await team.enrol("Sina Vogt", "supervisor", "jugendbuero-nuertingen")
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    view = Invitation(sina.app)
    await view.reload()
    assert view.roles == ["outreach", "office"]
    assert [site.id for site in view.offered] == view.sites == ["jugendbuero-nuertingen"]
    assert not Colleagues(jana.app).invites
    above = Invitation(team.admin.app)
    assert above.roles == ["outreach", "office", "supervisor", "admin"]
    assert len(above.offered) > 1


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
