"""One young person's file: how to reach them safely and what is next stand above everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sqlmodel import col, select

from goes_mobile.records.encounter import Encounter
from goes_mobile.records.participation import Participation
from goes_mobile.records.task import Task
from goes_mobile.records.young_person import YoungPerson
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
    """Something that happened, newest first. ``part``: in a group, the text is about this person alone."""

    kind: Literal["encounter", "participation", "task", "consent"]
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
    site: Named | None
    opened_by: Named | None
    opened_at: datetime | None
    consent_until: date | None
    consents: list[ConsentView]
    tasks: list[TaskLine]
    next: TaskLine | None
    entries: dict[str, list[EntryLine]]
    """The records of the general kinds, newest first."""
    timeline: list[TimelineItem]
    encounters: int
    last_contact: datetime | None
    delivery: Delivery
    conflicts: list[str]
    deleted: bool
    held_until: date | None
    """It must not be erased before."""
    merged: list[Merged]
    """The same young person's other files: what lies in them is here too, and each keeps its own facts and consents."""


def detail(desk: Desk, person: str) -> PersonView:
    found = people.get(desk, person)
    files = sameness.ids(desk, person)
    given = consents.of_person(desk, person)
    closed = consents.closed_fields(consents.allowed(desk, person))
    open_tasks = tasks.lines(desk, "all", person=person)
    met = people.mentions(desk, person)
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
        closed=closed, site=named(desk, "site", found.site or None),
        opened_by=named(desk, "member", found.created_by),
        opened_at=found.created_at, consent_until=consents.valid_until(desk, given),
        consents=[consent for one in files for consent in consents.consents(desk, one)], tasks=open_tasks,
        next=next((task for task in open_tasks if task.due), open_tasks[0] if open_tasks else None),
        entries=entries.of_person(desk, person), timeline=timeline(desk, found, met), encounters=len(met),
        last_contact=met[0].at if met else None,
        delivery=desk.archive.delivery("young_person", person), conflicts=encounters.conflict_paths(found.conflicts),
        deleted=found.deleted, held_until=deletion.held_until(desk, person), merged=sameness.merged(desk, person),
    )  # fmt: skip


def timeline(desk: Desk, person: YoungPerson, met: list[Encounter]) -> list[TimelineItem]:
    """Encounters, parts in groups, tasks done and consents, newest first."""
    files = sameness.ids(desk, person.id)
    parts = {part.encounter: part for part in _parts(desk, files)}
    states = review.states(desk, "encounter", [e.id for e in met[:TIMELINE]])
    items = [_met(desk, e, parts.get(e.id), states[e.id]) for e in met[:TIMELINE]]
    items += [_done(desk, task) for task in _tasks_done(desk, files)]
    items += [_consent(desk, consent) for one in files for consent in consents.consents(desk, one)]
    return sorted(items, key=lambda i: (i.day, i.at.timestamp() if i.at else 0.0, i.id), reverse=True)[:TIMELINE]


def _parts(desk: Desk, files: Sequence[str]) -> list[Participation]:
    query = select(Participation).where(col(Participation.person).in_(files), col(Participation.deleted).is_(False))
    return list(desk.read.exec(query))


def _tasks_done(desk: Desk, files: Sequence[str]) -> list[Task]:
    query = select(Task).where(
        col(Task.person).in_(files), col(Task.done_at).is_not(None), col(Task.deleted).is_(False)
    )
    return list(desk.read.exec(query.order_by(col(Task.done_at).desc()).limit(TIMELINE)))


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


def _consent(desk: Desk, consent: ConsentView) -> TimelineItem:
    day = consent.revoked_on or consent.given_on
    return TimelineItem("consent", consent.id, None, day, consent.purpose, "", [], None, consent.by, consent.state)
