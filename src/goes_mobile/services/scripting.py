"""Records as scripts see them: one JSON object each, by kind, under the same rules as on the screens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel
from sqlmodel import col, select

from goes_mobile.protocol.ids import to_bytes, to_text
from goes_mobile.protocol.operation import DELETED
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.records.base import Record
from goes_mobile.records.encounter import apart
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.values import flatten
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import accesses, consents, people, sameness
from goes_mobile.services.desk import Desk
from goes_mobile.services.elements import contains
from goes_mobile.store.change import Change

WRITTEN_BY_COMMANDS = {"review": "review", "review_answer": "answer", "deletion_request": "redact", "referral": "share",
                       "device": "devices"}  # fmt: skip
"""Kinds that have rules of their own and a command for them."""


@dataclass(frozen=True, slots=True)
class Where:
    """A field and what it must be; for a field of several values, what must be among them."""

    field: str
    value: Any


def made(desk: Desk, kind: str, values: Mapping[str, Any]) -> list[Change]:
    """A new record (and participations, if an encounter names several people). Raises before anything is written."""
    known = registry.kind(kind)
    _not_by_hand(kind)
    told = _told(desk, known, values)
    record = _new_id(desk, told)
    told = {name: value for name, value in told.items() if value is not None}
    if "site" in known.all_fields and not told.get("site") and desk.me.site:
        told["site"] = desk.me.site
    _check_rules(desk, kind, record, told, new=True)
    parts: list[str] = []
    if kind == "encounter":
        told, parts = apart(told)
    if kind == "task":
        told.setdefault("assignee", desk.me.member)
    flatten(kind, told, desk.me.device, None, record)
    changes = [Change(kind, record, told)]
    for person in parts:
        link = {"person": person, "encounter": record, "site": told.get("site")}
        changes.append(Change("participation", desk.new_id(), link))
    return changes


def _new_id(desk: Desk, told: dict[str, Any]) -> str:
    given = told.pop("id", None)
    if given is None:
        return desk.new_id()
    try:
        record = to_text(to_bytes(str(given)))
    except ValueError:
        raise FieldRefused("id", "bad_reference") from None
    if any(desk.read.get(kind.cls, record) is not None for kind in registry.kinds()):
        raise InputRefused("exists_already", field="id")
    return record


def changed(desk: Desk, kind: str, record: str, values: Mapping[str, Any]) -> list[Change]:
    """One operation on a record."""
    known = registry.kind(kind)
    _not_by_hand(kind)
    get(desk, kind, record)
    told = _told(desk, known, values)
    _check_rules(desk, kind, record, told, new=False)
    flatten(kind, told, desk.me.device, desk.archive.registers(kind, record), record)
    return [Change(kind, record, told)]


def deleted(desk: Desk, kind: str, record: str) -> list[Change]:
    _not_by_hand(kind)
    get(desk, kind, record)
    return [Change(kind, record, delete=True)]


def _not_by_hand(kind: str) -> None:
    if kind in WRITTEN_BY_COMMANDS:
        raise InputRefused("has_a_command", command=WRITTEN_BY_COMMANDS[kind])
    if registry.is_trace(kind):
        raise InputRefused("noted_by_itself", kind=kind)


def _told(desk: Desk, known: registry.Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with sites by their ids."""
    told = dict(values)
    for name, value in values.items():
        info = known.all_fields.get(name)
        if info is not None and info.ref == "site" and value is not None:
            told[name] = [site(desk, v) for v in value] if isinstance(value, list) else site(desk, value)
    return told


def site(desk: Desk, name: Any) -> str:
    """A site's id from its short name in the county's preset; an id stays what it is."""
    for known in desk.preset.sites:
        if name in (known.short, known.id):
            return known.id
    try:
        return to_text(to_bytes(str(name)))
    except ValueError:
        raise FieldRefused("site", "bad_reference") from None


def _check_rules(desk: Desk, kind: str, record: str, told: Mapping[str, Any], *, new: bool) -> None:
    """What the screens would not let happen either."""
    if kind == "young_person":
        consents.refuse_closed(told, frozenset() if new else consents.allowed(desk, record))
        sameness.check(desk, "" if new else record, _added(told, sameness.FIELD))
    if kind == "consent" and new and told.get("person"):
        consents.refuse_unfit(desk, people.get(desk, str(told["person"])), told)
    if kind == "encounter" and not new:
        _check_naming(desk, record, told)


