"""Outings: a day on the road, stop by stop. What is running fills in the next encounter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.outing import Outing, StopVisit
from goes_mobile.records.stop import Stop
from goes_mobile.records.values import Plus
from goes_mobile.services import headcount, organisation, tours
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import all_named, named, visit_name
from goes_mobile.services.tours import Tour
from goes_mobile.store.change import Change

VisitState = Literal["ahead", "here", "done"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop of a tour. ``people``: those counted here, or met in encounters if these are more."""

    id: str
    stop: str | None
    name: str
    municipality: str
    planned: time | None
    arrived: datetime | None
    left: datetime | None
    head_count: int
    people: int
    encounters: int
    weather: str | None
    observation: str = field(repr=False)
    state: VisitState


@dataclass(frozen=True, slots=True)
class Programme:
    """The group programme and who came to it. Counted here alone: not among the outing's people, in no figures."""

    what: str
    at: datetime | None
    attendance: headcount.Cells
    attended: int


@dataclass(frozen=True, slots=True)
class OutingView:
    id: str
    site: Named | None
    day: date
    starts: datetime | None
    ends: datetime | None
    team: list[Named]
    vehicle: str
    visits: list[Visit]
    here: Visit | None
    next: Visit | None
    number: int
    """The stop the team is at or was at last, from 1; 0 before the first."""
    of: int
    people: int
    encounters: int
    at_stop: timedelta | None
    programme: Programme | None
    conflict: bool


@dataclass(frozen=True, slots=True)
class OutingLine:
    id: str
    day: date
    starts: datetime | None
    ends: datetime | None
    stops: list[str]
    team: list[Named]
    people: int
    encounters: int
    running: bool


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A stop that could be on the tour; ``usual`` if its timetable says today."""

    stop: str
    name: str
    municipality: str
    starts: time | None
    ends: time | None
    usual: bool


@dataclass(frozen=True, slots=True)
class OutingPlan:
    """What the start screen offers. ``with_me``: whom today's tour plan names beside me."""

    site: str
    sites: list[Named]
    stops: list[PlannedStop]
    team: list[Named]
    vehicle: str
    tour: str = ""
    with_me: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OutingStart:
    """What the start screen holds: ``stops`` in the order of the tour, ``team`` besides me."""

    site: str = ""
    stops: list[str] = field(default_factory=list)
    team: list[str] = field(default_factory=list)
    vehicle: str = ""


def running(desk: Desk) -> OutingView | None:
    """The outing I am on, if any."""
    found = running_record(desk)
    return _view(desk, found) if found else None


def running_record(desk: Desk) -> Outing | None:
    query = select(Outing).where(
        col(Outing.deleted).is_(False), col(Outing.ends).is_(None), col(Outing.starts).is_not(None),
        col(Outing.day) >= desk.today - timedelta(days=1), col(Outing.day) <= desk.today + timedelta(days=1),
    )  # fmt: skip
    mine = [o for o in desk.read.exec(query) if desk.me.member in (*o.team, o.created_by)]
    return max(mine, key=lambda o: (o.starts or desk.now, o.id), default=None)


def view(desk: Desk, outing: str) -> OutingView:
    return _view(desk, _get(desk, outing))


def recent(desk: Desk, limit: int = 20) -> list[OutingLine]:
    """Outings of my sites, newest first."""
    query = select(Outing).where(col(Outing.deleted).is_(False))
    query = query.order_by(col(Outing.day).desc(), col(Outing.starts).desc())
    return [_line(desk, outing) for outing in desk.read.exec(query.limit(limit))]


def plan(desk: Desk, site: str | None = None) -> OutingPlan:
    """Suggestions: today's tour plan, or else the stops with today's timetable; the colleagues, the last vehicle."""
    chosen = site or desk.me.site
    query = select(Stop).where(col(Stop.deleted).is_(False), col(Stop.active).is_(True))
    tour = tours.of_day(desk, chosen)
    found = [stop for stop in desk.read.exec(query) if stop.site in ("", chosen)]
    stops = [_planned(desk, stop) for stop in found] if tour is None else _toured(tour, found)
    stops.sort(key=lambda s: (not s.usual, s.starts or time.max, s.name.casefold()))
    last = desk.read.exec(
        select(Outing)
        .where(col(Outing.deleted).is_(False), Outing.site == chosen)
        .order_by(col(Outing.day).desc())
        .limit(1)
    ).first()
    team = [m for m in organisation.colleagues(desk, chosen) if m.id != desk.me.member]
    colleagues = {member.id for member in team}
    planned = tour.team if tour and not tour.driver else []
    return OutingPlan(
        chosen, all_named(desk, "site", desk.me.sites), stops, team, last.vehicle if last else "",
        tour.name if tour else "", [member.id for member in planned if member.id in colleagues],
    )  # fmt: skip


