"""The ten-second capture: anonymous by default, and what the running outing knows is filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import ages as bands
from goes_mobile.records import codes
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.hints import Hint, hints
from goes_mobile.records.participation import Participation
from goes_mobile.records.stop import Stop
from goes_mobile.records.task import Task
from goes_mobile.records.values import diff
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import ages, consents, organisation, outing, people
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.draft import (
    KEY,
    NO_GENDER,
    UNKNOWN_AGE,
    CaptureDraft,
    DraftPerson,
    add_person,
    remove_person,
    tap,
    undo_tap,
)
from goes_mobile.services.names import name_of, place_words
from goes_mobile.store.change import Change

__all__ = [
    "CaptureDraft", "Choices", "DraftLine", "DraftPerson", "add_person", "after_save", "check", "choices", "correction",
    "draft_lines", "drop_draft", "keep_draft", "known_person", "like_last", "load_draft", "new_draft", "new_person",
    "participations", "remove_person", "save", "tap", "undo_tap", "where",
]  # fmt: skip

FIELDS = (
    "at", "minutes", "place", "place_note", "stop", "municipality", "setting", "work_form", "contact_type", "topics",
    "actions", "mood", "note", "outcome", "next_step", "next_step_on", "outing",
)  # fmt: skip
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft on *Heute*."""

    id: str
    at: datetime
    where: str = field(repr=False)
    topics: list[str]
    changed_at: datetime | None
    corrects: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the chips and sheets offer; lists of codes with one's own most used first."""

    topics: list[str]
    actions: list[str]
    work_forms: list[str]
    places: list[str]
    stops: list[Named]
    municipalities: list[str]
    team: list[Named]
    sites: list[Named]


def new_draft(desk: Desk, person: str | None = None) -> CaptureDraft:
    """An empty encounter with what is known: the running outing's place and form, else what one did last."""
    draft = CaptureDraft(desk.new_id(), desk.now, site=desk.me.site, task=desk.new_id())
    on_the_road = outing.running_record(desk)
    if on_the_road is not None:
        draft.outing, draft.site, draft.work_form = on_the_road.id, on_the_road.site, "street_work"
        if at_stop := outing.here(on_the_road):
            _place_at(desk, draft, at_stop[1].stop, at_stop[1].place_name)
    elif desk.me.role == "office":
        draft.place, draft.work_form = "office", "single_advice"
        site = desk.preset.site_of(desk.me.site)
        draft.municipality = site.municipality if site else ""
    if person is not None:
        add_person(draft, known_person(desk, person))
    return draft


def _place_at(desk: Desk, draft: CaptureDraft, stop: str | None, name: str) -> None:
    draft.place, draft.stop, draft.place_note = "stop" if stop else "street", stop, "" if stop else name
    found = desk.read.get(Stop, stop) if stop else None
    draft.municipality = found.municipality if found else ""


def known_person(desk: Desk, person: str) -> DraftPerson:
    """Somebody with a file, for a draft."""
    found = people.get(desk, person)
    return DraftPerson(found.id, found.alias)


def new_person(desk: Desk, alias: str, birth_year: int | None = None, gender: str | None = None) -> DraftPerson:
    """Somebody created on the fly: the file is written together with the encounter."""
    if not alias.strip():
        raise InputRefused("required", field="alias")
    return DraftPerson(desk.new_id(), alias.strip(), True, birth_year, gender)


def like_last(desk: Desk, draft: CaptureDraft) -> dict[str, Any]:
    """What the last encounter with the draft's young person was about, without one my own last; empty if there is none.

    Counted facts alone: what was told and what comes next is of another day.
    """
    person = next((one.id for one in draft.people if not one.new), None)
    if person is not None:
        last = next(iter(people.mentions(desk, person)), None)
    else:
        mine = select(Encounter).where(Encounter.created_by == desk.me.member, col(Encounter.deleted).is_(False))
        last = desk.read.exec(mine.order_by(col(Encounter.at).desc()).limit(1)).first()
    if last is None:
        return {}
    told = {name: getattr(last, name) for name in ("topics", "actions", "minutes", "work_form")}
    return {**told, **({"contact_type": "repeat"} if person is not None else {})}


