"""One young person's file: how to reach them safely and what is next stand above everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import col, select

from goes_mobile.records.encounter import Encounter
from goes_mobile.records.participation import Participation
from goes_mobile.records.task import Task
from goes_mobile.services import ages, consents, deletion, encounters, entries, people, review, sameness, tasks
from goes_mobile.services.consents import ConsentView
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.entries import EntryLine
from goes_mobile.services.names import named, where
from goes_mobile.services.sameness import Merged
from goes_mobile.services.tasks import TaskLine
from goes_mobile.store.model import Delivery

TIMELINE = 100


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Something that happened, newest first; ``kind`` is the record's. In a group the text is about this person
    alone."""

    kind: str
    id: str
    at: datetime | None
    day: date
    title: str = field(repr=False)
    text: str = field(repr=False)
    topics: list[str]
    mood: int | None
    author: Named | None
    state: str
    """An encounter's review state; ``done`` of a task; a consent's state."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """The file. Fields that a missing consent closes are empty and named in ``closed``."""

    id: str
    alias: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    age: int | None
    age_exact: bool
    outside: bool
    birth_year: int | None
    birth_date: date | None = field(repr=False)
    gender: str | None
    municipality: str
    languages: list[str]
    phone: str = field(repr=False)
    messenger: str = field(repr=False)
    mail: str = field(repr=False)
    safe_contact: str = field(repr=False)
    residence_status: str = field(repr=False)
    closed: list[str]
    late: list[str]
    """Closed fields that a device filled before it heard of the withdrawal."""
    site: Named | None
    opened_by: Named | None
    opened_at: datetime | None
    coach: Named | None
    """Of the case that runs."""
    consent_until: date | None
    consents: list[ConsentView]
    tasks: list[TaskLine]
    next: TaskLine | None
    entries: dict[str, list[EntryLine]]
    """The records of the general kinds, newest first."""
    timeline: list[TimelineItem]
    """Its beginning; there are ``happened`` of them."""
    happened: int
    encounters: int
    last_contact: datetime | None
    delivery: Delivery
    conflicts: list[str]
    deleted: bool
    held_until: date | None
    """It must not be erased before."""
    merged: list[Merged]
    """The same young person's other files: what lies in them is here too, and each keeps its own facts and consents."""


class _Moment(NamedTuple):
    """Something that happened and when, before it is put into words."""

    day: date
    at: float
    id: str
    what: Encounter | Task | ConsentView | EntryLine


def detail(desk: Desk, person: str, limit: int = TIMELINE) -> PersonView:
    """``limit``: so much of the timeline."""
    found = people.get(desk, person)
    files = sameness.ids(desk, person)
    given = consents.of_person(desk, person)
    closed = consents.closed_fields(consents.allowed(desk, person))
    open_tasks = tasks.lines(desk, "all", person=person)
    met = people.mentions(desk, person)
    noted = entries.of_person(desk, person)
    story = _story(desk, person, met, noted)
    age = ages.age_of(desk, found)

    def opened(name: str) -> str:
        return "" if name in closed else str(getattr(found, name) or "")

    return PersonView(
        id=found.id, alias=found.alias, given_name=opened("given_name"), family_name=opened("family_name"), age=age,
        age_exact=found.birth_date is not None, outside=ages.outside(desk, age), birth_year=found.birth_year,
        birth_date=None if "birth_date" in closed else found.birth_date, gender=found.gender,
        municipality=found.municipality, languages=found.languages, phone=opened("phone"),
        messenger=opened("messenger"), mail=opened("mail"), safe_contact=opened("safe_contact_note"),
        residence_status=opened("residence_status"),
        closed=closed, late=consents.late(desk, person), site=named(desk, "site", found.site or None),
        opened_by=named(desk, "member", found.created_by),
        opened_at=found.created_at, coach=people.coach(desk, found), consent_until=consents.valid_until(desk, given),
        consents=[consent for one in files for consent in consents.consents(desk, one)], tasks=open_tasks,
        next=next((task for task in open_tasks if task.due), open_tasks[0] if open_tasks else None),
        entries=noted, timeline=timeline(desk, person, story[:limit]), happened=len(story), encounters=len(met),
        last_contact=met[0].at if met else None,
        delivery=desk.archive.delivery("young_person", person), conflicts=encounters.conflict_paths(found.conflicts),
        deleted=found.deleted, held_until=deletion.held_until(desk, person), merged=sameness.merged(desk, person),
    )  # fmt: skip


