"""Niemand geht verloren: each reason on its day, with whom it stands, and what takes it away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import encounters, lost, lost_answers, people, sameness, tasks
from goes_mobile.services.people import PersonForm
from goes_mobile.store.change import Change
from tests.services.team import MOBILE, Member, Team

TODAY = date(2026, 11, 23)
DAY = 24 * 60 * 60 * 1000


def made(member: Member, kind: str, **values: Any) -> str:
    return member.made(lambda desk: [Change(kind, desk.new_id(), {"site": MOBILE, **values})])


def case(member: Member, alias: str = "Falke", **values: Any) -> tuple[str, str]:
    """A young person whose case began today, with a next step and without anything amiss."""
    person = member.made(people.create, PersonForm(alias=alias))
    told = {"person": person, "starts": TODAY, "coach": member.ask(lambda desk: desk.me.member), **values}
    return person, made(member, "case", **told)


def stepped(member: Member, person: str, days: int = 300) -> str:
    return made(member, "task", person=person, title="Anrufen", due=TODAY + timedelta(days=days))


def reasons(member: Member) -> list[str]:
    return [line.reason for line in member.ask(lost.lines)]


def test_nothing_is_amiss_while_there_is_a_step_and_a_contact(jana: Member) -> None:
    person, _ = case(jana)
    stepped(jana, person)
    assert reasons(jana) == []


def test_an_open_case_without_a_next_step(jana: Member) -> None:
    person, record = case(jana)
    [line] = jana.ask(lost.lines)
    assert (line.reason, line.record, line.alias, line.since) == ("no_step", record, "Falke", TODAY)
    undated = jana.made(tasks.create, tasks.TaskForm("Irgendwann", person=person))
    assert reasons(jana) == ["no_step"], "a step without a day is none"
    jana.do(tasks.postpone, undated, TODAY + timedelta(days=3))
    assert reasons(jana) == []
    jana.do(tasks.done, undated)
    assert reasons(jana) == ["no_step"], "what is done is no next step"
    made(jana, "appointment", person=person, what="Praktikum", at=jana.ask(lambda desk: desk.now) + timedelta(days=1))
    assert reasons(jana) == []


def test_a_case_that_rests_is_not_asked_about(jana: Member) -> None:
    case(jana, state="paused")
    assert reasons(jana) == []


def test_an_overdue_next_step(jana: Member, team: Team) -> None:
    person, _ = case(jana)
    task = stepped(jana, person, days=1)
    team.tick(DAY)
    assert reasons(jana) == [], "today is not too late"
    team.tick(DAY)
    [line] = jana.ask(lost.lines)
    assert (line.reason, line.record, line.what, line.days) == ("overdue", task, "Anrufen", 1)
    jana.do(tasks.done, task)
    assert reasons(jana) == ["no_step"]


def test_no_contact_for_six_weeks(jana: Member, aylin: Member, team: Team) -> None:
    person, _ = case(jana)
    stepped(jana, person)
    team.tick(41 * DAY)
    assert reasons(jana) == []
    team.tick(DAY)
    [line] = jana.ask(lost.lines)
    assert (line.reason, line.since, line.days) == ("no_contact", TODAY, 42)
    jana.do(lost_answers.not_reached, person, "no_step", line.from_day + timedelta(days=9))
    assert reasons(jana) == ["no_contact"], "an attempt is no contact, and another reason's explanation none for this"
    team.everyone_syncs()
    aylin.do(lost_answers.reached, person)
    assert reasons(jana) == ["no_contact"]
    team.everyone_syncs()
    assert reasons(jana) == [], "a contact written on another device takes the line away"


def test_a_part_in_a_group_and_a_kept_appointment_are_contact(jana: Member, team: Team) -> None:
    person, _ = case(jana)
    other, _ = case(jana, "Luna")
    for one in (person, other):
        stepped(jana, one)
    team.tick(42 * DAY)
    assert reasons(jana) == ["no_contact", "no_contact"]
    now = jana.ask(lambda desk: desk.now)
    group = made(jana, "encounter", at=now, setting="group")
    made(jana, "participation", person=person, encounter=group)
    missed = made(jana, "appointment", person=other, what="Beratung", at=now, kept=False)
    assert [line.person for line in jana.ask(lost.lines)] == [other]
    jana.do(lambda desk: [Change("appointment", missed, {"kept": True})])
    assert reasons(jana) == []
    jana.do(encounters.delete, group)
    assert [line.person for line in jana.ask(lost.lines)] == [person]


def test_a_referral_nobody_knows_the_arrival_of(jana: Member, team: Team) -> None:
    person = jana.made(people.create, PersonForm(alias="Mika"))
    partner = made(jana, "partner", name="Jobcenter")
    referral = made(jana, "referral", person=person, partner=partner, sent_on=TODAY)
    team.tick(13 * DAY)
    assert reasons(jana) == []
    team.tick(DAY)
    [line] = jana.ask(lost.lines)
    assert (line.reason, line.record, line.what, line.days) == ("arrival", referral, "Jobcenter", 14)
    jana.do(lost_answers.arrived, referral)
    assert reasons(jana) == []


def test_an_outcome_is_asked_for_after_28_days_and_after_six_months(jana: Member, team: Team) -> None:
    person, record = case(jana, state="closed", ends=TODAY, end_reason="goals_reached")
    team.tick(27 * DAY)
    assert reasons(jana) == []
    team.tick(DAY)
    assert [line.what for line in jana.ask(lost.lines)] == ["after_28_days"]
    told = {"person": person, "destination": "dual_training", "on": TODAY + timedelta(days=28)}
    made(jana, "outcome", moment="after_28_days", **told)
    assert reasons(jana) == []
    team.tick(155 * DAY)
    assert [line.what for line in jana.ask(lost.lines)] == ["after_6_months"]
    made(jana, "outcome", moment="after_6_months", case=record, **told)
    assert reasons(jana) == []


def test_after_the_grace_time_the_supervisor_sees_it_too(
    jana: Member, aylin: Member, sabine: Member, team: Team
) -> None:
    case(jana)
    team.everyone_syncs()
    assert [reasons(one) for one in (jana, aylin, sabine)] == [["no_step"], [], []]
    team.tick(6 * DAY)
    assert reasons(sabine) == []
    team.tick(DAY)
    assert [reasons(one) for one in (jana, aylin, sabine)] == [["no_step"], [], ["no_step"]]


def test_without_a_coach_in_the_team_the_supervisor_sees_it_at_once(jana: Member, sabine: Member, team: Team) -> None:
    case(jana)
    team.everyone_syncs()
    team.admin.do(lambda desk: [Change("member", jana.ask(lambda own: own.me.member), {"active": False})])
    team.everyone_syncs()
    assert reasons(sabine) == ["no_step"]


def test_handed_over_it_stands_with_the_colleague(jana: Member, aylin: Member, team: Team) -> None:
    person, _ = case(jana)
    jana.do(lost_answers.hand_over, person, aylin.ask(lambda desk: desk.me.member))
    team.everyone_syncs()
    assert [reasons(one) for one in (jana, aylin)] == [[], ["no_step"]]


def test_what_is_explained_rests_until_its_day_and_is_back_after_it(jana: Member, sabine: Member, team: Team) -> None:
    person, _ = case(jana)
    until = TODAY + timedelta(days=20)
    with pytest.raises(InputRefused, match="in_the_past"):
        jana.do(lost_answers.explain, person, "no_step", "clinic", TODAY)
    jana.do(lost_answers.explain, person, "no_step", "clinic", until, "Meldet sich nach der Entlassung.")
    team.tick(20 * DAY)
    team.everyone_syncs()
    assert [reasons(one) for one in (jana, sabine)] == [[], []]
    [line] = jana.ask(lost.everything)
    assert line.rests is not None
    assert (line.rests.because, line.rests.until) == ("clinic", until)
    team.tick(DAY)
    assert [reasons(one) for one in (jana, sabine)] == [["no_step"], ["no_step"]]


def test_an_attempt_is_followed_by_the_next_one(jana: Member, team: Team) -> None:
    person, _ = case(jana)
    jana.do(lost_answers.not_reached, person, "no_step", TODAY + timedelta(days=3))
    assert [line.title for line in jana.ask(tasks.lines, "mine", person)] == ["Wieder versuchen"]
    assert [line.title for line in jana.ask(tasks.lines, "done", person)] == ["Nicht erreicht"]
    assert jana.ask(encounters.lines, encounters.Filter(person=person)).total == 0
    team.tick(4 * DAY)
    assert reasons(jana) == ["overdue"]


def test_what_lies_in_a_merged_file_counts(jana: Member, team: Team) -> None:
    person, _ = case(jana)
    other = jana.made(people.create, PersonForm(alias="Falk"))
    stepped(jana, other)
    team.tick(42 * DAY)
    jana.do(lost_answers.reached, other)
    assert sorted(reasons(jana)) == ["no_contact", "no_step"]
    jana.do(lambda desk: sameness.join(desk, sameness.pairs(desk, person, other)))
    assert reasons(jana) == []
