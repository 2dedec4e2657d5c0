"""Zugriffe: noted after the screen, once a day, never waiting, delivered along, gone with the file."""

from __future__ import annotations

from typing import Any

import pytest

from goes_mobile.protocol.problems import CannotWrite, InputRefused
from goes_mobile.services import accesses, devices, disclosure, disclosure_files, people, scripting, sharing
from goes_mobile.services.people import PersonForm
from goes_mobile.state.accesses import Accesses
from goes_mobile.state.deletion import DeletionForm, Deletions, DisclosureView
from goes_mobile.state.encounters import EncounterFile
from goes_mobile.state.people import PersonFile
from tests.state.team import SECRET, Colleague, Team


async def looks(one: Colleague) -> list[tuple[str, str]]:
    """(who, what) as a supervisor's device has it."""
    found = await one.ask(scripting.listed, "access")
    return [(row["created_by"], look["what"]) for row in found for look in row["looks"].values()]


async def looked_at(one: Colleague, screen: Any) -> None:
    """A screen came up, and its note has had its turn."""
    await screen.reload()
    await one.ask(lambda desk: None)


async def test_what_one_opens_the_supervisor_knows_and_nothing_waits(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    luna = await jana.do(people.create, PersonForm("Luna"))
    alone = await jana.note("Kommt morgen.", people=[luna])
    await team.exchange()
    assert jana.store.counts().waiting == 0
    confirmed = jana.store.counts().confirmed

    for _ in range(3):
        await looked_at(jana, PersonFile(jana.app, luna))
    await looked_at(jana, EncounterFile(jana.app, alone))
    assert (jana.store.counts().waiting, jana.store.counts().confirmed) == (0, confirmed)
    assert len(jana.store.waiting()) == 2
    await jana.app.lock()
    assert jana.store.locked
    assert jana.store.counts().waiting == 0
    await team.exchange()
    assert (jana.store.waiting(), jana.store.counts().confirmed) == ([], confirmed)

    assert await looks(tom) == [(jana.member, "encounter"), (jana.member, "opened")]
    await jana.app.unlock(SECRET)
    with pytest.raises(InputRefused, match="accesses_role"):
        await looks(jana)


async def test_a_look_on_another_day_is_another_one(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    luna = await jana.do(people.create, PersonForm("Luna"))
    file = PersonFile(jana.app, luna)
    for _ in range(2):
        for _ in range(3):
            await looked_at(jana, file)
            team.clock.later(hours=1)
        await jana.app.lock()
        await jana.app.unlock(SECRET)
        await looked_at(jana, file)
        team.clock.later(days=1)
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    await team.exchange()
    assert await looks(tom) == [(jana.member, "opened")] * 2


async def test_a_note_never_has_more_than_a_month_of_earlier_ones_to_merge(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    luna = await jana.do(people.create, PersonForm("Luna"))
    for _ in range(70):
        team.clock.later(days=1)
        await jana.do(accesses.note, accesses.OPENED, "young_person", luna)
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    found = await tom.ask(scripting.listed, "access")
    assert sum(len(row["looks"]) for row in found) == 70
    assert max(len(row["looks"]) for row in found) <= 31
    assert len(await tom.ask(accesses.of_person, luna)) == 70, "one list for whoever reads it"


async def test_a_group_is_noted_in_the_files_of_those_who_took_part(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    luna, falke = [await jana.do(people.create, PersonForm(alias)) for alias in ("Luna", "Falke")]
    group = await jana.note("Alle zusammen.", setting="group")
    anonymous = await jana.note("Am Bahnhof.")
    await jana.set("participation", person=luna, encounter=group)
    await team.exchange()
    for encounter in (group, anonymous):
        await EncounterFile(tom.app, encounter).reload()
    found = await tom.ask(scripting.listed, "access")
    assert [(row["person"], [look["what"] for look in row["looks"].values()]) for row in found] == [
        (luna, ["encounter"])
    ], "and nothing in the file of one who was not there"
    assert falke


async def test_an_erased_file_takes_along_who_opened_it(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    luna = await jana.do(people.create, PersonForm("Luna"))
    await PersonFile(jana.app, luna).reload()
    await team.exchange()
    await PersonFile(tom.app, luna).reload()
    assert len(await looks(tom)) == 2
    form = DeletionForm(jana.app, "young_person", luna)
    form.choose("by_request")
    assert await form.ask()
    await team.exchange()
    view = Deletions(tom.app)
    await view.reload()
    assert view.lines is not None
    view.choose(view.lines[0])
    assert await view.release() == ""
    assert await looks(tom) == []
    await PersonFile(tom.app, luna).reload()
    assert await looks(tom) == [], "there is nothing left to write it beside"


async def test_a_disk_that_takes_nothing_keeps_nobody_from_reading(team: Team, monkeypatch: pytest.MonkeyPatch):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    luna = await jana.do(people.create, PersonForm("Luna"))
    await team.exchange()

    def full(*_: object) -> None:
        raise CannotWrite("disk_full")

    monkeypatch.setattr(jana.store, "write", full)
    file = PersonFile(jana.app, luna)
    await looked_at(jana, file)
    assert file.view is not None
    assert not jana.store.waiting()


async def test_nobody_writes_or_takes_back_what_was_noted(team: Team):
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    luna = await tom.do(people.create, PersonForm("Luna"))
    await PersonFile(tom.app, luna).reload()
    [found] = await tom.ask(scripting.listed, "access")
    for action, *args in (
        (scripting.made, "access", {"person": luna, "device": "00"}),
        (scripting.changed, "access", found["id"], {"device": "00"}),
        (scripting.deleted, "access", found["id"]),
    ):
        with pytest.raises(InputRefused, match="noted_by_itself"):
            await tom.do(action, *args)


async def test_a_supervisor_narrows_the_list_and_finds_deletions_and_ended_devices_in_it(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    ben = await team.enrol("Ben Roth", "office", "workmobil")
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    luna, falke = [await jana.do(people.create, PersonForm(alias)) for alias in ("Luna", "Falke")]
    await team.exchange()
    await looked_at(jana, PersonFile(jana.app, luna))
    team.clock.later(minutes=5)
    await looked_at(ben, DisclosureView(ben.app, falke))
    team.clock.later(minutes=5)
    form = DeletionForm(jana.app, "young_person", falke)
    form.choose("by_request")
    assert await form.ask()
    team.clock.later(minutes=5)
    await team.exchange()
    team.clock.later(days=1)
    devices.end_device(team.admin.store, ben.store.device.hex(), "lost")
    await team.exchange()

    view = Accesses(tom.app)
    await view.reload()
    assert view.page is not None
    told = [(line.who and line.who.name, line.what, line.person and line.person.name) for line in view.page.lines]
    assert told == [
        ("Petra Amann", "device_ended", None),
        ("Jana Keller", "erase_asked", "Falke"),
        ("Ben Roth", "disclosed", "Falke"),
        ("Jana Keller", "opened", "Luna"),
    ]
    ended = view.page.lines[0]
    assert (ended.of and ended.of.name, ended.reason, ended.device) == ("Ben Roth", "lost", ben.store.device.hex())
    assert view.page.lines[3].device == jana.store.device.hex()
    assert [person.name for person in view.page.people] == ["Falke", "Luna"]

    async def shown(**chosen: Any) -> list[str]:
        await view.narrow(**chosen)
        assert view.page is not None
        return [line.what for line in view.page.lines]

    assert await shown(member=jana.member) == ["erase_asked", "opened"]
    assert await shown(what="opened") == ["opened"]
    assert await shown(what="erase_asked", member=None) == ["erase_asked"]
    assert await shown(what=None, person=falke) == ["erase_asked", "disclosed"]
    await view.choose_period("today")
    assert view.page.lines == []
    await view.clear()
    assert len(view.page.lines) == 4

    of_luna = Accesses(tom.app, luna)
    await of_luna.reload()
    assert of_luna.page is not None
    assert (of_luna.name, [line.what for line in of_luna.page.lines]) == ("Luna", ["opened"])
    jana_looks = Accesses(jana.app)
    await jana_looks.reload()
    assert jana_looks.refused


async def test_a_disclosure_says_who_opened_the_file(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    luna = await jana.do(people.create, PersonForm("Luna"))
    await looked_at(jana, PersonFile(jana.app, luna))
    await team.exchange()
    view = DisclosureView(tom.app, luna)
    await view.reload()
    assert view.made is not None
    assert [(look.who and look.who.name, look.what) for look in view.made.looks] == [("Jana Keller", "opened")]
    assert {record.kind for record in view.made.records} == {"young_person"}
    [told] = disclosure.plain(view.made)["accesses"]
    assert (told["who"], told["device"]) == ("Jana Keller", jana.store.device.hex())
    assert disclosure_files.as_pdf(view.made).startswith(b"%PDF")


async def test_what_was_shared_is_in_the_list_with_the_device_that_said_so(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")
    nina = await team.enrol("Nina Vogt", "office", "jugendbuero-nuertingen")
    luna = await jana.do(people.create, PersonForm("Luna"))
    await team.exchange()
    offered = sharing.OfferForm(to=nina.site, reason="Zieht um.", agreed=True)
    await jana.do(sharing.offer, luna, offered)
    await team.exchange()
    team.clock.later(minutes=5)
    await nina.do(sharing.accept, await nina.ask(sharing.running, luna))
    await team.exchange()
    view = Accesses(tom.app)
    await view.reload()
    assert view.page is not None
    told = [(line.what, line.who and line.who.name, line.device, line.of and line.of.id) for line in view.page.lines]
    assert told == [
        ("share_accepted", "Nina Vogt", nina.store.device.hex(), nina.site),
        ("share_offered", "Jana Keller", jana.store.device.hex(), nina.site),
    ]
