"""Entries: records of the kinds that the general form and page are for, one young person's or nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.records.base import Record
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.values import diff
from goes_mobile.services import agreements, encounters, filed, organisation, people, situations
from goes_mobile.services.desk import Desk, Named, Versions
from goes_mobile.services.names import named, say, title, titled
from goes_mobile.store.change import Change
from goes_mobile.store.model import Delivery


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list. ``said``: its listed fields in words."""

    kind: str
    id: str
    day: date
    title: str = field(repr=False)
    said: list[str] = field(repr=False)
    author: Named | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry. ``facts``: the fields that are filled, by name, in words; long ones among ``texts``."""

    kind: str
    id: str
    person: Named | None
    title: str = field(repr=False)
    day: date
    facts: dict[str, str] = field(repr=False)
    texts: dict[str, str] = field(repr=False)
    author: Named | None
    changed_at: datetime | None
    changed_by: Named | None
    delivery: Delivery
    conflicts: list[str]
    deleted: bool


@dataclass(frozen=True, slots=True)
class EntryForm:
    """A form's beginning. ``refs``: what its fields may refer to, by kind; ``base``: what the person saw."""

    values: dict[str, Any] = field(repr=False)
    refs: dict[str, list[Named]] = field(repr=False)
    base: Versions | None = None
    person: Named | None = None


def general(kind: str) -> registry.Kind:
    """The kind, if the general form is for it."""
    known = registry.kind(kind)
    if not known.general:
        raise InputRefused("unknown_record", field="kind")
    return known


def of_person(desk: Desk, person: str) -> dict[str, list[EntryLine]]:
    """The entries of somebody's file by kind, newest first; kinds without any are left out."""
    found = {}
    for known in registry.kinds():
        if not (known.general and "person" in known.fields):
            continue
        filed_here = filed.records(desk, known.name, person)
        if known.name == "referral":  # files offered to a site have a screen of their own
            filed_here = [one for one in filed_here if not one.to]
        if rows := lined(desk, known, filed_here):
            found[known.name] = rows
    return found


def all_of(desk: Desk, kind: str) -> list[EntryLine]:
    """Every entry of a kind, newest first."""
    known = general(kind)
    return lined(desk, known, desk.read.exec(select(known.cls).where(col(known.cls.deleted).is_(False))))


def lined(desk: Desk, known: registry.Kind, found: Iterable[Record]) -> list[EntryLine]:
    lines = [line(desk, known, record) for record in found]
    return sorted(lines, key=lambda one: (one.day, one.id), reverse=True)


def line(desk: Desk, known: registry.Kind, found: Record) -> EntryLine:
    shown = (info.name for info in known.listed if info.name not in (*known.titled, known.dated))
    said = [say(desk, known.name, name, getattr(found, name)) for name in shown]
    return EntryLine(
        known.name, found.id, _day(desk, known, found), titled(desk, known.name, found), [s for s in said if s],
        named(desk, "member", found.created_by or None),
    )  # fmt: skip


def _day(desk: Desk, known: registry.Kind, found: Record) -> date:
    moment = getattr(found, known.dated) or found.created_at or desk.now
    return desk.day_of(moment) if isinstance(moment, datetime) else moment


def get(desk: Desk, kind: str, record: str) -> Any:
    found = desk.read.get(general(kind).cls, record)
    if found is None:
        raise InputRefused("unknown_record", field="id")
    return found


def detail(desk: Desk, kind: str, record: str) -> EntryView:
    found, known = get(desk, kind, record), general(kind)
    words = {info.name: say(desk, kind, info.name, getattr(found, info.name)) for info in known.form}
    long = {info.name for info in known.form if info.multiline}
    return EntryView(
        kind, found.id, named(desk, "young_person", getattr(found, "person", None)), titled(desk, kind, found),
        _day(desk, known, found), {n: w for n, w in words.items() if w and n not in long},
        {n: w for n, w in words.items() if w and n in long}, named(desk, "member", found.created_by or None),
        found.changed_at, named(desk, "member", found.changed_by or None), desk.archive.delivery(kind, found.id),
        encounters.conflict_paths(found.conflicts), found.deleted,
    )  # fmt: skip


