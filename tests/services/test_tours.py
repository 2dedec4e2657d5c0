"""Tourpläne and Tagesabschluss: what a plan suggests, who drives, what a day leaves undone."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, day_end, entries, outing, tasks, tours
from goes_mobile.services.outing import OutingStart
from tests.services.team import Member, Team


def planned(jana: Member, *team: Member) -> tuple[str, list[str]]:
    """A Monday tour to two stops, the later one named first."""
    first, second = [stop.stop for stop in jana.ask(outing.plan).stops[-2:]]
    stops = [
        {"stop": second, "arrives": time(16), "leaves": time(17)}, {"stop": first, "arrives": time(14, 30)},
    ]  # fmt: skip
    members = [one.ask(lambda desk: desk.me.member) for one in (jana, *team)]
    told = {"name": "Neckartal", "weekdays": ["1"], "starts": time(14), "team": members, "stops": stops, "active": True}
    return jana.made(entries.create, "tour_plan", None, told), [first, second]


def test_setting_out_the_plan_of_the_weekday_is_proposed(jana: Member, aylin: Member, team: Team) -> None:
    _, stops = planned(jana, aylin)
    plan = jana.ask(outing.plan)
    assert (plan.tour, plan.with_me) == ("Neckartal", [aylin.ask(lambda desk: desk.me.member)])
    assert [(stop.stop, stop.starts) for stop in plan.stops if stop.usual] == list(
        zip(stops, (time(14, 30), time(16)), strict=True)
    )
    team.tick(24 * 60 * 60 * 1000)
    assert jana.ask(outing.plan).tour == "", "on Tuesday it is not driven"


def test_a_day_of_a_tour_is_handed_to_a_colleague(jana: Member, aylin: Member, team: Team) -> None:
    plan, _ = planned(jana)
    next_monday = jana.ask(lambda desk: desk.today) + timedelta(days=7)
    with pytest.raises(InputRefused, match="in_the_past"):
        jana.do(tours.hand_over, plan, next_monday - timedelta(days=14), "x")
    for _ in range(2):
        jana.do(tours.hand_over, plan, next_monday, aylin.ask(lambda desk: desk.me.member))
    team.everyone_syncs()
    coming = aylin.ask(tours.coming)
    assert [(tour.name, tour.mine, tour.driver is not None) for tour in coming] == [
        ("Neckartal", False, False), ("Neckartal", True, True)
    ]  # fmt: skip
    assert [(task.title, task.due) for task in aylin.ask(tasks.lines)] == [("Tour fahren: Neckartal", next_monday)]


def test_the_end_of_a_day_says_what_is_left_undone(jana: Member) -> None:
    stops = [stop.stop for stop in jana.ask(outing.plan).stops[:2]]
    tour = jana.made(outing.start, OutingStart(stops=stops))
    here, ahead = jana.ask(outing.view, tour).visits
    jana.do(outing.arrive, tour, here.id)
    assert [line.id for line in jana.ask(day_end.unfinished, tour).without_departure] == [here.id]
    draft = jana.ask(capture.new_draft)
    draft.next_step = "Anrufen"
    encounter = jana.made(capture.save, draft)
    begun = jana.ask(capture.new_draft)
    begun.topics = ["school"]
    jana.ask(capture.keep_draft, begun)
    jana.do(outing.end, tour)
    left = jana.ask(day_end.unfinished, tour)
    assert [[line.id for line in lines] for lines in (left.without_topic, left.without_day, left.not_visited)] == [
        [encounter], [encounter], [ahead.id]
    ]  # fmt: skip
    assert ([line.id for line in left.drafts], left.without_departure, left.undelivered) == ([begun.id], [], 2)
    jana.do(day_end.leave_out, tour)
    fixed = jana.ask(capture.correction, encounter)
    fixed.topics, fixed.next_step_on = ["school"], jana.ask(lambda desk: desk.today)
    jana.do(capture.save, fixed)
    jana.ask(capture.drop_draft, begun.id)
    jana.sync()
    assert jana.ask(day_end.unfinished, tour).done
