"""What people call a record: members, sites and stops by name, young people by alias, the rest by day and place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from goes_mobile.records import codes, display, registry
from goes_mobile.records.base import Record
from goes_mobile.records.device import Device
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.member import Member
from goes_mobile.records.outing import Outing, StopVisit
from goes_mobile.records.site import Site
from goes_mobile.records.stop import Stop
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services.desk import Desk, Named


def name_of(desk: Desk, kind: str, record: str) -> str:
    """The name to show; a record this device does not have (yet) is called by the end of its id."""
    found = desk.said.get((kind, record))
    if found is None:
        found = desk.said[kind, record] = _name_of(desk, kind, record)
    return found


def _name_of(desk: Desk, kind: str, record: str) -> str:
    match kind:
        case "member":
            found = desk.read.get(Member, record)
            return found.name if found else _unknown(record)
        case "site":
            site = desk.read.get(Site, record)
            if site:
                return site.name
            configured = desk.preset.site_of(record)
            return configured.name if configured else _unknown(record)
        case "stop":
            stop = desk.read.get(Stop, record)
            return stop.name if stop else _unknown(record)
        case "young_person":
            person = desk.read.get(YoungPerson, record)
            return person.alias if person else _unknown(record)
        case _:
            return title(desk, kind, record)


def title(desk: Desk, kind: str, record: str) -> str:
    """A record in a few words, without a note: „Begegnung, 19.11., Bahnhof Plochingen“."""
    if kind == "encounter" and (encounter := desk.read.get(Encounter, record)):
        said = (display.kind_label(kind, desk.language), short_day(desk, encounter.at), where(desk, encounter))
        return ", ".join(filter(None, said))
    if kind == "outing" and (outing := desk.read.get(Outing, record)):
        return f"{display.kind_label(kind, desk.language)}, {outing.day:%d.%m.}"
    if (
        registry.known(kind)
        and registry.kind(kind).titled
        and (found := desk.read.get(registry.kind(kind).cls, record))
    ):
        return titled(desk, kind, found)
    if kind == "device" and (device := desk.read.get(Device, record)):
        return device.name
    if kind in ("member", "site", "stop", "young_person"):
        return name_of(desk, kind, record)
    return display.kind_label(kind, desk.language)


def titled(desk: Desk, kind: str, found: Record) -> str:
    """A record by the fields its class names for that; by what it is called as a kind if they are empty."""
    said = [say(desk, kind, name, getattr(found, name)) for name in registry.kind(kind).titled]
    return " · ".join(filter(None, said)) or display.kind_label(kind, desk.language)


def named(desk: Desk, kind: str, record: str | None) -> Named | None:
    return Named(record, name_of(desk, kind, record)) if record else None


def all_named(desk: Desk, kind: str, records: Iterable[str]) -> list[Named]:
    """In the order of their names, which is the same on every device."""
    return sorted((Named(record, name_of(desk, kind, record)) for record in records), key=lambda n: n.name.casefold())


def where(desk: Desk, encounter: Encounter) -> str:
    """The most exact place that is known, in words."""
    return place_words(desk, encounter.stop, encounter.place_note, encounter.place, encounter.municipality)


def place_words(desk: Desk, stop: str | None, note: str, place: str | None, municipality: str) -> str:
    if stop:
        return name_of(desk, "stop", stop)
    if note:
        return note
    label = codes.say("place", place, desk.language, desk.preset) if place else ""
    if label and municipality:
        return f"{label}, {municipality}"
    return label or municipality


def visit_name(desk: Desk, visit: StopVisit) -> str:
    if visit.place_name:
        return visit.place_name
    return name_of(desk, "stop", visit.stop) if visit.stop else ""


def say(desk: Desk, kind: str, field: str, value: object) -> str:
    """A field's value in words, in the language of the desk; what this version does not know as it is."""
    info = registry.kind(kind).all_fields.get(field) if registry.known(kind) else None
    if info is None:
        return "" if value is None else str(value)
    return display.say(
        value,
        info,
        desk.language,
        preset=desk.preset,
        name_of=lambda of, record: name_of(desk, of, record) if of != "*" else _unknown(record),
        zone=desk.zone,
    )


def short_day(desk: Desk, moment: datetime) -> str:
    return f"{desk.day_of(moment):%d.%m.}"


def _unknown(record: str) -> str:
    return f"… {record[-6:]}"
