"""A day on the road: what the thumb counts is seen at once and on disk a moment later."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import outing
from goes_mobile.state.outing import Departure, EndedOuting, Outings
from tests.state.team import Colleague, Team


@pytest.fixture
async def jana(team: Team) -> Colleague:
    return await team.enrol("Jana Keller", "outreach", "workmobil")


async def set_out(jana: Colleague, stops: int = 3) -> Outings:
    departure = Departure(jana.app)
    await departure.reload()
    assert departure.plan is not None
    for stop in departure.plan.stops:
        departure.toggle_stop(stop.stop, False)
    for stop in reversed(departure.plan.stops[:stops]):
        departure.toggle_stop(stop.stop, True)
    departure.drives("ES-GO 14")
    await departure.start()
    view = Outings(jana.app)
    await view.reload()
    return view


async def at_first_stop(jana: Colleague) -> Outings:
    view = await set_out(jana)
    assert view.running is not None
    await view.arrive(view.running.visits[0].id)
    await view.reload()
    return view


async def test_todays_stops_are_chosen_already(jana: Colleague):
    departure = Departure(jana.app)
    await departure.reload()
    assert departure.plan is not None
    usual = [stop.stop for stop in departure.plan.stops if stop.usual]
    assert usual
    assert departure.stops == usual


async def test_a_tour_from_start_to_end(team: Team, jana: Colleague):
    aylin = await team.enrol("Aylin Yıldız", "outreach", "workmobil")
    departure = Departure(jana.app)
    await departure.reload()
    departure.toggle_member(aylin.member, True)
    await departure.start()
    view = Outings(jana.app)
    await view.reload()
    assert view.running is not None
    assert [member.name for member in view.running.team] == ["Aylin Yıldız"]
    first, second = view.running.visits[:2]
    await view.arrive(first.id)
    await view.reload()
    assert view.here is not None
    await view.count(2)
    team.clock.later(minutes=40)
    await view.drive_on()
    await view.reload()
    assert view.here is None
    await view.arrive(second.id)
    await view.reload()
    ended = await view.end()
    await view.reload()
    assert view.running is None
    assert [(line.id, line.people) for line in view.recent] == [(ended, 2)]
    await view.reopen(ended)
    await view.reload()
    assert view.running is not None


async def test_only_one_outing_at_a_time(jana: Colleague):
    await set_out(jana)
    departure = Departure(jana.app)
    await departure.reload()
    with pytest.raises(InputRefused):
        await departure.start()
    assert not departure.busy


async def test_fast_taps_are_all_counted(jana: Colleague):
    view = await at_first_stop(jana)
    taps = [asyncio.ensure_future(view.count(1)) for _ in range(7)]
    await asyncio.sleep(0)
    assert view.counted == 7, "seen before it is on disk"
    await asyncio.gather(*taps)
    await view.count(-1)
    assert (view.counted, view.target) == (6, None)
    assert view.here is not None
    assert view.here.head_count == 6


async def test_nobody_counts_below_nobody(jana: Colleague):
    view = await at_first_stop(jana)
    await view.count(-1)
    assert view.counted == 0


async def test_weather_is_taken_back_by_a_second_tap(jana: Colleague):
    view = await at_first_stop(jana)
    await view.weather("rain")
    await view.reload()
    assert view.here is not None
    assert view.here.weather == "rain"
    await view.weather("rain")
    await view.reload()
    assert view.here.weather is None


async def test_what_is_observed_is_written_after_a_pause_or_when_leaving(jana: Colleague):
    view = await at_first_stop(jana)
    view.observe("Viel l")
    view.observe("Viel los nach Schulschluss")
    assert view.observation == "Viel los nach Schulschluss"
    await view.leave()
    await view.reload()
    assert view.here is not None
    assert view.here.observation == "Viel los nach Schulschluss"
    assert view.running is not None
    history = await jana.ask(lambda desk: desk.archive.history("outing", view.running.id))
    written = [item for item in history if item.path.endswith("/observation")]
    assert len(written) == 1, "not one operation for every key stroke"


async def test_a_lock_writes_what_was_observed(jana: Colleague):
    view = await at_first_stop(jana)
    assert view.running is not None
    running = view.running.id
    view.observe("Streit am Kiosk")
    await jana.app.lock()
    await jana.app.unlock("a long passphrase")
    seen = await jana.ask(outing.view, running)
    assert seen.visits[0].observation == "Streit am Kiosk"


async def test_other_places_come_to_the_tour(team: Team, jana: Colleague):
    view = await at_first_stop(jana)
    others = await view.other_stops()
    assert view.running is not None
    assert not {stop.id for stop in others} & {visit.stop for visit in view.running.visits}
    team.clock.later(minutes=20)
    await view.add_stop(others[0].id)
    team.clock.later(minutes=20)
    await view.add_stop(None, "Skatepark Köngen")
    await view.reload()
    assert view.here is not None
    assert view.here.name == "Skatepark Köngen"
    assert view.running.number == 3


async def test_a_stop_left_out_can_come_back(jana: Colleague):
    view = await set_out(jana)
    assert view.running is not None
    left_out = view.running.visits[1]
    await view.skip(left_out)
    await view.reload()
    assert left_out.name not in [visit.name for visit in view.running.visits]
    await view.bring_back(left_out)
    await view.reload()
    assert left_out.name in [visit.name for visit in view.running.visits]


async def test_times_are_mended_as_the_wall_says_them(jana: Colleague):
    view = await at_first_stop(jana)
    assert view.here is not None
    await view.set_times(view.here, time(12, 30), time(12, 55))
    await view.reload()
    assert view.running is not None
    visit = view.running.visits[0]
    assert visit.arrived == datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    assert visit.left == datetime(2026, 11, 24, 11, 55, tzinfo=UTC)
    ended = EndedOuting(jana.app, await view.end())
    await ended.reload()
    assert ended.seen is not None
    await ended.set_times(ended.seen.visits[0], time(23, 30), time(0, 10))
    await ended.reload()
    assert ended.seen.visits[0].left == datetime(2026, 11, 24, 23, 10, tzinfo=UTC), "past midnight"
    await ended.reopen()
    await view.reload()
    assert view.running is not None
