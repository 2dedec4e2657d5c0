"""An offer on one screen is an answer on another: what each side sees, and what it may still do."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import encounters, people
from goes_mobile.services.people import PersonForm
from goes_mobile.services.sharing import ReferralView
from goes_mobile.state.devices import Decisions
from goes_mobile.state.people import PersonFile
from goes_mobile.state.sharing import Leaving, Offer
from goes_mobile.state.today import Today
from tests.state.team import Colleague, Team


@pytest.fixture
async def jana(team: Team) -> Colleague:
    return await team.enrol("Jana Keller", "outreach", "workmobil")


@pytest.fixture
async def tom(team: Team, jana: Colleague) -> Colleague:
    return await team.enrol("Tom Brandt", "supervisor", "jugendbuero-nuertingen")


async def file_of(who: Colleague, person: str) -> PersonFile:
    view = PersonFile(who.app, person)
    await view.reload()
    return view


async def offers(who: Colleague) -> list[ReferralView]:
    view = Today(who.app)
    await view.reload()
    assert view.seen is not None
    return view.seen.offers


async def offered(team: Team, giver: Colleague, alias: str = "Falke", mode: str = "shared") -> str:
    person = await giver.do(people.create, PersonForm(alias))
    form = Offer(giver.app, person)
    await form.reload()
    form.how(mode)
    form.agree(True)
    form.write("Wohnt jetzt dort.")
    assert await form.send(), form.error
    await team.exchange()
    return person


async def leave(who: Colleague, person: str, how: str, because: str) -> None:
    form = Leaving(who.app, person, how)  # type: ignore[arg-type]
    await form.reload()
    assert not await form.leave()
    assert form.error == "required"
    form.write(because)
    assert await form.leave()


async def test_offered_accepted_and_ended(team: Team, jana: Colleague, tom: Colleague) -> None:
    person = await jana.do(people.create, PersonForm("Falke"))
    met = await jana.note("Sucht ein Praktikum.", people=[person])
    form = Offer(jana.app, person)
    await form.reload()
    assert [site.name for site in form.sites or ()] == ["Jugendbüro Nürtingen"]
    assert [member.name for member in form.reads] == ["Tom Brandt"]
    assert not await form.send()
    assert form.error == "needs_agreement"
    form.agree(True)
    assert await form.send()
    await team.exchange()

    [line] = await offers(tom)
    assert (line.state, line.to_answer, line.alias, line.giver and line.giver.name) == (
        "offered", True, "Falke", "Workmobil"
    )  # fmt: skip
    assert await offers(jana) == []
    theirs = await file_of(tom, person)
    assert await theirs.accept(line.id) == ""
    await team.exchange()
    [line] = await offers(jana)
    assert (line.state, line.by and line.by.name) == ("shared", "Tom Brandt")
    ours = await file_of(jana, person)
    assert ours.stands is not None
    assert [(site.name, [m.name for m in members]) for site, members in ours.stands.readers] == [
        ("Jugendbüro Nürtingen", ["Tom Brandt"]), ("Workmobil", ["Jana Keller", "Petra Amann"])
    ]  # fmt: skip

    await leave(jana, person, "end", "Kommt wieder zu uns.")
    await team.exchange()
    [line] = await offers(tom)
    assert (line.state, line.because) == ("ended", "Kommt wieder zu uns.")
    theirs = await file_of(tom, person)
    assert theirs.stands is not None
    assert (theirs.stands.closed, theirs.stands.may_offer) == (True, False)
    with pytest.raises(InputRefused) as refused:
        await tom.note("Noch etwas", people=[person])
    assert refused.value.code == "file_closed"
    assert (await tom.ask(encounters.detail, met)).closed
    assert not (await jana.ask(encounters.detail, met)).closed
    ours = await file_of(jana, person)
    assert ours.stands is not None
    assert (ours.stands.current, ours.stands.may_offer, len(ours.stands.earlier)) == (None, True, 1)
    assert await theirs.accept(line.id) == "file_closed"


async def test_declined_the_giver_reads_why(team: Team, jana: Colleague, tom: Colleague) -> None:
    person = await offered(team, jana)
    await leave(tom, person, "decline", "Kein Platz.")
    await team.exchange()
    [line] = await offers(jana)
    assert (line.state, line.because) == ("declined", "Kein Platz.")
    assert await offers(tom) == []
    view = await file_of(tom, person)
    assert view.stands is not None
    assert view.stands.closed


async def test_handed_over_and_back(team: Team, jana: Colleague, tom: Colleague) -> None:
    person = await offered(team, jana, mode="handed_over")
    [line] = await offers(tom)
    await (await file_of(tom, person)).accept(line.id)
    await team.exchange()
    mine = await file_of(jana, person)
    assert mine.stands is not None
    assert mine.stands.current is not None
    assert (mine.stands.closed, mine.stands.current.state) == (True, "handed_over")
    assert mine.view is not None
    assert mine.view.site is not None
    assert mine.view.site.name == "Jugendbüro Nürtingen"
    team.clock.later(days=1)
    form = Offer(tom.app, person)
    await form.reload()
    assert form.agreed_before
    assert await form.send(), form.error
    await team.exchange()
    [line] = await offers(jana)
    assert (line.state, line.to_answer) == ("offered", True)


async def test_late_work_of_a_share_is_shown_as_such(team: Team, jana: Colleague, tom: Colleague) -> None:
    person = await offered(team, tom)
    jana_late = await jana.note("Aus dem Funkloch", people=[person])
    await leave(tom, person, "end", "Fertig.")
    await team.exchange(tom)
    await team.exchange()
    view = Decisions(tom.app)
    await view.reload()
    assert view.works is not None
    [work] = view.works
    assert (work.reason, work.name, len(work.records)) == ("share_ended", "Jana Keller", 1)
    assert await view.decide(work, True)
    found = await tom.app.ask(lambda desk: desk.archive.delivery("encounter", jana_late))
    assert found.state == "server"


async def unanswered(who: Colleague) -> list[tuple[str, int, str]]:
    view = Today(who.app)
    await view.reload()
    assert view.seen is not None
    told = view.seen.lost
    assert not {line.record for line in told} & {offer.id for offer in view.seen.offers}, "told once"
    return [(line.alias, line.days, line.what) for line in told if line.reason == "offer"]


async def test_an_offer_without_an_answer_comes_to_both_supervisors_and_to_whoever_made_it(
    team: Team, jana: Colleague, tom: Colleague
) -> None:
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    aylin = await team.enrol("Aylin Demir", "office", "jugendbuero-nuertingen")
    colleague = await team.enrol("Ben Kurz", "outreach", "workmobil")
    everybody = [jana, tom, sabine, aylin, colleague]
    person = await offered(team, jana)
    for receiving in (tom, aylin):
        assert [line.to_answer for line in await offers(receiving)] == [True], "their staff sees it at once"
    team.clock.later(days=6)
    assert [await unanswered(one) for one in everybody] == [[]] * 5, "the grace time is not over"
    team.clock.later(days=1)
    asked, to_answer = [("Falke", 7, "Jugendbüro Nürtingen")], [("Falke", 7, "Workmobil")]
    assert [await unanswered(one) for one in everybody] == [asked, to_answer, asked, [], []]
    assert [line.to_answer for line in await offers(aylin)] == [True]
    await leave(tom, person, "decline", "Kein Platz.")
    await team.exchange()
    assert [await unanswered(one) for one in everybody] == [[]] * 5
