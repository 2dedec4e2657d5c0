"""Tagesabschluss: what an outing leaves undone, each of it a tap away from being finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.outing import Outing
from goes_mobile.services import capture
from goes_mobile.services.capture import DraftLine
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import visit_name, where
from goes_mobile.store.change import Change


@dataclass(frozen=True, slots=True)
class Loose:
    """An encounter or a stop at which something is missing."""

    id: str
    at: datetime | None
    title: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DayEnd:
    """``undelivered``: of the outing and its encounters, how many the server does not have yet."""

    drafts: list[DraftLine]
    without_topic: list[Loose]
    without_day: list[Loose]
    """A next step without a day is none: nobody is reminded of it."""
    without_departure: list[Loose]
    not_visited: list[Loose]
    undelivered: int

    @property
    def done(self) -> bool:
        lacking = self.without_topic or self.without_day or self.without_departure or self.not_visited
        return not (self.drafts or lacking or self.undelivered)


def unfinished(desk: Desk, outing: str) -> DayEnd:
    """What one can still finish oneself: one's own encounters, the outing's stops."""
    found = desk.read.get(Outing, outing)
    if found is None:
        raise InputRefused("unknown_record", field="outing")
    query = select(Encounter).where(
        Encounter.outing == outing, col(Encounter.deleted).is_(False), Encounter.created_by == desk.me.member
    )
    mine = list(desk.read.exec(query.order_by(col(Encounter.at))))
    visits = [(key, Loose(key, v.arrived, visit_name(desk, v)), v) for key, v in found.stops.items()]
    records = [("outing", outing), *(("encounter", e.id) for e in mine)]
    return DayEnd(
        capture.draft_lines(desk),
        _loose(desk, [e for e in mine if not e.topics]),
        _loose(desk, [e for e in mine if e.next_step.strip() and not e.next_step_on]),
        [line for _, line, visit in visits if visit.arrived and not visit.left],
        [line for _, line, visit in visits if not visit.arrived],
        sum(desk.archive.delivery(kind, record).state in ("here", "waiting") for kind, record in records),
    )


def _loose(desk: Desk, found: Sequence[Encounter]) -> list[Loose]:
    return [Loose(e.id, e.at, where(desk, e)) for e in found]


def leave_out(desk: Desk, outing: str) -> list[Change]:
    """The stops that nobody came to are off the tour."""
    missed = unfinished(desk, outing).not_visited
    told = {f"stops/{line.id}/removed": True for line in missed}
    return [Change("outing", outing, told)] if told else []