def _story(desk: Desk, person: str, met: list[Encounter], noted: Mapping[str, list[EntryLine]]) -> list[_Moment]:
    """All that happened, newest first: encounters, parts in groups, tasks done, consents, and what was noted."""
    found = [_Moment(desk.day_of(e.at), e.at.timestamp(), e.id, e) for e in met]
    files = sameness.ids(desk, person)
    for task in _tasks_done(desk, files):
        at = task.done_at or desk.now
        found.append(_Moment(desk.day_of(at), at.timestamp(), task.id, task))
    for consent in (given for one in files for given in consents.consents(desk, one)):
        found.append(_Moment(consent.revoked_on or consent.given_on, 0.0, consent.id, consent))
    found += [_Moment(line.day, 0.0, line.id, line) for lines in noted.values() for line in lines]
    return sorted(found, key=lambda moment: moment[:3], reverse=True)


def timeline(desk: Desk, person: str, newest: Sequence[_Moment]) -> list[TimelineItem]:
    """These moments in words; what they refer to is asked for all of them at once."""
    parts = {part.encounter: part for part in _parts(desk, sameness.ids(desk, person))}
    states = review.states(desk, "encounter", [m.id for m in newest if isinstance(m.what, Encounter)])

    def item(what: Encounter | Task | ConsentView | EntryLine) -> TimelineItem:
        if isinstance(what, Encounter):
            return _met(desk, what, parts.get(what.id), states[what.id])
        if isinstance(what, Task):
            return _done(desk, what)
        return _consent(what) if isinstance(what, ConsentView) else _noted(what)

    return [item(moment.what) for moment in newest]


def _parts(desk: Desk, files: Sequence[str]) -> list[Participation]:
    query = select(Participation).where(col(Participation.person).in_(files), col(Participation.deleted).is_(False))
    return list(desk.read.exec(query))


def _tasks_done(desk: Desk, files: Sequence[str]) -> list[Task]:
    query = select(Task).where(
        col(Task.person).in_(files), col(Task.done_at).is_not(None), col(Task.deleted).is_(False)
    )
    return list(desk.read.exec(query))


def _met(desk: Desk, e: Encounter, part: Participation | None, state: str) -> TimelineItem:
    """In a group the common note is the group's; what is about this person is their participation."""
    return TimelineItem(
        "participation" if part else "encounter", e.id, e.at, desk.day_of(e.at), where(desk, e),
        part.note or e.note if part else e.note, e.topics, part.mood if part else e.mood,
        named(desk, "member", e.created_by), state,
    )  # fmt: skip


def _done(desk: Desk, task: Task) -> TimelineItem:
    at = task.done_at or desk.now
    return TimelineItem(
        "task", task.id, at, desk.day_of(at), task.title, task.done_note, [], None,
        named(desk, "member", task.changed_by or None), "done",
    )  # fmt: skip


def _consent(consent: ConsentView) -> TimelineItem:
    day = consent.revoked_on or consent.given_on
    return TimelineItem("consent", consent.id, None, day, consent.purpose, "", [], None, consent.by, consent.state)


def _noted(line: EntryLine) -> TimelineItem:
    return TimelineItem(
        line.kind, line.id, None, line.day, line.title, " · ".join(line.said), [], None, line.author, ""
    )
