"""Tourpläne: which tours are driven in the coming days, and who drives one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.stop import Stop
from goes_mobile.records.task import Task
from goes_mobile.records.tour_plan import TourPlan
from goes_mobile.services import tasks
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import all_named, named
from goes_mobile.services.tasks import TaskForm
from goes_mobile.store.change import Change

DAYS = 14
DRIVE = {"de": "Tour fahren", "en": "Drive the tour"}


@dataclass(frozen=True, slots=True)
class TourStop:
    stop: str
    name: str
    municipality: str
    arrives: time | None
    leaves: time | None


@dataclass(frozen=True, slots=True)
class Tour:
    """A plan on a day. ``driver``: to whom that day was handed over."""

    plan: str
    name: str
    day: date
    starts: time | None
    stops: list[TourStop]
    team: list[Named]
    driver: Named | None
    mine: bool


def coming(desk: Desk) -> list[Tour]:
    """The tours of my sites, from today on, day by day."""
    plans = _plans(desk, desk.me.sites)
    handed = _handed(desk)
    days = [desk.today + timedelta(days=n) for n in range(DAYS)]
    return [_tour(desk, plan, day, handed.get((plan.id, day))) for day in days for plan in _on(plans, day)]


def of_day(desk: Desk, site: str) -> Tour | None:
    """Today's tour of a site: the one that is mine, else the earliest."""
    handed = _handed(desk)
    found = _on(_plans(desk, (site,)), desk.today)
    tours = [_tour(desk, plan, desk.today, handed.get((plan.id, desk.today))) for plan in found]
    return min(tours, key=lambda tour: not tour.mine, default=None)


def hand_over(desk: Desk, plan: str, day: date, member: str) -> list[Change]:
    """A colleague drives that day: it becomes their task; the plan and its other days stay as they are."""
    found = desk.read.get(TourPlan, plan)
    if found is None:
        raise InputRefused("unknown_record", field="id")
    if day < desk.today:
        raise InputRefused("in_the_past", field="day")
    before = [Change("task", task.id, delete=True) for task in _tasks(desk) if (task.about_id, task.due) == (plan, day)]
    title = f"{DRIVE[desk.language]}: {found.name}"
    return [*before, *tasks.create(desk, TaskForm(title, day, member, None, "tour_plan", plan, found.site))]


def _plans(desk: Desk, sites: tuple[str, ...]) -> list[TourPlan]:
    query = select(TourPlan).where(
        col(TourPlan.deleted).is_(False), col(TourPlan.active).is_(True), col(TourPlan.site).in_(sites)
    )
    return sorted(desk.read.exec(query), key=lambda plan: (plan.starts or time.max, plan.name.casefold(), plan.id))


def _on(plans: list[TourPlan], day: date) -> list[TourPlan]:
    return [plan for plan in plans if str(day.isoweekday()) in plan.weekdays]


def _tasks(desk: Desk) -> list[Task]:
    query = select(Task).where(
        col(Task.deleted).is_(False), Task.about_kind == "tour_plan", col(Task.due) >= desk.today
    )
    return list(desk.read.exec(query))


def _handed(desk: Desk) -> dict[tuple[str | None, date | None], str | None]:
    return {(task.about_id, task.due): task.assignee for task in _tasks(desk)}


def _tour(desk: Desk, plan: TourPlan, day: date, driver: str | None) -> Tour:
    stops = []
    for part in plan.stops.values():
        if part.stop and (stop := desk.read.get(Stop, part.stop)):
            stops.append(TourStop(stop.id, stop.name, stop.municipality, part.arrives, part.leaves))
    stops.sort(key=lambda one: (one.arrives or time.max, one.name.casefold()))
    me = desk.me.member
    return Tour(
        plan.id, plan.name, day, plan.starts, stops, all_named(desk, "member", plan.team),
        named(desk, "member", driver), driver == me if driver else me in plan.team,
    )  # fmt: skip
