"""People and places of the organisation: what everybody may know, in the stream everybody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.member import Member
from goes_mobile.records.site import Site
from goes_mobile.records.stop import Stop
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import all_named
from goes_mobile.store.change import Change

if TYPE_CHECKING:
    from goes_mobile.records.presets import Hours, Preset
    from goes_mobile.records.presets import Site as PresetSite

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


@dataclass(frozen=True, slots=True)
class MemberLine:
    id: str
    name: str = field(repr=False)
    role: str | None
    sites: list[Named]
    active: bool
    me: bool


@dataclass(frozen=True, slots=True)
class SiteLine:
    id: str
    name: str
    short_name: str
    kind: str | None
    municipality: str
    hours: str
    mine: bool


@dataclass(frozen=True, slots=True)
class StopLine:
    id: str
    name: str
    municipality: str
    times: list[str]
    active: bool


def founding(preset: Preset, new_id: Callable[[], str]) -> list[Change]:
    """A new organisation's places, from the county's preset. Members come with their invites."""
    changes = [Change("site", site.id, _site_values(site)) for site in preset.sites]
    for stop in preset.stops:
        values = {
            "site": preset.site(stop.site).id, "name": stop.name, "municipality": stop.municipality,
            "times": [{"weekday": t.weekday, "starts": t.starts, "ends": t.ends} for t in stop.times],
        }  # fmt: skip
        changes.append(Change("stop", new_id(), values))
    changes += [Change("partner", new_id(), {"name": one.name, "kind": one.kind}) for one in preset.partners]
    changes += [Change("material", new_id(), {"title": title}) for title in preset.materials]
    return changes


def _site_values(site: PresetSite) -> dict[str, Any]:
    return {
        "site": site.id, "name": site.name, "short_name": site.short, "kind": site.kind,
        "municipality": site.municipality, "hours": _hours(site.hours),
    }  # fmt: skip


def _hours(times: Iterable[Hours]) -> str:
    return "\n".join(f"{WEEKDAYS[t.weekday - 1]} {t.starts}–{t.ends}" for t in times)


def new_member(member: str, name: str, role: str, sites: Sequence[str]) -> list[Change]:
    """The name belonging to a member id; written by whoever invites."""
    if not name.strip():
        raise InputRefused("required", field="name")
    values: dict[str, Any] = {"name": name, "role": role, "sites": list(sites)}
    if sites:
        values["site"] = sites[0]
    return [Change("member", member, values)]


def members(desk: Desk, active: bool = True) -> list[MemberLine]:
    """Everybody of the organisation by name."""
    query = select(Member).where(col(Member.deleted).is_(False))
    if active:
        query = query.where(col(Member.active).is_(True))
    found = sorted(desk.read.exec(query), key=lambda m: m.name.casefold())
    return [
        MemberLine(m.id, m.name, m.role, all_named(desk, "site", m.sites), m.active, m.id == desk.me.member)
        for m in found
    ]


def colleagues(desk: Desk, site: str) -> list[Named]:
    """Who works at a site."""
    return [Named(m.id, m.name) for m in members(desk) if any(s.id == site for s in m.sites)]


def sites(desk: Desk) -> list[SiteLine]:
    query = select(Site).where(col(Site.deleted).is_(False), col(Site.active).is_(True))
    found = sorted(desk.read.exec(query), key=lambda s: s.name.casefold())
    return [SiteLine(s.id, s.name, s.short_name, s.kind, s.municipality, s.hours, s.id in desk.me.sites) for s in found]


def stops(desk: Desk, site: str | None = None) -> list[StopLine]:
    """The places the mobile site comes to, with their weekly times."""
    query = select(Stop).where(col(Stop.deleted).is_(False))
    if site is not None:
        query = query.where(Stop.site == site)
    return [
        StopLine(s.id, s.name, s.municipality, [_time(t) for t in s.times.values()], s.active)
        for s in sorted(desk.read.exec(query), key=lambda s: s.name.casefold())
    ]


def _time(t: Any) -> str:
    day = WEEKDAYS[t.weekday - 1] if t.weekday else ""
    span = "–".join(f"{moment:%H:%M}" for moment in (t.starts, t.ends) if moment)
    return f"{day} {span}".strip()


def rename_member(desk: Desk, member: str, name: str) -> list[Change]:
    if desk.read.get(Member, member) is None:
        raise InputRefused("unknown_record", field="member")
    if not name.strip():
        raise InputRefused("required", field="name")
    return [Change("member", member, {"name": name})]


def set_active(desk: Desk, member: str, active: bool) -> list[Change]:
    if desk.read.get(Member, member) is None:
        raise InputRefused("unknown_record", field="member")
    return [Change("member", member, {"active": active})]
