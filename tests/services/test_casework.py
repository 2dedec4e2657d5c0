"""The way with somebody: case, goals, situation, absences, and a file that stays quick however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import absences, cases, casework, entries, goals, lost_answers, people, person_file
from goes_mobile.services.cases import CaseEnd
from goes_mobile.services.people import PersonForm
from goes_mobile.store.change import Change
from tests.services.team import MOBILE, Member, Team

TODAY = date(2026, 11, 23)
SIGNED = "0,120 14,118;40,130"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Member, Member]]:
    """Jana and Aylin, who work on the same tour."""
    made = Team(Path(tmp_path_factory.mktemp("casework")))
    yield made.enrol("Jana Keller", "outreach", MOBILE), made.enrol("Aylin Yıldız", "outreach", MOBILE)
    made.close()


@pytest.fixture
def jana(office: tuple[Member, Member]) -> Member:
    return office[0]


@pytest.fixture
def falke(jana: Member) -> str:
    return jana.made(people.create, PersonForm("Falke", birth_year=2009))


def noted(jana: Member, kind: str, person: str, **values: Any) -> str:
    begun = jana.ask(entries.new_form, kind, person).values
    return jana.made(entries.create, kind, person, {**begun, **values})


# -- Begleitung ---------------------------------------------------------------------------------------------------


def test_whoever_begins_the_accompaniment_is_the_coach_until_it_is_closed(jana: Member, falke: str):
    assert jana.ask(person_file.detail, falke).coach is None

    case = jana.made(cases.begin, falke)

    running = jana.ask(casework.of_person, falke).case
    assert running is not None
    assert (running.state, running.starts) == ("open", TODAY)
    assert jana.ask(person_file.detail, falke).coach == running.coach
    assert running.coach is not None
    assert running.coach.name == "Jana Keller"
    with pytest.raises(InputRefused, match="case_runs"):
        jana.ask(cases.begin, falke)

    jana.do(cases.pause, case)
    assert jana.ask(casework.of_person, falke).case.state == "paused"
    jana.do(cases.resume, case)
    jana.do(cases.close, case, CaseEnd(TODAY, "goals_reached", "dual_training", how_known="told"))

    work = jana.ask(casework.of_person, falke)
    assert (work.case, [one.state for one in work.earlier]) == (None, ["closed"])
    assert jana.ask(person_file.detail, falke).coach is None
    jana.do(cases.begin, falke)  # somebody comes back


def test_closing_asks_for_the_outcome_and_can_be_taken_back(jana: Member, falke: str):
    case = jana.made(cases.begin, falke)
    for form, missing in (
        (CaseEnd(None, "age", "work"), "ends"),
        (CaseEnd(TODAY, None, "work"), "end_reason"),
        (CaseEnd(TODAY, "age", None), "destination"),
    ):
        with pytest.raises(InputRefused) as refused:
            jana.ask(cases.close, case, form)
        assert (refused.value.code, refused.value.facts["field"]) == ("required", missing)
    with pytest.raises(InputRefused, match="ends_before_start"):
        jana.ask(cases.close, case, CaseEnd(TODAY - timedelta(days=1), "age", "work"))

    _, outcome = (saved.id for saved in jana.do(cases.close, case, CaseEnd(TODAY, "lost_contact", "unknown")))

    (over,) = jana.ask(casework.of_person, falke).earlier
    assert (over.state, over.end_reason, over.ends) == ("lost", "lost_contact", TODAY)
    (line,) = jana.ask(entries.of_person, falke)["outcome"]
    assert line.id == outcome

    jana.do(cases.reopen, case, outcome)

    running = jana.ask(casework.of_person, falke).case
    assert running is not None
    assert (running.state, running.ends, running.end_reason) == ("open", None, None)
    assert "outcome" not in jana.ask(entries.of_person, falke)


# -- Ziele --------------------------------------------------------------------------------------------------------


def test_steps_are_ticked_and_unticked_and_a_goal_is_rated_and_signed(jana: Member, falke: str):
    goal = noted(jana, "goal", falke, wording="Ich will morgens einen Grund haben aufzustehen.", review_on=TODAY)
    jana.do(goals.add_step, goal, "Praktikumsplatz finden")
    jana.do(goals.add_step, goal, "  Drei Tage probearbeiten ")
    jana.do(lambda _: [Change("goal", goal, {f"steps/{first(jana, falke).id}/due": TODAY - timedelta(days=1)})])

    (view,) = jana.ask(casework.of_person, falke).goals
    assert [(step.what, step.late) for step in view.steps] == [
        ("Praktikumsplatz finden", True),
        ("Drei Tage probearbeiten", False),
    ]
    assert view.review_due

    jana.do(goals.tick, goal, view.steps[0].id)
    assert (first(jana, falke).done, first(jana, falke).late) == (TODAY, False)
    jana.do(goals.untick, goal, view.steps[0].id)
    assert first(jana, falke).done is None
    with pytest.raises(InputRefused, match="unknown_record"):
        jana.ask(goals.tick, goal, "nothing")
    with pytest.raises(InputRefused, match="required"):
        jana.ask(goals.add_step, goal, " ")
    with pytest.raises(InputRefused, match="required"):
        jana.ask(goals.sign, goal, "")

    jana.do(goals.rate, goal, "plus_1")
    jana.do(goals.sign, goal, SIGNED)
    (view,) = jana.ask(casework.of_person, falke).goals
    assert (view.attainment, view.signed_on, view.signature) == ("plus_1", TODAY, SIGNED)

    jana.do(entries.change, "goal", goal, {"wording": "Ich will jeden Morgen aufstehen."})  # another sentence
    (view,) = jana.ask(casework.of_person, falke).goals
    assert (view.signed_on, view.signature) == (None, "")


def first(jana: Member, person: str) -> goals.StepView:
    return jana.ask(casework.of_person, person).goals[0].steps[0]


def test_a_goal_deleted_here_and_ticked_there_comes_back_with_the_tick(office: tuple[Member, Member], falke: str):
    jana, aylin = office
    goal = noted(jana, "goal", falke, wording="Den Abschluss schaffen")
    jana.do(goals.add_step, goal, "Anmelden")
    step = first(jana, falke).id
    jana.sync(), aylin.sync()

    jana.do(entries.delete, "goal", goal)
    aylin.do(goals.tick, goal, step)
    for one in (jana, aylin, jana):
        one.sync()

    seen = [[(g.id, [s.done for s in g.steps]) for g in one.ask(casework.of_person, falke).goals] for one in office]
    assert seen[0] == seen[1]
    jana.do(entries.restore, "goal", goal)
    assert first(jana, falke).done == TODAY


# -- Lage, Fehlzeiten ---------------------------------------------------------------------------------------------


def test_the_newest_situation_counts_and_each_field_tells_its_story(jana: Member, falke: str):
    noted(
        jana, "situation", falke, on=date(2026, 9, 1), school_status="attending", housing="with_family", debts="Handy"
    )
    noted(jana, "situation", falke, on=date(2026, 10, 1), school_status="attending", housing="own", debts="")

    form = jana.ask(entries.new_form, "situation", falke)
    assert (form.values["on"], form.values["housing"]) == (TODAY, "own")  # what still counts is there already

    found = jana.ask(casework.of_person, falke).situation
    assert found is not None
    assert (found.day, found.earlier) == (date(2026, 10, 1), 1)
    stories = {one.name: [turn.day for turn in one.story] for one in found.standings}
    assert stories == {
        "school_status": [date(2026, 9, 1)],
        "housing": [date(2026, 10, 1), date(2026, 9, 1)],
        "debts": [date(2026, 10, 1), date(2026, 9, 1)],
    }
    assert next(one for one in found.standings if one.name == "debts").words == ""


def test_an_absence_lasts_until_somebody_is_back(jana: Member, falke: str):
    absence = noted(jana, "absence_episode", falke, since=date(2026, 11, 2), days=9, unexcused_days=6)

    jana.do(absences.returned, absence)
    assert [one.returned_on for one in jana.ask(casework.of_person, falke).absences] == [TODAY]
    jana.do(absences.away, absence)
    assert [one.returned_on for one in jana.ask(casework.of_person, falke).absences] == [None]
    with pytest.raises(InputRefused, match="ends_before_start"):
        jana.ask(absences.returned, absence, date(2026, 11, 1))


def test_somebody_who_was_sent_on_is_shown_until_they_arrived(jana: Member, falke: str):
    partner = jana.made(lambda desk: [Change("partner", desk.new_id(), {"name": "Schulsozialarbeit", "site": MOBILE})])
    referral = noted(jana, "referral", falke, partner=partner)

    (sent,) = jana.ask(casework.of_person, falke).referrals
    assert sent.partner is not None
    assert (sent.partner.name, sent.sent_on, sent.arrived) == ("Schulsozialarbeit", TODAY, None)
    jana.do(lost_answers.arrived, referral)
    (sent,) = jana.ask(casework.of_person, falke).referrals
    assert (sent.arrived, sent.arrived_on) == ("yes", TODAY)


# -- the file -----------------------------------------------------------------------------------------------------


def test_what_is_turned_to_the_young_person_holds_no_note(jana: Member, falke: str):
    jana.do(cases.begin, falke)
    noted(jana, "goal", falke, wording="Raus hier")
    noted(jana, "situation", falke, health="etwas Vertrauliches")
    at = jana.ask(lambda desk: desk.now + timedelta(days=1))
    noted(jana, "appointment", falke, at=at, what="Praktikum besprechen", place="Bäckerei")
    noted(jana, "appointment", falke, at=at + timedelta(days=1), what="später")
    noted(jana, "appointment", falke, at=at - timedelta(days=2), what="vorbei")

    shown = jana.ask(casework.client_view, falke)

    assert [goal.wording for goal in shown.goals] == ["Raus hier"]
    assert shown.appointment is not None
    assert shown.appointment.what == "Praktikum besprechen"
    assert [one.name for one in shown.helpers] == ["Jana Keller"]
    assert "Vertrauliches" not in str([getattr(shown, name) for name in type(shown).__slots__])


def test_a_long_file_asks_no_more_questions_than_a_short_one(jana: Member, falke: str):
    short = jana.made(people.create, PersonForm("Luna"))
    for person, times in ((falke, 120), (short, 2)):
        jana.do(lambda desk, person=person, times=times: [
            change
            for n in range(times)
            for change in (
                Change("service", desk.new_id(), {"person": person, "site": MOBILE, "on": TODAY - timedelta(days=n),
                                                  "what": "application_help"}),
                Change("encounter", desk.new_id(), {"people": [person], "site": MOBILE, "minutes": 5,
                                                    "at": desk.now - timedelta(days=n), "setting": "single",
                                                    "work_form": "street_work", "contact_type": "repeat"}),
            )
        ])  # fmt: skip

    counted = {person: asked(jana, person) for person in (short, falke)}

    assert counted[falke] == counted[short]
    found = jana.ask(person_file.detail, falke, 50)
    assert (len(found.timeline), found.happened) == (50, 240)
    assert {item.kind for item in found.timeline} == {"service", "encounter"}
    assert found.timeline[0].author is not None
    assert found.timeline[0].author.name == "Jana Keller"


def asked(jana: Member, person: str) -> int:
    """How many questions a file takes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    with jana.store.session() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            desk = jana.desk(session)
            person_file.detail(desk, person)
            casework.of_person(desk, person)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return len(seen)
