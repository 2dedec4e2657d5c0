"""Begegnungen: narrowed, looked up, taken back; two versions decided; who changed what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import people, review
from goes_mobile.services.people import PersonForm
from goes_mobile.state.encounters import EncounterFile, EncounterList, span
from goes_mobile.state.past import Past
from goes_mobile.state.versions import Versions
from tests.state.team import Team


async def test_filters_narrow_and_can_be_taken_away(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    old = team.clock.now - timedelta(days=100)
    first = await jana.note("Praktikum beim Friseur.", topics=["training"])
    second = await jana.note("Wohnung weg.", topics=["housing"], at=old, work_form="single_advice", place="office")
    await team.exchange()
    view = EncounterList(team.admin.app)
    await view.reload()

    async def shown() -> list[str]:
        assert view.page is not None
        return [line.id for line in view.page.lines]

    assert await shown() == [first, second]
    assert view.around is not None
    assert [m.name for m in view.around.members] == ["Jana Keller", "Petra Amann"]
    await view.narrow(topic="housing")
    assert await shown() == [second]
    await view.narrow(topic=None, work_form="street_work")
    assert await shown() == [first]
    await view.clear()
    await view.choose_period("month")
    assert await shown() == [first]
    await view.choose_period("")
    await view.search("friseur")
    assert await shown() == [first]
    await view.clear()
    assert view.filter.text == "friseur"
    await view.search("")
    await view.narrow(author=jana.member, place="office")
    assert await shown() == [second]
    await view.clear()
    await view.narrow(state="approved")
    assert await shown() == []


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("today", date(2026, 11, 24), date(2026, 11, 24)),
        ("week", date(2026, 11, 23), None),
        ("month", date(2026, 11, 1), None),
        ("quarter", date(2026, 8, 25), None),
        ("year", date(2026, 1, 1), None),
        ("", None, None),
    ],
)
def test_periods_as_people_mean_them(period, start, end):
    assert span(period, date(2026, 11, 24)) == (start, end)


async def test_deleting_is_taken_back_and_the_history_keeps_it(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    record = await jana.note("Kommt morgen.")
    file = EncounterFile(jana.app, record)
    await file.delete()
    await file.reload()
    assert file.view is not None
    assert file.view.deleted
    view = EncounterList(jana.app)
    await view.reload()
    assert view.page is not None
    assert view.page.total == 0
    await view.narrow(deleted=True)
    assert view.page.total == 1
    await file.restore()
    await file.reload()
    assert not file.view.deleted
    past = Past(jana.app, "encounter", record)
    await past.reload()
    assert past.rows is not None
    assert [row.sort for row in past.rows] == ["restored", "deleted", "made"]
    assert {row.who.name for row in past.rows if row.who} == {"Jana Keller"}


async def test_a_question_for_me_stands_on_the_record(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    record = await jana.note("Kommt morgen.")
    await team.exchange()
    asked = await sabine.do(review.verdict, record, "question", "Erstkontakt?")
    await team.exchange()
    file = EncounterFile(jana.app, record)
    await file.reload()
    assert file.question == asked
    assert [said.text for said in file.talk] == ["Erstkontakt?"]
    other = EncounterFile(sabine.app, record)
    await other.reload()
    assert other.question == ""
    assert other.view is not None
    assert other.view.may_review


async def test_what_is_not_here_says_so(team: Team):
    nowhere = "00000000-0000-7000-8000-000000000000"
    file = EncounterFile(team.admin.app, nowhere)
    await file.reload()
    assert file.missing
    past = Past(team.admin.app, "encounter", nowhere)
    await past.reload()
    assert past.rows == []
    versions = Versions(team.admin.app, "encounter", nowhere)
    await versions.reload()
    assert versions.missing


async def _two_versions(team: Team) -> tuple[str, Versions]:
    """Jana and Aylin changed note and minutes of the same encounter, each without a network."""
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    aylin = await team.enrol("Aylin Yıldız", "outreach", "workmobil")
    record = await jana.note("Luna hat die Zusage. Sie freut sich.", minutes=30)
    await team.exchange()
    await jana.note("Luna hat die Zusage. Probetag am Montag.", record, minutes=25)
    team.clock.later(minutes=5)
    await aylin.note("Luna hat die Zusage. Probetag am Mittwoch.", record, minutes=40)
    await team.exchange()
    view = Versions(jana.app, "encounter", record)
    await view.reload()
    return record, view


async def test_two_versions_are_decided_one_field_at_a_time(team: Team):
    record, view = await _two_versions(team)
    assert view.left == 2
    assert view.now is not None
    assert view.now.path == "minutes"
    assert {str(v.value) for v in view.now.versions} == {"25", "40"}
    here = next(v for v in view.now.versions if v.here)
    view.tick(here.op)
    await view.take()
    assert view.decided == 1
    assert view.left == 1
    assert view.now.path == "note"
    marked = {piece.text.strip() for v in view.now.versions for piece in v.pieces if piece.differs}
    assert marked == {"Probetag am Montag.", "Probetag am Mittwoch."}
    view.join()
    assert view.own.count("Luna hat die Zusage.") == 1
    assert view.chosen == ""
    await view.take()
    assert view.now is None
    assert view.left == 0
    assert view.card is not None
    assert {s.path for s in view.card.settled} == {"minutes", "note"}
    file = EncounterFile(view.app, record)
    await file.reload()
    assert file.view is not None
    assert file.view.minutes == 25
    assert "Montag" in file.view.note
    assert "Mittwoch" in file.view.note
    await team.exchange()
    assert all(one.store.counts().conflicts == 0 for one in team.people)


async def test_an_own_version_counts_as_soon_as_something_stands_there(team: Team):
    _, view = await _two_versions(team)
    await view.take()
    shown = view.chosen
    view.write("  ")
    assert view.chosen == shown
    view.write("Probetag am Dienstag.")
    assert view.chosen == ""
    view.write("")
    assert view.chosen == shown
    view.write("Probetag am Dienstag.")
    await view.take()
    past = Past(view.app, "encounter", view.record)
    await past.reload()
    assert past.rows is not None
    assert past.rows[0].changes[0].new == "Probetag am Dienstag."


async def test_what_a_colleague_decided_meanwhile_is_said(team: Team):
    record, view = await _two_versions(team)
    aylin = team.people[2]
    await aylin.note("", record, minutes=90)
    await team.exchange()
    with pytest.raises(InputRefused, match="unknown_version"):
        await view.take()
    assert view.now is not None
    assert view.now.path == "note"
    assert view.chosen in {v.op for v in view.now.versions}


async def test_a_version_that_came_while_reading_still_stands(team: Team):
    """The decision counts for what was on the screen; a third version is asked about afterwards."""
    record, view = await _two_versions(team)
    aylin = team.people[2]
    await team.exchange()
    before = view.card
    assert before is not None
    await aylin.note("", record, minutes=90)
    await team.exchange(aylin)
    await view.take()
    await team.exchange()
    await view.reload()
    assert view.now is not None
    assert view.now.path == "minutes"
    assert "90" in {str(v.value) for v in view.now.versions}


async def test_somebody_in_the_group_is_found_by_their_part(team: Team):
    person = await team.admin.do(people.create, PersonForm(alias="Falke"))
    await team.admin.note("Kommt morgen.", people=[person])
    view = EncounterList(team.admin.app)
    await view.narrow(person=person)
    assert view.page is not None
    assert view.page.total == 1
