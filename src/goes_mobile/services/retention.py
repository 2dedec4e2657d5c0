"""Löschkalender: what the county's rules say is due, why and since when. Nothing happens by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from goes_mobile.records import registry
from goes_mobile.records.base import Record
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.participation import Participation
from goes_mobile.records.presets import Retention
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import deletion, sameness
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import name_of

AHEAD = timedelta(days=90)
"""What will be due is shown so long before."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something to delete. ``since`` is the day its time began: made, changed, or last contact."""

    kind: str
    id: str
    name: str = field(repr=False)
    person: str | None
    """Whose file it lies in; what is nobody's cannot be held."""
    counted_from: str
    since: date
    months: int
    due: date
    over: bool
    """Due today or before."""
    held_until: date | None
    requested: bool


def calendar(desk: Desk) -> list[DueLine]:
    """The longest overdue first. What lies in a file that is due as a whole goes with it and is not named."""
    until = desk.today + AHEAD
    rules = sorted(desk.preset.retention, key=lambda rule: rule.kind != deletion.PERSON)
    found: list[DueLine] = []
    whole: set[str] = set()
    for rule in rules:
        if not registry.known(rule.kind):
            continue
        for row, since in _begun(desk, rule):
            due = _months_after(since, rule.months)
            if due > until or (rule.kind != deletion.PERSON and row.subject in whole):
                continue
            if rule.kind == deletion.PERSON and due <= desk.today:
                whole.add(row.id)
            found.append(DueLine(
                rule.kind, row.id, name_of(desk, rule.kind, row.id), row.subject, rule.counted_from, since, rule.months,
                due, due <= desk.today, deletion.held_until(desk, row.subject), deletion.requested(desk, row.id),
            ))  # fmt: skip
    return sorted(found, key=lambda line: (line.due, line.id))


def _begun(desk: Desk, rule: Retention) -> list[tuple[Record, date]]:
    """The records of a rule, and the day from which their time counts."""
    cls = registry.kind(rule.kind).cls
    query = select(cls).where(col(cls.deleted).is_(False))
    if rule.counted_from in ("created", "changed"):
        moment = cls.created_at if rule.counted_from == "created" else cls.changed_at
        latest = desk.starts(_months_after(desk.today + AHEAD, -rule.months) + timedelta(days=1))
        rows = desk.read.exec(query.where(col(moment) < latest))
        return [(row, desk.day_of(_moment(row, rule))) for row in rows]
    if rule.counted_from == "last_contact" and cls is YoungPerson:
        met, together, everybody = _last_contacts(desk), sameness.classes(desk), list(desk.read.exec(query))
        last: dict[str, datetime] = {}
        for row in everybody:
            person = together.shown(row.id)
            last[person] = max(last.get(person, _made(row)), met.get(row.id, _made(row)), _made(row))
        return [(row, desk.day_of(last[row.id])) for row in everybody if row.id in last]
    return []  # counted from the end of a case: there are no cases yet


def _moment(row: Record, rule: Retention) -> datetime:
    found = row.created_at if rule.counted_from == "created" else row.changed_at
    assert found is not None  # the query compared it
    return found


def _made(row: Record) -> datetime:
    assert row.created_at is not None  # the projection fills it
    return row.created_at


def _last_contacts(desk: Desk) -> dict[str, datetime]:
    """When each young person was last met, alone or in a group."""
    alone = select(Encounter.subject, func.max(Encounter.at)).where(col(Encounter.deleted).is_(False))
    groups = (
        select(Participation.person, func.max(Encounter.at))
        .join(Encounter, col(Encounter.id) == Participation.encounter)
        .where(col(Participation.deleted).is_(False))
    )
    found: dict[str, datetime] = {}
    for person, at in [
        *desk.read.exec(alone.group_by(col(Encounter.subject))), *desk.read.exec(groups.group_by(Participation.person))
    ]:  # fmt: skip
        if person:
            found[person] = max(at, found.get(person, at))
    return found


def _months_after(day: date, months: int) -> date:
    """The same day of the month, or its last."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
