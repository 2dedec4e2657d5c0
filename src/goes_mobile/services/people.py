"""Young people: finding, listing, the file. Alias first; names only where a consent allows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func
from sqlmodel import col, or_, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.case import OVER, Case
from goes_mobile.records.consent import Consent, open_categories
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.participation import Participation
from goes_mobile.records.task import Task
from goes_mobile.records.values import diff
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import ages, alike, consents, sameness
from goes_mobile.services.desk import Desk, Named, Versions
from goes_mobile.services.likeness import ALIKE, Traits, likeness, match
from goes_mobile.services.names import named
from goes_mobile.services.sameness import Classes
from goes_mobile.store.change import Change

Which = Literal["mine", "open", "all"]
CLOSE_MATCH = 68


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A young person in a list."""

    id: str
    alias: str = field(repr=False)
    age: int | None
    age_exact: bool
    """False if only the year of birth is known."""
    outside: bool
    """Outside 14 to 27: welcome, counted separately."""
    municipality: str
    last_contact: datetime | None
    open_tasks: int
    overdue: int
    mine: bool
    consent_until: date | None
    """``date.max`` for a consent without an end, None without a valid one."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    lines: list[PersonLine]
    mine: int
    open: int
    all: int
    more: bool


@dataclass(frozen=True, slots=True)
class Similar:
    """„Ist das dieselbe Person?“ — ``why``: phone, name, sound, birth_year."""

    line: PersonLine
    score: int
    why: list[str]


@dataclass(slots=True)
class PersonForm:
    """A new young person. Only the alias is needed; what identifies needs a consent first."""

    alias: str = field(default="", repr=False)
    birth_year: int | None = None
    gender: str | None = None
    municipality: str = ""
    languages: list[str] = field(default_factory=list)
    site: str = ""


@dataclass(slots=True)
class _Facts:
    """What is asked once for all people of a list; of files that are one person's all together, by the oldest."""

    together: Classes

    last: dict[str, datetime]
    mine: set[str]
    tasks: dict[str, list[date | None]]
    consents: dict[str, list[Consent]]


def create(desk: Desk, form: PersonForm) -> list[Change]:
    """A new file with an alias."""
    return [Change("young_person", desk.new_id(), new_values(desk, form))]