def start(desk: Desk, form: OutingStart) -> list[Change]:
    """Set out. The first arrival is a tap of its own."""
    if running_record(desk) is not None:
        raise InputRefused("outing_running", field="starts")
    team = list(dict.fromkeys([desk.me.member, *form.team]))
    values: dict[str, Any] = {
        "site": form.site or desk.me.site, "day": desk.today, "starts": desk.now, "team": team,
        "stops": [{"stop": stop} for stop in form.stops],
    }  # fmt: skip
    if form.vehicle.strip():
        values["vehicle"] = form.vehicle
    return [Change("outing", desk.new_id(), values)]


def arrive(desk: Desk, outing: str, visit: str) -> list[Change]:
    """Arrived at a stop; the one before is left at the same moment if nobody said so."""
    found = _get(desk, outing)
    if visit not in found.stops:
        raise InputRefused("unknown_record", field="stops")
    told = _leave_here(desk, found, but=visit)
    return _told(outing, {**told, f"stops/{visit}/arrived": desk.now, f"stops/{visit}/left": None})


def drive_on(desk: Desk, outing: str) -> list[Change]:
    """„Weiterfahren“: the stop is left, the next one is reached with a tap of its own."""
    told = _leave_here(desk, _get(desk, outing))
    return _told(outing, told) if told else []


def add_stop(desk: Desk, outing: str, stop: str | None = None, name: str = "", arrive_now: bool = True) -> list[Change]:
    """An unplanned stop: one of the list, or a place in words."""
    found = _get(desk, outing)
    if not stop and not name.strip():
        raise InputRefused("required", field="stops/place_name")
    visit = desk.new_id()
    told: dict[str, Any] = {f"stops/{visit}/stop": stop} if stop else {f"stops/{visit}/place_name": name}
    if arrive_now:
        told |= {**_leave_here(desk, found), f"stops/{visit}/arrived": desk.now}
    return _told(outing, told)


def skip(desk: Desk, outing: str, visit: str) -> list[Change]:
    """A planned stop is not visited today."""
    _get(desk, outing)
    return _told(outing, {f"stops/{visit}/removed": True})


def count(desk: Desk, outing: str, visit: str, by: int = 1) -> list[Change]:
    """One more (or fewer) here, beside what colleagues count; never below zero."""
    if by < 0 and not _visit(desk, outing, visit).head_count:
        return []
    return _told(outing, {f"stops/{visit}/head_count": Plus(by)})


def weather(desk: Desk, outing: str, visit: str, code: str | None) -> list[Change]:
    _visit(desk, outing, visit)
    return _told(outing, {f"stops/{visit}/weather": code})


def observe(desk: Desk, outing: str, visit: str, text: str) -> list[Change]:
    if _visit(desk, outing, visit).observation == text:
        return []
    return _told(outing, {f"stops/{visit}/observation": text})


def set_times(desk: Desk, outing: str, visit: str, arrived: datetime | None, left: datetime | None) -> list[Change]:
    """„Ändern“: times entered by hand."""
    _visit(desk, outing, visit)
    return _told(outing, {f"stops/{visit}/arrived": arrived, f"stops/{visit}/left": left})


def set_programme(desk: Desk, outing: str, what: str) -> list[Change]:
    """What the group programme is; it takes place from when it is first named or counted."""
    found = _get(desk, outing)
    what = what.strip()
    if what == found.programme:
        return []
    return _told(outing, {"programme": what, **_begun(desk, found)})


def attended(desk: Desk, outing: str, age: str, gender: str, by: int = 1) -> list[Change]:
    """One more (or fewer) at the group programme; never below zero."""
    found = _get(desk, outing)
    if by < 0 and not found.attendance.get(age, {}).get(gender):
        return []
    return _told(outing, {f"attendance/{age}/{gender}": Plus(by), **_begun(desk, found)})


def _begun(desk: Desk, outing: Outing) -> dict[str, Any]:
    return {} if outing.programme_at else {"programme_at": min(desk.now, outing.ends or desk.now)}


def set_team(desk: Desk, outing: str, team: Sequence[str]) -> list[Change]:
    found = _get(desk, outing)
    told: dict[str, Any] = {f"team/{member}": True for member in team if member not in found.team}
    told |= {f"team/{member}": False for member in found.team if member not in team}
    return _told(outing, told) if told else []


def end(desk: Desk, outing: str) -> list[Change]:
    found = _get(desk, outing)
    return _told(outing, {**_leave_here(desk, found), "ends": desk.now})


def reopen(desk: Desk, outing: str) -> list[Change]:
    """Ended by mistake."""
    _get(desk, outing)
    return _told(outing, {"ends": None})


def here(outing: Outing) -> tuple[str, StopVisit] | None:
    """The visit that was begun and not left; the last one if there are several."""
    open_ones = [(visit.arrived, key, visit) for key, visit in outing.stops.items() if visit.arrived and not visit.left]
    return max(open_ones, key=lambda v: v[:2])[1:] if open_ones else None


def _told(outing: str, told: dict[str, Any]) -> list[Change]:
    return [Change("outing", outing, told)]


def _leave_here(desk: Desk, outing: Outing, but: str = "") -> dict[str, Any]:
    return {
        f"stops/{key}/left": max(desk.now, visit.arrived)
        for key, visit in outing.stops.items()
        if visit.arrived and not visit.left and key != but
    }


