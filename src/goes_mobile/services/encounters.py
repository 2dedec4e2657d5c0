"""Encounters: the list with its filters, and one of them with all that belongs to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from sqlalchemy import exists, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import ages as bands
from goes_mobile.records import registry
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.fields import Tally
from goes_mobile.records.outing import Outing
from goes_mobile.records.participation import Participation
from goes_mobile.records.task import Task
from goes_mobile.services import capture, headcount, moments, review, tasks
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.elements import contains
from goes_mobile.services.names import name_of, named, where
from goes_mobile.services.tasks import TaskLine
from goes_mobile.store.change import Change
from goes_mobile.store.model import Delivery

SNIPPET = 140
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty means all. ``state`` is a review state."""

    start: date | None = None
    end: date | None = None
    topic: str | None = None
    place: str | None = None
    work_form: str | None = None
    site: str | None = None
    author: str | None = None
    state: review.State | None = None
    person: str | None = None
    outing: str | None = None
    text: str = field(default="", repr=False)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class EncounterLine:
    id: str
    at: datetime
    where: str = field(repr=False)
    setting: str | None
    author: Named | None
    mine: bool
    people: int
    person: Named | None
    topics: list[str]
    snippet: str = field(repr=False)
    review: review.State
    delivery: Delivery
    conflict: bool


@dataclass(frozen=True, slots=True)
class EncounterPage:
    lines: list[EncounterLine]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A known person's part in a group."""

    id: str
    person: Named
    mood: int | None
    note: str = field(repr=False)
    next_step: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EncounterView:
    """One encounter. ``inside``: people between 14 and 27; ``closed``: of a file in which this site can write nothing
    more; ``may_review``: a supervisor of its site, not its author."""

    id: str
    at: datetime
    ends: datetime | None
    minutes: int | None
    where: str = field(repr=False)
    place: str | None
    stop: Named | None
    municipality: str
    setting: str | None
    work_form: str | None
    contact_type: str | None
    site: Named | None
    author: Named | None
    team: list[Named]
    people: int
    inside: int
    counts: Tally
    person: Named | None
    parts: list[Part]
    topics: list[str]
    actions: list[str]
    mood: int | None
    note: str = field(repr=False)
    outcome: str = field(repr=False)
    next_step: str = field(repr=False)
    next_step_on: date | None
    tasks: list[TaskLine]
    outing: Named | None
    review: review.State
    delivery: Delivery
    conflicts: list[str]
    changes: int
    changed_at: datetime | None
    changed_by: Named | None
    deleted: bool
    extra: list[str]
    mine: bool
    closed: bool
    may_review: bool


def lines(desk: Desk, narrowed: Filter = Filter(), limit: int = 50, offset: int = 0) -> EncounterPage:
    """A page of the list, newest first."""
    query = _narrow(desk, select(Encounter), narrowed)
    newest = query.order_by(col(Encounter.at).desc(), col(Encounter.id).desc())
    if narrowed.state is not None:
        return _by_state(desk, list(desk.read.exec(newest)), narrowed.state, limit, offset)
    total = desk.read.exec(_narrow(desk, select(func.count(col(Encounter.id))), narrowed)).one()
    found = list(desk.read.exec(newest.limit(limit).offset(offset)))
    return EncounterPage(_lines(desk, found), total, offset + len(found) < total)


def _narrow(desk: Desk, query: SelectOfScalar[_Row], narrowed: Filter) -> SelectOfScalar[_Row]:
    query = query.where(col(Encounter.deleted).is_(narrowed.deleted))
    if start := moments.first_moment(desk, narrowed.start):
        query = query.where(col(Encounter.at) >= start)
    if end := moments.after(desk, narrowed.end):
        query = query.where(col(Encounter.at) < end)
    for column, wanted in (
        (Encounter.place, narrowed.place), (Encounter.work_form, narrowed.work_form), (Encounter.site, narrowed.site),
        (Encounter.created_by, narrowed.author), (Encounter.outing, narrowed.outing),
    ):  # fmt: skip
        if wanted:
            query = query.where(col(column) == wanted)
    if narrowed.topic:
        query = query.where(contains(Encounter.topics, narrowed.topic))
    if narrowed.person:
        within = exists().where(
            col(Participation.encounter) == col(Encounter.id), col(Participation.person) == narrowed.person,
            col(Participation.deleted).is_(False),
        )  # fmt: skip
        query = query.where((col(Encounter.subject) == narrowed.person) | within)
    if narrowed.text.strip():
        query = query.where(col(Encounter.id).in_(_found(desk, narrowed.text)))
    return query


def _found(desk: Desk, words: str) -> list[str]:
    """Encounters that hold the words, or one of whose participations does."""
    hits = desk.archive.search(words, ("encounter", "participation"), 500)
    parts = [hit.id for hit in hits if hit.kind == "participation"]
    of_parts = desk.read.exec(select(Participation.encounter).where(col(Participation.id).in_(parts)))
    return [*{hit.id for hit in hits if hit.kind == "encounter"}, *of_parts]