def new_values(desk: Desk, form: PersonForm) -> dict[str, Any]:
    if not form.alias.strip():
        raise InputRefused("required", field="alias")
    values = {
        "alias": form.alias, "site": form.site or desk.me.site, "birth_year": form.birth_year, "gender": form.gender,
        "municipality": form.municipality, "languages": form.languages,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def change(desk: Desk, person: str, values: Mapping[str, Any], base: Versions | None = None) -> list[Change]:
    """Changes fields of a file; what identifies is refused without a valid consent."""
    found = get(desk, person)
    consents.refuse_closed(values, consents.allowed(desk, person))
    if "alias" in values and not str(values["alias"] or "").strip():
        raise InputRefused("required", field="alias")
    told = diff("young_person", found.model_dump(), values)
    return [Change("young_person", person, told, base=base)] if told else []


def get(desk: Desk, person: str) -> YoungPerson:
    found = desk.read.get(YoungPerson, person)
    if found is None:
        raise InputRefused("unknown_record", field="person")
    return found


def lines(desk: Desk, which: Which = "mine", text: str = "", limit: int = 50, offset: int = 0) -> PeoplePage:
    """A page of the list: who was met last comes first. With ``text`` the best match comes first."""
    facts = _facts(desk)
    people, files = _alive(desk, facts.together)
    mine = [p for p in people if p.id in facts.mine]
    waiting = [p for p in people if facts.tasks.get(p.id)]
    chosen = {"mine": mine, "open": waiting, "all": people}[which]
    if text.strip():
        chosen = [person for person, _ in _ranked(desk, text, chosen, files, facts)]
    else:
        chosen = sorted(chosen, key=lambda p: (-_stamp(facts.last.get(p.id)), p.alias.casefold(), p.id))
    page = chosen[offset : offset + limit]
    return PeoplePage(
        [_line(desk, person, facts) for person in page], len(mine), len(waiting), len(people),
        more=offset + limit < len(chosen),
    )  # fmt: skip


def find(desk: Desk, text: str, limit: int = 8) -> list[PersonLine]:
    """While typing: best match first. Creating somebody new is the last row of the screen's sheet."""
    if not text.strip():
        return lines(desk, "mine", limit=limit).lines
    facts = _facts(desk)
    people, files = _alive(desk, facts.together)
    return [_line(desk, person, facts) for person, _ in _ranked(desk, text, people, files, facts)[:limit]]


def similar(
    desk: Desk, alias: str, given: str = "", family: str = "", birth_year: int | None = None, phone: str = ""
) -> list[Similar]:
    """Files that could be the same person; asked about while typing, never decided by the program."""
    names = tuple(name for name in (alias, f"{given} {family}".strip()) if name.strip())
    wanted = Traits(names, birth_year, phone)
    together = sameness.classes(desk)
    near = {one for person in alike.table(desk).near(wanted) for one in together.ids(person)}
    facts = _facts(desk, sorted(near))
    people, files = _alive(desk, together, near)
    found = []
    for person in people:
        traits = (_traits(file, facts, desk) for file in files.get(person.id, [person]))
        score, why = max((likeness(wanted, of_file) for of_file in traits), key=lambda pair: pair[0])
        if score >= ALIKE and why:
            found.append(Similar(_line(desk, person, facts), score, why))
    return sorted(found, key=lambda s: -s.score)[:5]


def line(desk: Desk, person: str) -> PersonLine | None:
    files = sameness.ids(desk, person)
    found = desk.read.get(YoungPerson, files[0])
    return _line(desk, found, _facts(desk, files)) if found else None


Files = Mapping[str, Sequence[YoungPerson]]
"""All files of those who have several, by the oldest."""


def _alive(desk: Desk, together: Classes, only: Collection[str] | None = None) -> tuple[list[YoungPerson], Files]:
    query = select(YoungPerson).where(col(YoungPerson.deleted).is_(False))
    found = list(desk.read.exec(query if only is None else query.where(col(YoungPerson.id).in_(only))))
    files: dict[str, list[YoungPerson]] = {}
    for person in found:
        if person.id in together.of:
            files.setdefault(together.shown(person.id), []).append(person)
    return [person for person in found if together.shown(person.id) == person.id], files


def _ranked(
    desk: Desk, text: str, people: Sequence[YoungPerson], files: Files, facts: _Facts
) -> list[tuple[YoungPerson, int]]:
    scored = []
    bare = "".join(c for c in text if c.isdigit())
    for person in people:
        traits = [_traits(file, facts, desk) for file in files.get(person.id, [person])]
        score = max((match(text, name) for of_file in traits for name in of_file.names), default=0)
        phones = ("".join(c for c in of_file.phone if c.isdigit()) for of_file in traits)
        if len(bare) >= 4 and any(bare in phone for phone in phones):
            score = 100
        if score >= CLOSE_MATCH:
            scored.append((person, score))
    return sorted(
        scored, key=lambda s: (-s[1], s[0].id not in facts.mine, -_stamp(facts.last.get(s[0].id)), s[0].alias)
    )


def _traits(person: YoungPerson, facts: _Facts, desk: Desk) -> Traits:
    """Names and phone count only where a consent allows them."""
    allowed = open_categories(facts.consents.get(person.id, ()), desk.today)
    names = [person.alias]
    if "identity" in allowed:
        names += [person.given_name, person.family_name, f"{person.given_name} {person.family_name}"]
    phone = person.phone if "contact" in allowed else ""
    return Traits(tuple(name.strip() for name in names if name.strip()), person.birth_year, phone)


def _line(desk: Desk, person: YoungPerson, facts: _Facts) -> PersonLine:
    age = ages.age_of(desk, person)
    due = facts.tasks.get(person.id, [])
    return PersonLine(
        id=person.id, alias=person.alias, age=age, age_exact=person.birth_date is not None,
        outside=ages.outside(desk, age), municipality=person.municipality, last_contact=facts.last.get(person.id),
        open_tasks=len(due), overdue=sum(day is not None and day < desk.today for day in due),
        mine=person.id in facts.mine, consent_until=consents.valid_until(desk, facts.consents.get(person.id, ())),
    )  # fmt: skip


def _facts(desk: Desk, only: Sequence[str] | None = None) -> _Facts:
    """Last contact, whose people, open tasks and consents, each in one query."""
    together = sameness.classes(desk)
    last: dict[str, datetime] = {}
    mine: set[str] = set()

    def some(column: Any) -> Any:
        return column.in_(only) if only is not None else column.is_not(None)

    alive = col(Encounter.deleted).is_(False)
    alone = select(col(Encounter.subject), col(Encounter.created_by), func.max(Encounter.at)).where(
        alive, some(col(Encounter.subject))
    )
    within = select(col(Participation.person), col(Encounter.created_by), func.max(Encounter.at)).join(
        Encounter, col(Encounter.id) == col(Participation.encounter)
    ).where(alive, col(Participation.deleted).is_(False), some(col(Participation.person)))  # fmt: skip
    for query in (
        alone.group_by(col(Encounter.subject), col(Encounter.created_by)),
        within.group_by(col(Participation.person), col(Encounter.created_by)),
    ):
        for subject, author, at in desk.read.exec(query):
            if subject is None:
                continue
            moment, shown = datetime.fromisoformat(at) if isinstance(at, str) else at, together.shown(subject)
            last[shown] = max(last.get(shown, moment), moment)
            if author == desk.me.member:
                mine.add(shown)
    tasks: dict[str, list[date | None]] = {}
    waiting = select(col(Task.person), col(Task.due), col(Task.assignee)).where(
        col(Task.done_at).is_(None), col(Task.deleted).is_(False), some(col(Task.person))
    )
    for person, due, assignee in desk.read.exec(waiting):
        shown = together.shown(person or "")
        tasks.setdefault(shown, []).append(due)
        if assignee == desk.me.member:
            mine.add(shown)
    made = select(YoungPerson.id).where(YoungPerson.created_by == desk.me.member, some(col(YoungPerson.id)))
    mine.update(map(together.shown, desk.read.exec(made)))
    given: dict[str, list[Consent]] = {}
    for consent in desk.read.exec(select(Consent).where(col(Consent.deleted).is_(False), some(col(Consent.person)))):
        given.setdefault(consent.person, []).append(consent)
    return _Facts(together, last, mine, tasks, given)


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def mentions(desk: Desk, person: str) -> list[Encounter]:
    """Every encounter with somebody, alone or in a group, newest first."""
    files = sameness.ids(desk, person)
    groups = select(Participation.encounter).where(
        col(Participation.person).in_(files), col(Participation.deleted).is_(False)
    )
    query = select(Encounter).where(
        or_(col(Encounter.subject).in_(files), col(Encounter.id).in_(groups)), col(Encounter.deleted).is_(False)
    )
    return list(desk.read.exec(query.order_by(col(Encounter.at).desc())))


def coach(desk: Desk, person: YoungPerson) -> Named | None:
    """Who accompanies somebody: the coach of the case that runs; without one nobody does."""
    running = select(Case.coach).where(
        Case.person == person.id, col(Case.deleted).is_(False), col(Case.state).not_in(OVER)
    )
    return named(desk, "member", desk.read.exec(running.order_by(col(Case.starts).desc())).first())