def _get(desk: Desk, outing: str) -> Outing:
    found = desk.read.get(Outing, outing)
    if found is None:
        raise InputRefused("unknown_record", field="outing")
    return found


def _visit(desk: Desk, outing: str, visit: str) -> StopVisit:
    found = _get(desk, outing).stops.get(visit)
    if found is None:
        raise InputRefused("unknown_record", field="stops")
    return found


def _encounters(desk: Desk, outing: str) -> list[Encounter]:
    query = select(Encounter).where(Encounter.outing == outing, col(Encounter.deleted).is_(False))
    return list(desk.read.exec(query))


def _view(desk: Desk, outing: Outing) -> OutingView:
    encounters = _encounters(desk, outing.id)
    visits = sorted(
        (_visit_view(desk, key, visit, outing, encounters) for key, visit in outing.stops.items()), key=_tour_order
    )
    placed = {e.id for e in encounters if any(_belongs(e, v.stop, v.arrived, v.left) for v in outing.stops.values())}
    elsewhere = sum(headcount.present(e) for e in encounters if e.id not in placed)
    reached = [n for n, visit in enumerate(visits, 1) if visit.state != "ahead"]
    now_here = next((visit for visit in reversed(visits) if visit.state == "here"), None)
    number = visits.index(now_here) + 1 if now_here else max(reached, default=0)
    ahead = [visit for visit in visits if visit.state == "ahead"]
    return OutingView(
        outing.id, named(desk, "site", outing.site or None), outing.day, outing.starts, outing.ends,
        [m for m in all_named(desk, "member", outing.team) if m.id != desk.me.member], outing.vehicle, visits, now_here,
        ahead[0] if ahead else None, number, len(visits), sum(v.people for v in visits) + elsewhere, len(encounters),
        desk.now - now_here.arrived if now_here and now_here.arrived else None, _programme(outing),
        bool(outing.conflicts),
    )  # fmt: skip


def _programme(outing: Outing) -> Programme | None:
    attendance = {(age, gender): n for age, row in outing.attendance.items() for gender, n in row.items()}
    if not outing.programme and not attendance:
        return None
    return Programme(outing.programme, outing.programme_at, attendance, headcount.tally(outing.attendance))


def _tour_order(visit: Visit) -> tuple[bool, float, time, str]:
    """What was reached in the order it was; then what is planned, by the timetable."""
    stamp = visit.arrived.timestamp() if visit.arrived else 0.0
    return (visit.arrived is None, stamp, time.min if visit.arrived else visit.planned or time.max, visit.id)


def _visit_view(desk: Desk, key: str, visit: StopVisit, outing: Outing, encounters: list[Encounter]) -> Visit:
    stop = desk.read.get(Stop, visit.stop) if visit.stop else None
    met = [e for e in encounters if _belongs(e, visit.stop, visit.arrived, visit.left)]
    timetable = _today_times(stop, outing.day) if stop else None
    return Visit(
        key, visit.stop, visit_name(desk, visit), stop.municipality if stop else "",
        timetable[0] if timetable else None, visit.arrived, visit.left, visit.head_count,
        max(visit.head_count, sum(headcount.present(e) for e in met)), len(met),
        visit.weather, visit.observation, "done" if visit.left else "here" if visit.arrived else "ahead",
    )  # fmt: skip


def _belongs(encounter: Encounter, stop: str | None, arrived: datetime | None, left: datetime | None) -> bool:
    """An encounter is of a visit if it was at that stop, or in words only, while the team was there."""
    if encounter.stop:
        return encounter.stop == stop
    return arrived is not None and arrived <= encounter.at and (left is None or encounter.at <= left)


def _planned(desk: Desk, stop: Stop) -> PlannedStop:
    today = _today_times(stop, desk.today)
    starts, ends = today or (None, None)
    return PlannedStop(stop.id, stop.name, stop.municipality, starts, ends, today is not None)


def _toured(tour: Tour, found: Sequence[Stop]) -> list[PlannedStop]:
    """The plan's stops at the plan's times; the others could be added."""
    on_it = [PlannedStop(one.stop, one.name, one.municipality, one.arrives, one.leaves, True) for one in tour.stops]
    named = {one.stop for one in tour.stops}
    return [*on_it, *(PlannedStop(s.id, s.name, s.municipality, None, None, False) for s in found if s.id not in named)]


def _today_times(stop: Stop, day: date) -> tuple[time | None, time | None] | None:
    times = [(t.starts, t.ends) for t in stop.times.values() if t.weekday == day.isoweekday()]
    return min(times, key=lambda t: t[0] or time.max, default=None)


def _line(desk: Desk, outing: Outing) -> OutingLine:
    seen = _view(desk, outing)
    return OutingLine(
        outing.id, outing.day, outing.starts, outing.ends, [v.name for v in seen.visits if v.state != "ahead"],
        seen.team, seen.people, seen.encounters, outing.ends is None,
    )  # fmt: skip
