"""Termine: who is expected when and where, whether they came, and the same for one's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlmodel import col, or_, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.appointment import Appointment
from goes_mobile.services import calendar, moments
from goes_mobile.services.calendar import Event
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of, named
from goes_mobile.store.change import Change

Which = Literal["mine", "site"]
USUAL_MINUTES = 60
REMIND_MINUTES = 60
BACK = timedelta(days=7)
"""So long one that nobody has said anything about stays in the list."""
NEUTRAL = {"de": "Termin", "en": "Appointment"}


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """An appointment in a list. ``over``: it has begun, so that it can be said whether they came."""

    id: str
    at: datetime
    day: date
    minutes: int | None
    what: str = field(repr=False)
    where: str = field(repr=False)
    person: Named | None
    member: Named | None
    mine: bool
    kept: bool | None
    over: bool


def soon(desk: Desk) -> list[AppointmentLine]:
    """Mine of today and tomorrow, and those of the last days of which nobody has said whether they were kept."""
    found = lines(desk, "mine", desk.today + timedelta(days=1))
    return [line for line in found if line.day >= desk.today or line.kept is None]


def lines(desk: Desk, which: Which = "mine", until: date | None = None) -> list[AppointmentLine]:
    """From a week ago on, in the order of the days."""
    query = select(Appointment).where(
        col(Appointment.deleted).is_(False), col(Appointment.at) >= desk.starts(desk.today - BACK)
    )
    if (end := moments.after(desk, until)) is not None:
        query = query.where(col(Appointment.at) < end)
    mine = _mine(desk)
    query = query.where(mine if which == "mine" else or_(mine, col(Appointment.site).in_(desk.me.sites)))
    return [_line(desk, one) for one in desk.read.exec(query.order_by(col(Appointment.at), col(Appointment.id)))]


def _mine(desk: Desk) -> Any:
    """Mine by name; one without a name is its author's."""
    nobody = or_(col(Appointment.member).is_(None), Appointment.member == "")
    return or_(Appointment.member == desk.me.member, nobody & (col(Appointment.created_by) == desk.me.member))


def _line(desk: Desk, one: Appointment) -> AppointmentLine:
    member = one.member or one.created_by
    where = one.place or (name_of(desk, "partner", one.partner) if one.partner else "")
    return AppointmentLine(
        one.id, one.at, desk.day_of(one.at), one.minutes, one.what, where, named(desk, "young_person", one.person),
        named(desk, "member", member or None), member == desk.me.member, one.kept, one.at <= desk.now,
    )  # fmt: skip


def keep(desk: Desk, appointment: str, kept: bool | None) -> list[Change]:
    """Whether they came; ``None`` takes it back."""
    if desk.read.get(Appointment, appointment) is None:
        raise InputRefused("unknown_record", field="id")
    return [Change("appointment", appointment, {"kept": kept})]


def file(desk: Desk, wanted: Sequence[str] | None = None, *, alias: bool = True) -> bytes:
    """These appointments, or all of mine that are to come, for a calendar. Without ``alias`` nothing in it tells who
    is met and why: the calendar says „Termin“ at that hour, and nothing else."""
    chosen = lines(desk, "mine" if wanted is None else "site")
    if wanted is None:
        chosen = [line for line in chosen if not line.over]
    else:
        chosen = [line for line in chosen if line.id in wanted]
    return calendar.write([_event(desk, line, alias) for line in chosen], desk.now)


def _event(desk: Desk, line: AppointmentLine, alias: bool) -> Event:
    neutral = NEUTRAL[desk.language]
    ends = line.at + timedelta(minutes=line.minutes or USUAL_MINUTES)
    title = f"{line.what} ({line.person.name})" if line.person else line.what
    return Event(
        line.id, line.at, ends, title if alias else neutral, line.where if alias else "", REMIND_MINUTES, neutral
    )