def correction(desk: Desk, encounter: str) -> CaptureDraft:
    """A draft filled from a record, with the versions the person now sees: nobody's later edit is lost by saving it."""
    found = desk.read.get(Encounter, encounter)
    if found is None:
        raise InputRefused("unknown_record", field="encounter")
    draft = CaptureDraft(found.id, found.at, site=found.site, corrects=True)
    for name in FIELDS:
        setattr(draft, name, getattr(found, name))
    draft.setting = found.setting if found.setting in ("group", "event") else "single"  # type: ignore[assignment]
    draft.counts = {age: dict(row) for age, row in found.head_counts.items()}
    parts = [] if found.people else participations(desk, found.id)
    draft.people = [_person_of(desk, person) for person in found.people]
    draft.people += [_part_of(desk, part) for part in parts]
    if draft.setting == "single" and not draft.people and draft.counted == 1:
        draft.age, draft.gender = next((age, gender) for age, row in draft.counts.items() for gender in row)
        draft.counts = {}
    step = _task_of(desk, found)
    draft.task = step.id if step else desk.new_id()
    draft.next_step_for = step.assignee if step else None
    draft.before = _plain(_values(draft))
    versions = desk.archive.versions("encounter", encounter)
    draft.base = {path: [op.hex() for op in ops] for path, ops in versions.items()}
    return draft


def _person_of(desk: Desk, person: str) -> DraftPerson:
    return DraftPerson(person, name_of(desk, "young_person", person))


def _part_of(desk: Desk, part: Participation) -> DraftPerson:
    person = _person_of(desk, part.person)
    person.note, person.mood, person.next_step = part.note, part.mood, part.next_step
    return person


def _task_of(desk: Desk, encounter: Encounter) -> Task | None:
    """The task its next step became."""
    if not encounter.next_step:
        return None
    query = select(Task).where(
        Task.about_id == encounter.id, Task.title == encounter.next_step, col(Task.deleted).is_(False)
    )
    return desk.read.exec(query.order_by(col(Task.created_at))).first()


def check(desk: Desk, draft: CaptureDraft) -> list[Hint]:
    """What is worth a second look; never a reason not to save."""
    found = hints("encounter", _values(draft), desk.now)
    for person in draft.people:
        record = None if person.new else desk.read.get(YoungPerson, person.id)
        age = ages.age_of(desk, record) if record else ages.age_in(desk, person.birth_year)
        if age is not None and ages.outside(desk, age):
            found.append(Hint("people", "outside_age", {"age": age}))
    if not draft.topics and not draft.actions and not draft.note.strip():
        found.append(Hint("topics", "nothing_chosen"))
    return found


def save(desk: Desk, draft: CaptureDraft) -> list[Change]:
    """The encounter and what follows from it, as one plan: new files, participations, the next step's task."""
    if draft.corrects:
        return _corrected(desk, draft)
    values = {name: value for name, value in _values(draft).items() if value not in (None, "", [], {})}
    values["site"] = draft.site or desk.me.site
    alone = _alone(draft)
    if alone:
        values["people"] = [alone.id]
    elif draft.setting != "single":
        values["head_counts"] = _with_known(desk, draft)
    changes = [_new_file(desk, draft, person) for person in draft.people if person.new]
    changes.append(Change("encounter", draft.id, values))
    if not alone:
        changes += [change for person in draft.people for change in _participation(desk, draft, person)]
    return [*changes, *_next_step(desk, draft, alone)]


def _alone(draft: CaptureDraft) -> DraftPerson | None:
    """The one known person of a single talk: the encounter lives in their file."""
    return draft.people[0] if draft.setting == "single" and len(draft.people) == 1 else None


def _values(draft: CaptureDraft) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in FIELDS}
    values["head_counts"] = draft.counts
    if draft.setting == "single":
        cell = {draft.age or UNKNOWN_AGE: {draft.gender or NO_GENDER: 1}}
        values["head_counts"] = {} if draft.people else cell
    return values


