"""Today, tasks, the list of encounters, search, what waits, wrong times."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, encounters, look_up, outing, sync_view, tasks, today
from goes_mobile.services.encounters import Filter
from goes_mobile.sync.state import SyncState
from tests.services.team import MOBILE, OFFICE, Member, Team


def noted(member: Member, **values: object) -> str:
    draft = member.ask(capture.new_draft)
    for name, value in values.items():
        setattr(draft, name, value)
    member.do(capture.save, draft)
    return draft.id


def test_a_quiet_day(jana: Member) -> None:
    assert jana.ask(today.overview).quiet


def test_what_is_due_is_on_today(jana: Member) -> None:
    jana.do(tasks.create, tasks.TaskForm("Bäckerei Steiner", date(2026, 11, 20)))
    jana.do(tasks.create, tasks.TaskForm("Heute noch", date(2026, 11, 23)))
    jana.do(tasks.create, tasks.TaskForm("Später", date(2026, 12, 24)))
    due = jana.ask(today.overview).due
    assert [(line.title, line.when, line.days) for line in due] == [
        ("Bäckerei Steiner", "overdue", -3), ("Heute noch", "today", 0)
    ]  # fmt: skip


def test_a_task_is_done_reopened_postponed_and_handed_over(jana: Member, aylin: Member, team: Team) -> None:
    task = jana.made(tasks.create, tasks.TaskForm("Anrufen", date(2026, 11, 23)))
    jana.do(tasks.done, task, "Erreicht.")
    assert jana.ask(tasks.lines) == []
    assert [line.title for line in jana.ask(tasks.lines, "done")] == ["Anrufen"]
    jana.do(tasks.reopen, task)
    jana.do(tasks.postpone, task, date(2026, 11, 30))
    with pytest.raises(InputRefused):
        jana.ask(tasks.postpone, task, date(2026, 11, 1))
    jana.do(tasks.assign, task, aylin.store.member)
    team.everyone_syncs()
    assert jana.ask(tasks.lines) == []
    (line,) = aylin.ask(tasks.lines)
    assert (line.due, line.when, line.mine) == (date(2026, 11, 30), "soon", True)


def test_filters_of_the_list(jana: Member, tom: Member, sabine: Member, team: Team) -> None:
    first = noted(jana, topics=["housing", "debts"], note="Bahnhof", place="street")
    second = noted(jana, topics=["school"], note="Wohnung gefunden", place="school")
    third = noted(tom, topics=["housing"], note="Beratung")
    team.everyone_syncs()

    def found(**narrowed: object) -> set[str]:
        page = sabine.ask(encounters.lines, Filter(**narrowed))  # type: ignore[arg-type]
        assert page.total == len(page.lines)
        return {line.id for line in page.lines}

    assert found() == {first, second, third}
    assert found(topic="housing") == {first, third}
    assert found(topic="hous") == set()
    assert found(place="school") == {second}
    assert found(site=OFFICE) == {third}
    assert found(author=jana.store.member) == {first, second}
    assert found(text="wohn") == {second}
    assert found(state="approved") == set()
    assert found(state="open", site=MOBILE) == {first, second}
    assert found(start=date(2026, 11, 24)) == set()
    assert found(start=date(2026, 11, 23), end=date(2026, 11, 23)) == {first, second, third}


def test_pages(jana: Member) -> None:
    made = [noted(jana, note=str(n), at=jana.ask(lambda desk: desk.now) + timedelta(minutes=n)) for n in range(5)]
    page = jana.ask(encounters.lines, Filter(), 2, 2)
    assert ([line.id for line in page.lines], page.total, page.more) == ([made[2], made[1]], 5, True)


def test_search_finds_people_and_notes(jana: Member) -> None:
    noted(jana, note="Sucht ein Zimmer in Wendlingen", people=[jana.ask(capture.new_person, "Wendla")])
    found = jana.ask(look_up.everything, "wendl")
    assert (found[0].kind, found[0].title) == ("young_person", "Wendla")
    assert "Sucht ein Zimmer in Wendlingen" in [item.snippet for item in found]
    assert jana.ask(look_up.everything, " ") == []


def test_an_encounter_without_a_place_is_called_by_its_day(jana: Member) -> None:
    noted(jana, note="Irgendwo unterwegs")
    assert [item.title for item in jana.ask(look_up.everything, "irgendwo")] == ["Begegnung, 23.11."]


def test_what_waits_and_what_is_confirmed(jana: Member) -> None:
    assert jana.ask(sync_view.overview, SyncState()).state == "delivered"
    noted(jana, note="Wartet", place_note="Bahnhof Plochingen")
    view = jana.ask(sync_view.overview, SyncState(phase="offline", trouble="timeout"))
    assert (view.state, view.trouble, view.saved - view.confirmed) == ("offline", "timeout", view.waiting)
    assert [(line.kind, line.title) for line in view.waiting_lines] == [
        ("encounter", "Begegnung, 23.11., Bahnhof Plochingen")
    ]
    assert jana.ask(encounters.lines).lines[0].delivery.state == "waiting"
    jana.sync()
    assert jana.ask(sync_view.overview, SyncState()).waiting_lines == []
    assert jana.ask(sync_view.overview, SyncState(phase="sending")).state == "delivered"
    assert jana.ask(encounters.lines).lines[0].delivery.state == "server"


def test_a_colleagues_device_has_seen_it(jana: Member, aylin: Member, team: Team) -> None:
    noted(jana, note="Gesehen")
    team.everyone_syncs()
    noted(aylin, note="Danach")
    team.everyone_syncs()
    delivery = next(line.delivery for line in jana.ask(encounters.lines).lines if line.snippet == "Gesehen")
    assert (delivery.state, delivery.devices) == ("devices", 1)


@pytest.mark.parametrize("years", [10, -10])
def test_times_of_a_wrong_clock_are_offered_for_correction(jana: Member, team: Team, years: int) -> None:
    jana.store.learn_time(team.ms, 0)
    true = team.ms
    team.ms += years * 365 * 24 * 3600 * 1000
    record = noted(jana, note="In der falschen Zeit")
    jana.do(outing.start, outing.OutingStart())
    wrong = jana.ask(encounters.detail, record).at
    jana.store.learn_time(true, 0)
    clock = jana.ask(sync_view.wrong_times)
    assert clock.fast is (years > 0)
    assert {time.label for time in clock.times} == {"Beginn", "Tag"}
    chosen = next(time for time in clock.times if time.kind == "encounter")
    assert chosen.was == wrong
    jana.do(sync_view.correct_times, [chosen.id])
    after = jana.ask(encounters.detail, record)
    assert abs(after.at.timestamp() * 1000 - true) < 10 * 60_000
    assert after.note == "In der falschen Zeit"
    assert chosen.id not in {time.id for time in jana.ask(sync_view.wrong_times).times}
    jana.ask(sync_view.settle)
    assert jana.ask(sync_view.wrong_times).times == []