def new_form(desk: Desk, kind: str, person: str | None = None) -> EntryForm:
    """What a new entry begins with: today, whoever works, the file's young person."""
    known = general(kind)
    about = people.get(desk, person) if person else None
    values: dict[str, Any] = {name: info.default for name, info in known.fields.items() if info.default}
    values |= {info.name: _begins(desk, info) for info in known.form if info.begins}
    if kind == "situation" and about is not None:
        values |= situations.begins(desk, about.id)
    return EntryForm(
        values, _refs(desk, known, person), None, Named(about.id, about.alias) if about is not None else None
    )


def _begins(desk: Desk, info: FieldInfo) -> Any:
    if info.begins == "me":
        return desk.me.member
    return desk.now.replace(second=0, microsecond=0) if info.type is datetime else desk.today


def change_form(desk: Desk, kind: str, record: str) -> EntryForm:
    found, known = get(desk, kind, record), general(kind)
    person = getattr(found, "person", None)
    values = found.model_dump()
    return EntryForm(
        {name: values[name] for name in known.fields}, _refs(desk, known, person),
        desk.archive.versions(kind, record), named(desk, "young_person", person),
    )  # fmt: skip


def _refs(desk: Desk, known: registry.Kind, person: str | None) -> dict[str, list[Named]]:
    """The records each reference of the form may name."""
    inner = [field for info in known.form if info.part for field in info.part.values()]
    wanted = {info.ref for info in (*known.form, *inner) if info.ref}
    return {kind: _offered(desk, kind, person) for kind in sorted(wanted)}


def _offered(desk: Desk, kind: str, person: str | None) -> list[Named]:
    if kind == "member":
        return [Named(m.id, m.name) for m in organisation.members(desk)]
    if kind == "site":
        return [Named(s.id, s.name) for s in organisation.sites(desk)]
    if kind == "stop":
        return [Named(s.id, s.name) for s in organisation.stops(desk)]
    cls: Any = registry.kind(kind).cls
    query = select(cls).where(col(cls.deleted).is_(False))
    if "person" in registry.kind(kind).fields:
        query = query.where(cls.person == person)
    return sorted((Named(one.id, title(desk, kind, one.id)) for one in desk.read.exec(query)), key=lambda n: n.name)


def create(desk: Desk, kind: str, person: str | None, values: Mapping[str, Any]) -> list[Change]:
    """A new entry; in somebody's file it belongs to the site of the file."""
    known = general(kind)
    told = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    if person:
        told |= {"person": person, "site": people.get(desk, person).site}
    elif desk.me.site:
        told["site"] = desk.me.site
    _complete(known, told)
    record = desk.new_id()
    return [Change(kind, record, told), *_followed(desk, kind, record, told)]


def change(desk: Desk, kind: str, record: str, values: Mapping[str, Any], base: Versions | None = None) -> list[Change]:
    """Only what differs is written."""
    found, known = get(desk, kind, record), general(kind)
    _complete(known, {**found.model_dump(), **values})
    told = diff(kind, found.model_dump(), values)
    if kind == "goal" and "wording" in told:  # what carries the signature was another sentence
        told |= {"signature": "", "signed_by_person": None}
    if not told:
        return []
    return [Change(kind, record, told, base=base), *_followed(desk, kind, record, {**found.model_dump(), **values})]


def _followed(desk: Desk, kind: str, record: str, values: Mapping[str, Any]) -> list[Change]:
    """What an entry brings with it, in the same transaction."""
    return agreements.tasks_of(desk, record, values) if kind == "case_conference" else []


def _complete(known: registry.Kind, values: Mapping[str, Any]) -> None:
    for info in known.form:
        if info.required and values.get(info.name) in (None, ""):
            raise InputRefused("required", field=info.name)


def delete(desk: Desk, kind: str, record: str) -> list[Change]:
    """Goes away everywhere; history stays, and :func:`restore` brings it back."""
    get(desk, kind, record)
    return [Change(kind, record, delete=True)]


def restore(desk: Desk, kind: str, record: str) -> list[Change]:
    get(desk, kind, record)
    return [Change(kind, record, {"deleted": False})]