def _with_known(desk: Desk, draft: CaptureDraft) -> dict[str, dict[str, int]]:
    """The tally holds known people too; who was not tapped is counted by what the file says."""
    counts = {age: dict(row) for age, row in draft.counts.items()}
    for person in draft.people[draft.counted :]:
        age, gender = _cell(desk, draft, person)
        row = counts.setdefault(age, {})
        row[gender] = row.get(gender, 0) + 1
    return counts


def _cell(desk: Desk, draft: CaptureDraft, person: DraftPerson) -> tuple[str, str]:
    found = None if person.new else desk.read.get(YoungPerson, person.id)
    if found is None:
        return bands.age_band(desk.day_of(draft.at), person.birth_year), person.gender or NO_GENDER
    return ages.band_of(found, desk.day_of(draft.at)), found.gender or NO_GENDER


def _new_file(desk: Desk, draft: CaptureDraft, person: DraftPerson) -> Change:
    form = people.PersonForm(
        person.alias, person.birth_year, person.gender, person.municipality or draft.municipality, site=draft.site
    )
    return Change("young_person", person.id, people.new_values(desk, form))


def _participation(desk: Desk, draft: CaptureDraft, person: DraftPerson) -> list[Change]:
    values: dict[str, Any] = {"person": person.id, "encounter": draft.id, "site": draft.site or desk.me.site}
    values |= {name: value for name in ("note", "mood", "next_step") if (value := getattr(person, name))}
    changes = [Change("participation", desk.new_id(), values)]
    if person.next_step.strip():
        task = {
            "title": person.next_step, "due": draft.next_step_on, "assignee": draft.next_step_for or desk.me.member,
            "person": person.id, "about_kind": "encounter", "about_id": draft.id, "site": draft.site or desk.me.site,
        }  # fmt: skip
        changes.append(Change("task", desk.new_id(), {name: value for name, value in task.items() if value}))
    return changes


def _next_step(desk: Desk, draft: CaptureDraft, alone: DraftPerson | None) -> list[Change]:
    if not draft.next_step.strip():
        return []
    values = {
        "title": draft.next_step, "due": draft.next_step_on, "assignee": draft.next_step_for or desk.me.member,
        "person": alone.id if alone else None, "about_kind": "encounter", "about_id": draft.id,
        "site": draft.site or desk.me.site,
    }  # fmt: skip
    return [Change("task", draft.task or desk.new_id(), {name: value for name, value in values.items() if value})]


def _corrected(desk: Desk, draft: CaptureDraft) -> list[Change]:
    """Only what the person changed, on top of what they saw."""
    found = desk.read.get(Encounter, draft.id)
    if found is None:
        raise InputRefused("unknown_record", field="encounter")
    alone = _alone(draft)
    before, now = _from_plain(draft.before), _values(draft)
    before["people"], now["people"] = found.people, [alone.id] if alone else []
    told = diff("encounter", before, now)
    base = {path: tuple(bytes.fromhex(op) for op in ops) for path, ops in draft.base.items()}
    changes = [_new_file(desk, draft, person) for person in draft.people if person.new]
    if alone and alone.id not in found.people:
        _may_name(desk, alone)
    if told:
        changes.append(Change("encounter", draft.id, told, base=base))
    changes += _parts_of(desk, draft, alone)
    return changes + _step_again(desk, draft, alone, told)


def _may_name(desk: Desk, person: DraftPerson) -> None:
    """An anonymous encounter is linked to somebody only with their recorded consent."""
    if person.new or not consents.allowed(desk, person.id):
        raise InputRefused("needs_consent", field="people", category="encounters")


def _parts_of(desk: Desk, draft: CaptureDraft, alone: DraftPerson | None) -> list[Change]:
    """Who took part in the group, after the correction."""
    known = {part.person: part for part in participations(desk, draft.id)}
    wanted = {} if alone else {person.id: person for person in draft.people}
    changes = [Change("participation", part.id, delete=True) for who, part in known.items() if who not in wanted]
    for who, person in wanted.items():
        if who not in known:
            changes += _participation(desk, draft, person)
            continue
        told = diff("participation", known[who].model_dump(), {"note": person.note, "mood": person.mood})
        changes += [Change("participation", known[who].id, told)] if told else []
    return changes