def _added(told: Mapping[str, Any], name: str) -> set[str]:
    """The elements that a set shall have."""
    whole = {str(element) for element in told.get(name) or ()}
    return whole | {path.partition("/")[2] for path, value in told.items() if path.startswith(name + "/") and value}


def _check_naming(desk: Desk, record: str, told: Mapping[str, Any]) -> None:
    """An anonymous encounter is linked to somebody only with their consent."""
    before = get(desk, "encounter", record).people  # type: ignore[attr-defined]
    named = {str(p) for p in told.get("people") or () if p}
    named |= {path.partition("/")[2] for path, value in told.items() if path.startswith("people/") and value is True}
    for person in named - set(before):
        if not consents.allowed(desk, person):
            raise InputRefused("needs_consent", field="people", category="encounters")


def get(desk: Desk, kind: str, record: str) -> Record:
    """The record of that kind, deleted or not, or a refusal."""
    cls = registry.kind(kind).cls
    accesses.may_see(desk, kind)
    try:
        found = desk.read.get(cls, to_text(to_bytes(record)))
    except ValueError:
        raise FieldRefused("id", "bad_reference") from None
    if found is None:
        raise InputRefused("unknown_record", field="id")
    return found


def plain(desk: Desk, kind: str, record: str) -> dict[str, Any]:
    """A record as JSON, with how far it has been delivered."""
    found = get(desk, kind, record)
    delivery = desk.archive.delivery(kind, found.id)
    return {
        **_plain_record(kind, found),
        **_emptied(desk, [found]).get(found.id, {}),
        "delivery": delivery.state,
        "devices": delivery.devices,
    }


def listed(
    desk: Desk, kind: str, where: Iterable[Where] = (), since: date | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """Records of a kind as JSON, newest first, without deleted ones."""
    known = registry.kind(kind)
    accesses.may_see(desk, kind)
    query = select(known.cls)
    where = list(where)
    asked = {item.field for item in where}
    if DELETED not in asked:
        query = query.where(col(known.cls.deleted).is_(False))
    for item in where:
        query = query.where(_condition(desk, known, item))
    order = known.dated
    column = getattr(known.cls, order)
    if since is not None:
        query = query.where(column >= (desk.starts(since) if known.all_fields[order].type is datetime else since))
    query = query.order_by(column.desc(), col(known.cls.id).desc())
    records = list(desk.read.exec(query.limit(limit) if limit else query))
    closed = _emptied(desk, records)
    return [{**_plain_record(kind, found), **closed.get(found.id, {})} for found in records]


def _emptied(desk: Desk, records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """Of young people, by id: the fields that are filled and closed today, empty."""
    closable = consents.closed_fields(frozenset())
    filled = [r for r in records if isinstance(r, YoungPerson) and any(getattr(r, name) for name in closable)]
    return {person.id: _without(person, consents.allowed(desk, person.id)) for person in filled}


def _without(person: YoungPerson, categories: frozenset[str]) -> dict[str, Any]:
    closed = consents.closed_fields(categories)
    return {name: "" if isinstance(getattr(person, name), str) else None for name in closed}


def _condition(desk: Desk, known: registry.Kind, item: Where) -> Any:
    if item.field == "id":
        return col(known.cls.id) == item.value
    info = known.all_fields.get(item.field)
    if info is None:
        raise FieldRefused(item.field, "unknown_field", kind=known.name)
    value = site(desk, item.value) if info.ref == "site" and item.value else item.value
    if info.shape == "set":
        return contains(getattr(known.cls, info.name), str(value))
    if info.shape != "plain":
        raise InputRefused("not_comparable", field=item.field)
    column = getattr(known.cls, info.name)
    return column.is_(None) if value is None else column == _typed(info, value)


def _typed(info: FieldInfo, value: Any) -> Any:
    if isinstance(value, str) and info.type in (datetime, date, time):
        try:
            return info.type.fromisoformat(value)
        except ValueError:
            raise FieldRefused(
                info.name, f"not_a_{'moment' if info.type is datetime else info.type.__name__}"
            ) from None
    return str(value) if info.type is str and not isinstance(value, str) else value


def _plain_record(kind: str, record: Record) -> dict[str, Any]:
    known = registry.kind(kind)
    told: dict[str, Any] = {"kind": kind, "id": record.id}
    told |= {name: _plain(getattr(record, name)) for name, info in known.all_fields.items() if not info.blob}
    told["conflicts"] = json.loads(record.conflicts) if record.conflicts else []
    if record.extra:
        told["extra"] = record.extra
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return {name: _plain(inner) for name, inner in value.model_dump().items()}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return value
