"""A day on the road, stop by stop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, outing
from tests.services.team import Member, Team


def started(member: Member, stops: int = 3, team: list[str] | None = None) -> str:
    plan = member.ask(outing.plan)
    chosen = [stop.stop for stop in plan.stops[:stops]]
    return member.made(outing.start, outing.OutingStart(stops=chosen, team=team or [], vehicle="Bus 1"))


def test_todays_stops_are_offered_first(jana: Member) -> None:
    plan = jana.ask(outing.plan)
    usual = [stop for stop in plan.stops if stop.usual]
    assert usual == plan.stops[: len(usual)]
    assert [stop.starts for stop in usual] == sorted(stop.starts for stop in usual if stop.starts)
    assert len(plan.stops) == 12


def test_a_tour_from_start_to_end(jana: Member, aylin: Member, team: Team) -> None:
    tour = started(jana, team=[aylin.store.member])
    before = jana.ask(outing.view, tour)
    assert (before.number, before.of, before.here, [m.name for m in before.team]) == (0, 3, None, ["Aylin Yıldız"])
    first, second, third = before.visits
    jana.do(outing.arrive, tour, first.id)
    for _ in range(3):
        jana.do(outing.count, tour, first.id)
    jana.do(outing.count, tour, first.id, -1)
    jana.do(outing.weather, tour, first.id, "rain")
    jana.do(outing.observe, tour, first.id, "Viele Jüngere.")
    at_first = jana.ask(outing.running)
    assert at_first is not None
    assert at_first.here is not None
    assert (at_first.here.name, at_first.here.head_count, at_first.here.weather) == (first.name, 2, "rain")
    assert at_first.number == 1
    assert at_first.at_stop is not None
    assert at_first.at_stop > timedelta(minutes=4)
    jana.do(outing.drive_on, tour)
    on_the_way = jana.ask(outing.view, tour)
    assert (on_the_way.here, on_the_way.next and on_the_way.next.id, on_the_way.number) == (None, second.id, 1)
    jana.do(outing.arrive, tour, third.id)
    jana.do(outing.skip, tour, second.id)
    jana.do(outing.end, tour)
    team.everyone_syncs()
    after = aylin.ask(outing.view, tour)
    assert [(v.name, v.state) for v in after.visits] == [(first.name, "done"), (third.name, "done")]
    assert after.ends is not None
    assert jana.ask(outing.running) is None
    jana.do(outing.reopen, tour)
    assert jana.ask(outing.running) is not None


def test_a_group_programme_is_counted_by_two_and_nowhere_else(jana: Member, aylin: Member, team: Team) -> None:
    tour = started(jana, team=[aylin.store.member])
    assert jana.ask(outing.view, tour).programme is None
    assert not jana.do(outing.attended, tour, "age_14_17", "female", -1)
    jana.do(outing.set_programme, tour, " Fußball ")
    begun = jana.ask(outing.view, tour).programme
    team.everyone_syncs()
    jana.do(outing.attended, tour, "age_14_17", "female", 1)
    aylin.do(outing.attended, tour, "age_14_17", "female", 1)
    aylin.do(outing.attended, tour, "age_18_20", "male", 1)
    team.everyone_syncs()
    for member in (jana, aylin):
        seen = member.ask(outing.view, tour)
        assert seen.programme is not None
        assert seen.programme.attendance == {("age_14_17", "female"): 2, ("age_18_20", "male"): 1}
        assert (seen.programme.what, seen.programme.attended, seen.people) == ("Fußball", 3, 0)
        assert begun is not None
        assert seen.programme.at == begun.at


def test_arriving_leaves_the_stop_before(jana: Member) -> None:
    tour = started(jana)
    first, second, _ = jana.ask(outing.view, tour).visits
    jana.do(outing.arrive, tour, first.id)
    jana.do(outing.arrive, tour, second.id)
    states = {visit.id: visit.state for visit in jana.ask(outing.view, tour).visits}
    assert (states[first.id], states[second.id]) == ("done", "here")


def test_encounters_count_for_the_stop_where_they_were(jana: Member) -> None:
    tour = started(jana)
    first = jana.ask(outing.view, tour).visits[0]
    jana.do(outing.arrive, tour, first.id)
    jana.do(outing.count, tour, first.id, 2)
    for _ in range(3):
        draft = jana.ask(capture.new_draft)
        draft.topics = ["leisure"]
        jana.do(capture.save, draft)
    view = jana.ask(outing.view, tour)
    assert (view.encounters, view.people) == (3, 3)
    assert view.here is not None
    assert (view.here.encounters, view.here.people, view.here.head_count) == (3, 3, 2)


def test_a_place_in_words_can_be_added(jana: Member) -> None:
    tour = started(jana, stops=1)
    jana.do(outing.add_stop, tour, None, "Skatepark hinter dem Netto")
    here = jana.ask(outing.view, tour).here
    assert here is not None
    assert here.name == "Skatepark hinter dem Netto"
    draft = jana.ask(capture.new_draft)
    assert (draft.place, draft.place_note, draft.stop) == ("street", "Skatepark hinter dem Netto", None)
    draft.topics = ["leisure"]
    jana.do(capture.save, draft)
    again = jana.ask(outing.view, tour).here
    assert again is not None
    assert again.encounters == 1


def test_one_outing_at_a_time(jana: Member) -> None:
    started(jana)
    with pytest.raises(InputRefused) as refused:
        started(jana)
    assert refused.value.code == "outing_running"


def test_two_colleagues_adding_a_stop_is_no_conflict(jana: Member, aylin: Member, team: Team) -> None:
    tour = started(jana, stops=1, team=[aylin.store.member])
    team.everyone_syncs()
    jana.do(outing.add_stop, tour, None, "Am Neckar", False)
    aylin.do(outing.add_stop, tour, None, "Im Park", False)
    team.everyone_syncs()
    view = jana.ask(outing.view, tour)
    assert {visit.name for visit in view.visits} >= {"Am Neckar", "Im Park"}
    assert not view.conflict


def test_two_colleagues_counting_apart_end_with_the_sum(jana: Member, aylin: Member, team: Team) -> None:
    tour = started(jana, stops=1, team=[aylin.store.member])
    (stop,) = jana.ask(outing.view, tour).visits
    jana.do(outing.arrive, tour, stop.id)
    team.everyone_syncs()
    for by in (1, 1, 1):
        jana.do(outing.count, tour, stop.id, by)
    for by in (1, 1, -1, 4):
        aylin.do(outing.count, tour, stop.id, by)
    assert [m.ask(outing.view, tour).visits[0].head_count for m in (jana, aylin)] == [3, 5]
    team.everyone_syncs()
    for member in (jana, aylin):
        view = member.ask(outing.view, tour)
        assert (view.visits[0].head_count, view.people, view.conflict) == (8, 8, False)


def test_the_count_never_falls_below_zero(jana: Member) -> None:
    tour = started(jana)
    first = jana.ask(outing.view, tour).visits[0]
    jana.do(outing.count, tour, first.id, -3)
    assert jana.ask(outing.view, tour).visits[0].head_count == 0


def test_recent_outings_are_listed(jana: Member) -> None:
    tour = started(jana)
    jana.do(outing.end, tour)
    assert [(line.id, line.running) for line in jana.ask(outing.recent)] == [(tour, False)]