def participations(desk: Desk, encounter: str) -> list[Participation]:
    """The known people's parts in a group encounter, as far as this device may read their files."""
    query = select(Participation).where(Participation.encounter == encounter, col(Participation.deleted).is_(False))
    return list(desk.read.exec(query.order_by(col(Participation.id))))


def _step_again(desk: Desk, draft: CaptureDraft, alone: DraftPerson | None, told: Mapping[str, Any]) -> list[Change]:
    """The next step's task follows what was corrected."""
    task = desk.read.get(Task, draft.task)
    if task is None:
        return _next_step(desk, draft, alone) if "next_step" in told else []
    if not draft.next_step.strip():
        return [Change("task", draft.task, delete=True)]
    wanted = {"title": draft.next_step, "due": draft.next_step_on, "person": alone.id if alone else None}
    if draft.next_step_for:
        wanted["assignee"] = draft.next_step_for
    again = diff("task", task.model_dump(), wanted)
    return [Change("task", draft.task, again)] if again else []


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if name in ("at", "next_step_on") and value else value for name, value in values.items()
    }


def _from_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(values)
    if read.get("at"):
        read["at"] = datetime.fromisoformat(read["at"])
    if read.get("next_step_on"):
        read["next_step_on"] = datetime.fromisoformat(read["next_step_on"]).date()
    return read


def keep_draft(desk: Desk, draft: CaptureDraft) -> None:
    """Keeps what was typed as a sealed row of this device; an empty battery loses nothing."""
    draft.changed_at = desk.now
    desk.archive.drafts.save(KEY + draft.id, draft.to_dict())


def load_draft(desk: Desk, draft: str) -> CaptureDraft | None:
    kept = desk.archive.drafts.load(KEY + draft)
    return CaptureDraft.from_dict(kept) if kept else None


def drop_draft(desk: Desk, draft: str) -> None:
    desk.archive.drafts.drop(KEY + draft)


def after_save(desk: Desk, draft: CaptureDraft) -> None:
    """The encounter is on disk; its draft is not needed any more."""
    drop_draft(desk, draft.id)


def draft_lines(desk: Desk) -> list[DraftLine]:
    """What was begun and not saved, newest first."""
    found = [load_draft(desk, key.removeprefix(KEY)) for key in desk.archive.drafts.list() if key.startswith(KEY)]
    drafts = sorted((d for d in found if d is not None), key=lambda d: d.changed_at or d.at, reverse=True)
    return [DraftLine(d.id, d.at, where(desk, d), d.topics, d.changed_at, d.corrects) for d in drafts]


def where(desk: Desk, draft: CaptureDraft) -> str:
    """The place of a draft in words."""
    return place_words(desk, draft.stop, draft.place_note, draft.place, draft.municipality)


def choices(desk: Desk) -> Choices:
    """Chips and sheets: codes that are offered, one's own most used of the last months first."""
    recent = select(Encounter.topics, Encounter.actions).where(
        Encounter.created_by == desk.me.member,
        col(Encounter.at) >= desk.now - RECENT,
        col(Encounter.deleted).is_(False),
    )
    topics: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for used_topics, used_actions in desk.read.exec(recent.order_by(col(Encounter.at).desc()).limit(500)):
        topics.update(used_topics)
        actions.update(used_actions)
    stops = [Named(stop.id, stop.name) for stop in organisation.stops(desk) if stop.active]
    return Choices(
        _by_use(desk, "topic", topics), _by_use(desk, "action", actions), list(codes.choices("work_form", desk.preset)),
        list(codes.choices("place", desk.preset)), stops, list(desk.preset.municipalities),
        organisation.colleagues(desk, desk.me.site), [Named(s.id, s.name) for s in organisation.sites(desk) if s.mine],
    )  # fmt: skip


def _by_use(desk: Desk, name: str, used: Counter[str]) -> list[str]:
    offered = list(codes.choices(name, desk.preset))
    return sorted(offered, key=lambda code: (-used[code], offered.index(code)))