def _by_state(desk: Desk, found: list[Encounter], state: review.State, limit: int, offset: int) -> EncounterPage:
    states = review.states(desk, "encounter", [e.id for e in found])
    chosen = [e for e in found if states[e.id] == state]
    return EncounterPage(_lines(desk, chosen[offset : offset + limit]), len(chosen), offset + limit < len(chosen))


def _lines(desk: Desk, found: list[Encounter]) -> list[EncounterLine]:
    states = review.states(desk, "encounter", [e.id for e in found])
    return [_line(desk, encounter, states[encounter.id]) for encounter in found]


def _line(desk: Desk, e: Encounter, state: review.State) -> EncounterLine:
    return EncounterLine(
        e.id, e.at, where(desk, e), e.setting, named(desk, "member", e.created_by), e.created_by == desk.me.member,
        headcount.present(e), named(desk, "young_person", e.subject), e.topics, snippet(e.note), state,
        desk.archive.delivery("encounter", e.id), bool(e.conflicts),
    )  # fmt: skip


def snippet(note: str) -> str:
    """The beginning of a note, in one line, cut between words."""
    flat = " ".join(note.split())
    return flat if len(flat) <= SNIPPET else flat[:SNIPPET].rsplit(" ", 1)[0] + " …"


def get(desk: Desk, encounter: str) -> Encounter:
    found = desk.read.get(Encounter, encounter)
    if found is None:
        raise InputRefused("unknown_record", field="encounter")
    return found


def detail(desk: Desk, encounter: str) -> EncounterView:
    e = get(desk, encounter)
    parts = [
        Part(p.id, Named(p.person, name_of(desk, "young_person", p.person)), p.mood, p.note, p.next_step)
        for p in capture.participations(desk, e.id)
    ]
    person = named(desk, "young_person", e.subject)
    operations = {item.op for item in desk.archive.history("encounter", e.id)}
    present = headcount.present(e)
    outside = sum(headcount.tally({age: row}) for age, row in e.head_counts.items() if bands.band_outside(age))
    return EncounterView(
        id=e.id, at=e.at, ends=_ends(e), minutes=e.minutes, where=where(desk, e), place=e.place,
        stop=named(desk, "stop", e.stop), municipality=e.municipality, setting=e.setting, work_form=e.work_form,
        contact_type=e.contact_type, site=named(desk, "site", e.site or None),
        author=named(desk, "member", e.created_by), team=_team(desk, e), people=present,
        inside=present - outside, counts=e.head_counts, person=person, parts=parts, topics=e.topics,
        actions=e.actions, mood=e.mood, note=e.note, outcome=e.outcome, next_step=e.next_step,
        next_step_on=e.next_step_on, tasks=_tasks(desk, e), outing=named(desk, "outing", e.outing),
        review=review.state(desk, "encounter", e.id), delivery=desk.archive.delivery("encounter", e.id),
        conflicts=conflict_paths(e.conflicts), changes=len(operations), changed_at=e.changed_at,
        changed_by=named(desk, "member", e.changed_by), deleted=e.deleted, extra=sorted(e.extra),
        mine=e.created_by == desk.me.member, closed=person is not None and desk.archive.closed(person.id),
        may_review=desk.me.supervises and e.site in desk.me.sites and e.created_by != desk.me.member,
    )  # fmt: skip


def _ends(e: Encounter) -> datetime | None:
    return e.at + timedelta(minutes=e.minutes) if e.minutes else None


def _team(desk: Desk, e: Encounter) -> list[Named]:
    """Who else was on the outing."""
    outing = desk.read.get(Outing, e.outing) if e.outing else None
    return [Named(m, name_of(desk, "member", m)) for m in outing.team if m != e.created_by] if outing else []


def _tasks(desk: Desk, e: Encounter) -> list[TaskLine]:
    query = select(Task).where(Task.about_id == e.id, col(Task.deleted).is_(False)).order_by(col(Task.due))
    return [tasks.line(desk, task) for task in desk.read.exec(query)]


def conflict_paths(conflicts: str) -> list[str]:
    return list(json.loads(conflicts)) if conflicts else []


def delete(desk: Desk, encounter: str) -> list[Change]:
    """Taken back; the history keeps it, and it can be restored."""
    get(desk, encounter)
    return [Change("encounter", encounter, delete=True)]


def restore(desk: Desk, encounter: str, kind: Literal["encounter"] = "encounter") -> list[Change]:
    if desk.read.get(registry.kind(kind).cls, encounter) is None:
        raise InputRefused("unknown_record", field=kind)
    return [Change(kind, encounter, {"deleted": False})]
