"""Auskunft (Art. 15 and 20 GDPR): everything held about a young person, in words and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import display, registry
from goes_mobile.records.base import Record
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.participation import Participation
from goes_mobile.records.presets import Retention
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import accesses, history, sameness
from goes_mobile.services.accesses import AccessLine
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import name_of, say, title
from goes_mobile.services.scripting import plain as as_json

ROLES = ("supervisor", "office")
_ORDER = ("young_person", "consent", "encounter", "participation", "task", "attachment")
"""As somebody reads it; what else there is comes after."""
_LEFT_OUT = {
    "conflicts", "version", "subject", "deleted", "extra", "created_at", "created_by", "changed_at", "changed_by",
    "record_kind", "seen", "draft", "size",
}  # fmt: skip
"""What the program keeps for itself, or what the steps tell better."""


@dataclass(frozen=True, slots=True)
class Item:
    """One field in words. ``check``: free text that may speak of others, to be read before it is handed out."""

    name: str
    label: str
    words: str = field(repr=False)
    check: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did to a record."""

    at: datetime
    who: str = field(repr=False)
    sort: str
    changes: list[str] = field(repr=False)
    check: bool
    """Free text is among them."""


@dataclass(frozen=True, slots=True)
class Held:
    """One record. ``shared``: it speaks of a whole group, so it is here for what concerns this person alone."""

    kind: str
    id: str
    label: str
    title: str = field(repr=False)
    deleted: bool
    shared: bool
    items: list[Item]
    steps: list[Step]
    values: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """Who can read the file now."""

    group: str
    site: str
    members: list[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Disclosure:
    person: str
    alias: str = field(repr=False)
    county: str
    made_at: datetime
    """In the county's own time, like all that is written of it."""
    made_by: str = field(repr=False)
    records: list[Held]
    access: list[Access]
    keeping: list[Retention]
    """The county's rules: when what is deleted."""
    looks: list[AccessLine]
    """Who has opened it, or given something of it out; newest first."""

    @property
    def to_check(self) -> int:
        """How many texts somebody has to read first."""
        texts = (item.check for record in self.records for item in record.items)
        return sum(texts) + sum(step.check for record in self.records for step in record.steps)


def of_person(desk: Desk, person: str) -> Disclosure:
    """Everything in the file. For supervisors and offices of the person's site: others are told whom to ask."""
    found = desk.read.get(YoungPerson, person)
    if found is None:
        raise InputRefused("unknown_record")
    if desk.me.role not in ROLES or found.site not in desk.me.sites:
        raise InputRefused("disclosure_role", site=name_of(desk, "site", found.site))
    names = [kind.name for kind in registry.kinds() if not kind.trace]
    names.sort(key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    records = []
    files = sameness.ids(desk, person)
    for name, one in product(names, files):
        records += [_held(desk, one, name, row) for row in _rows(desk, name, one)]
        if name == "encounter":
            records += [_held(desk, one, name, row, shared=True) for row in _groups(desk, one)]
    access = [
        Access(reader.group, name_of(desk, "site", reader.site) if reader.site else "",
               sorted(name_of(desk, "member", member) for member in reader.members))
        for reader in desk.archive.readers(person)
    ]  # fmt: skip
    return Disclosure(
        person, found.alias, desk.preset.county, desk.now.astimezone(desk.zone), desk.me.name, records, access,
        [*desk.preset.retention], [line for one in files for line in accesses.of_person(desk, one)],
    )  # fmt: skip


def _rows(desk: Desk, kind: str, person: str) -> list[Record]:
    cls = registry.kind(kind).cls
    return list(desk.read.exec(select(cls).where(cls.subject == person).order_by(col(cls.created_at))))


def _groups(desk: Desk, person: str) -> list[Encounter]:
    """Group encounters in which the person took part."""
    parts = select(Participation.encounter).where(Participation.person == person)
    query = select(Encounter).where(col(Encounter.id).in_(parts)).order_by(col(Encounter.at))
    return [encounter for encounter in desk.read.exec(query) if encounter.subject != person]


def _held(desk: Desk, person: str, kind: str, row: Record, *, shared: bool = False) -> Held:
    told = {
        name: info for name, info in registry.kind(kind).all_fields.items()
        if name not in _LEFT_OUT and not info.blob and getattr(row, name) not in (person, [person])
        and (name != "site" or kind == "young_person")
    }  # fmt: skip
    items = []
    for name, info in told.items():
        words = _about(desk, row) if info.ref == "*" else say(desk, kind, name, getattr(row, name))
        if words:
            items.append(Item(name, display.label(kind, name, desk.language), words, _free(info)))
    steps = [] if shared else [_step(step, told) for step in history.rows(desk, kind, row.id)]
    label, values = display.kind_label(kind, desk.language), as_json(desk, kind, row.id)
    return Held(kind, row.id, label, title(desk, kind, row.id), row.deleted, shared, items, steps, values)


def _about(desk: Desk, row: Record) -> str:
    """What a review or a request speaks of."""
    kind = getattr(row, "record_kind", "")
    return title(desk, kind, getattr(row, "record", "")) if registry.known(kind) else ""


def _free(info: FieldInfo) -> bool:
    """Text in somebody's own words, about whomever; what a consent covers is the person's own."""
    return (
        info.type is str and not info.codes and not info.ref and (info.multiline or info.sensitive) and not info.consent
    )


def _step(row: history.HistoryRow, told: Mapping[str, FieldInfo]) -> Step:
    """What was there first stands above already, unless it was changed since: then the change tells it."""
    changes = [c for c in row.changes if (c.old or c.new) and c.path.partition("/")[0] in told and row.sort != "made"]
    words = [f"{c.label}: {c.old or '–'} → {c.new or '–'}" for c in changes]
    check = any(_free(told[c.path.partition("/")[0]]) for c in changes)
    return Step(row.at, row.who.name if row.who else "", row.sort, words, check)


def plain(disclosure: Disclosure) -> dict[str, Any]:
    """The same for machines (Art. 20): codes as they are, and in words."""
    return {
        "person": disclosure.person, "alias": disclosure.alias, "county": disclosure.county,
        "made_at": disclosure.made_at.isoformat(), "made_by": disclosure.made_by, "to_check": disclosure.to_check,
        "records": [
            {
                "kind": record.kind, "id": record.id, "label": record.label, "title": record.title,
                "deleted": record.deleted, "shared": record.shared, "values": record.values,
                "fields": [
                    {"field": i.name, "label": i.label, "words": i.words, "check": i.check} for i in record.items
                ],
                "history": [
                    {"at": s.at.isoformat(), "who": s.who, "what": s.sort, "changes": s.changes, "check": s.check}
                    for s in record.steps
                ],
            }
            for record in disclosure.records
        ],
        "kept": [{"kind": r.kind, "months": r.months, "counted_from": r.counted_from} for r in disclosure.keeping],
        "access": [{"group": a.group, "site": a.site, "members": a.members} for a in disclosure.access],
        "accesses": [
            {"at": line.at.isoformat(), "who": line.who.name if line.who else "", "device": line.device,
             "device_name": line.called, "what": line.what, "document": line.document}
            for line in disclosure.looks
        ],
    }  # fmt: skip
