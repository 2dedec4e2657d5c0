"""Fehlzeiten: a time away from school, until somebody is back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.absence_episode import AbsenceEpisode
from goes_mobile.services import entries, filed
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change


@dataclass(frozen=True, slots=True)
class AbsenceView:
    id: str
    school: str = field(repr=False)
    since: date
    until: date | None
    days: int | None
    unexcused_days: int | None
    form: str | None
    returned_on: date | None


def of_person(desk: Desk, person: str) -> list[AbsenceView]:
    """The newest first."""
    found: list[AbsenceEpisode] = filed.records(desk, "absence_episode", person)
    return [
        AbsenceView(one.id, one.school, one.since, one.until, one.days, one.unexcused_days, one.form, one.returned_on)
        for one in sorted(found, key=lambda a: (a.since, a.id), reverse=True)
    ]


def returned(desk: Desk, absence: str, on: date | None = None) -> list[Change]:
    """Back at school since that day, today if none is said."""
    day, found = on or desk.today, entries.get(desk, "absence_episode", absence)
    if day < found.since:
        raise InputRefused("ends_before_start", field="returned_on")
    return [Change("absence_episode", absence, {"returned_on": day})]


def away(desk: Desk, absence: str) -> list[Change]:
    """Not back after all."""
    entries.get(desk, "absence_episode", absence)
    return [Change("absence_episode", absence, {"returned_on": None})]
