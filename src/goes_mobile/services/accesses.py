"""Zugriffe: who opened, or gave out, what of a file. Noted by the program, read by supervisors and in a disclosure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.protocol.roles import who_may
from goes_mobile.records import registry
from goes_mobile.records.access import Access
from goes_mobile.records.attachment import Attachment
from goes_mobile.records.participation import Participation
from goes_mobile.records.referral import Referral
from goes_mobile.services import device_names, moments
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of, named
from goes_mobile.store.change import Change

OPENED, ENCOUNTER, DOCUMENT = "opened", "encounter", "document"
GIVEN_OUT, DISCLOSED, EXPORTED = "given_out", "disclosed", "exported"
ENDED = "device_ended"
_OPENED_BY_KIND = {"encounter": ENCOUNTER, "participation": ENCOUNTER, "attachment": DOCUMENT}
_SHARED = {
    "sent_on": "share_offered", "accepted_on": "share_accepted", "declined_on": "share_declined",
    "ended_on": "share_ended",
}  # fmt: skip
_OFFERED = 300
"""Young people among whom a filter lets choose."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty means all. ``what`` is a code of the list ``access``."""

    start: date | None = None
    end: date | None = None
    member: str | None = None
    what: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class AccessLine:
    """Somebody did something with a file. ``device``: the one it was done on, or (``what`` is ``device_ended``) done
    to; empty where the control log alone tells. ``reason``: of an order or an ending."""

    id: str
    at: datetime
    what: str
    who: Named | None
    device: str = ""
    called: str = ""
    """What the team calls it."""
    here: bool = False
    person: Named | None = None
    document: str = field(default="", repr=False)
    of: Named | None = None
    """Whose device was ended, or which site the file was offered to."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccessPage:
    """``people``: whom a filter may offer."""

    lines: list[AccessLine]
    more: bool
    people: list[Named]


def note(desk: Desk, what: str, kind: str, record: str) -> list[Change]:
    """In each file that the record is of: once a day and device for each sort of access, for documents each. Nothing
    can be noted in a file that is closed to this site."""
    document = record if kind == "attachment" else None
    looks = (
        _look(desk, what, person, site, document)
        for person, site in _files(desk, kind, record) if not desk.archive.closed(person)
    )  # fmt: skip
    return [look for look in looks if look is not None]


def opened(kind: str) -> str:
    """What it is called when a record of this kind is opened."""
    return _OPENED_BY_KIND.get(kind, OPENED)


def may_see(desk: Desk, kind: str = "access") -> None:
    """Who opened what is for supervisors; a colleague's device holds it because the file is kept as one."""
    if registry.is_trace(kind) and desk.me.role not in who_may("see_access"):
        raise InputRefused("accesses_role")


def page(desk: Desk, narrowed: Filter = Filter(), limit: int = 50) -> AccessPage:
    """Newest first: what devices noted, what was shared, what the control log knows of deletions and ended devices."""
    may_see(desk)
    found = sorted([*_noted(desk, narrowed, limit + 1), *_logged(desk, narrowed)], key=lambda line: line.at)[::-1]
    return AccessPage(found[:limit], len(found) > limit, _people(desk, narrowed))


def of_person(desk: Desk, person: str) -> list[AccessLine]:
    """Everything that was noted in one file, newest first."""
    return list(_noted(desk, Filter(person=person), -1))


def _noted(desk: Desk, narrowed: Filter, limit: int) -> Iterator[AccessLine]:
    """The notes themselves lie in one row for each file, device and month, so that most looks add no row."""
    if narrowed.what is not None and narrowed.what not in (OPENED, ENCOUNTER, DOCUMENT, GIVEN_OUT, DISCLOSED, EXPORTED):
        return
    asked = text(f"""
        SELECT a.id || look.key, a.created_by, a.device, a.person, json_extract(look.value, '$.what'),
               json_extract(look.value, '$.at') AS at, json_extract(look.value, '$.document')
        FROM access a, json_each(a.looks) look
        WHERE {_SINCE} AND (:start IS NULL OR at >= :start) AND (:end IS NULL OR at < :end) AND at IS NOT NULL
          AND (:member IS NULL OR a.created_by = :member) AND (:person IS NULL OR a.person = :person)
          AND (:what IS NULL OR json_extract(look.value, '$.what') = :what)
        ORDER BY at DESC LIMIT :limit
    """)  # noqa: S608 - no value, a part of the statement
    given = {**_between(desk, narrowed), "member": narrowed.member, "person": narrowed.person, "what": narrowed.what}
    for line, member, device, person, what, at, document in desk.read.connection().execute(
        asked, {**given, "limit": limit}
    ):
        found = desk.read.get(Attachment, document) if document else None
        yield AccessLine(
            line, datetime.fromisoformat(at), what or OPENED, named(desk, "member", member or None), device,
            device_names.called(desk, device),
            device == desk.me.device, Named(person, name_of(desk, "young_person", person)), found.name if found else "",
        )  # fmt: skip


_SINCE = "(:start IS NULL OR a.changed_at >= :start)"
"""A row that was not changed since has no later look: most rows need not be taken apart."""


def _between(desk: Desk, narrowed: Filter) -> dict[str, Any]:
    """As text that compares with moments of any precision."""
    start, end = moments.first_moment(desk, narrowed.start), moments.after(desk, narrowed.end)
    return {"start": start and f"{start:%Y-%m-%dT%H:%M:%S}", "end": end and f"{end:%Y-%m-%dT%H:%M:%S}"}


def _people(desk: Desk, narrowed: Filter) -> list[Named]:
    asked = text(f"SELECT DISTINCT a.person FROM access a WHERE {_SINCE} LIMIT {_OFFERED}")  # noqa: S608 - as above
    rows = desk.read.connection().execute(asked, {"start": _between(desk, narrowed)["start"]})
    found = [Named(person, name_of(desk, "young_person", person)) for (person,) in rows]
    return sorted(found, key=lambda person: person.name.casefold())


def _logged(desk: Desk, narrowed: Filter) -> list[AccessLine]:
    """What stands in the control log or in a record already is read there, not written twice."""
    start, end = moments.first_moment(desk, narrowed.start), moments.after(desk, narrowed.end)
    return [
        line
        for line in (*_orders(desk), *_shares(desk), *_endings(desk))
        if (start is None or line.at >= start) and (end is None or line.at < end)
        if narrowed.member is None or (line.who is not None and line.who.id == narrowed.member)
        if narrowed.what is None or line.what == narrowed.what
        if narrowed.person is None or (line.person is not None and line.person.id == narrowed.person)
    ]


def _orders(desk: Desk) -> Iterator[AccessLine]:
    for order in desk.archive.orders.all():
        person = next((p for kind, record in order.about for p, _ in _files(desk, kind, record)), None)
        about = named(desk, "young_person", person)
        for step, member, at_ms in (
            ("asked", order.proposed_by, order.proposed_ms), ("released", order.released_by, order.released_ms)
        ):  # fmt: skip
            if member and at_ms is not None:
                yield AccessLine(
                    f"{order.id}-{step}", _moment(at_ms), f"{order.action}_{step}", named(desk, "member", member),
                    person=about, reason=order.reason,
                )  # fmt: skip


def _shares(desk: Desk) -> Iterator[AccessLine]:
    for referral in desk.read.exec(select(Referral)):
        person = Named(referral.person, name_of(desk, "young_person", referral.person))
        for step in desk.archive.history("referral", referral.id):
            if step.path in _SHARED and step.new is not None:
                yield AccessLine(
                    f"{referral.id}-{step.op.hex()}-{step.path}", step.at, _SHARED[step.path],
                    named(desk, "member", step.member or None), step.device.hex(),
                    device_names.called(desk, step.device.hex()), step.device.hex() == desk.me.device, person,
                    of=named(desk, "site", referral.to),
                )  # fmt: skip


def _endings(desk: Desk) -> Iterator[AccessLine]:
    for ending in desk.archive.endings():
        if ending.at_ms is not None:
            by, of = desk.archive.member_of(ending.by), desk.archive.member_of(ending.device)
            yield AccessLine(
                f"{ending.device.hex()}-{ENDED}", _moment(ending.at_ms), ENDED, named(desk, "member", by or None),
                ending.device.hex(), device_names.called(desk, ending.device.hex()),
                of=named(desk, "member", of or None), reason=ending.reason,
            )  # fmt: skip


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _look(desk: Desk, what: str, person: str, site: str, document: str | None) -> Change | None:
    trace = desk.archive.trace_id(person, f"{desk.today:%Y%m}")
    known = desk.read.get(Access, trace)
    look = f"{desk.today:%Y%m%d}-{what}" + (f"-{document}" if document else "")
    if known is not None and look in known.looks:
        return None
    told: dict[str, Any] = {"person": person, "site": site, "device": desk.me.device} if known is None else {}
    told |= {f"looks/{look}/what": what, f"looks/{look}/at": desk.now}
    if document:
        told[f"looks/{look}/document"] = document
    return Change("access", trace, told)


def _files(desk: Desk, kind: str, record: str) -> list[tuple[str, str]]:
    """(person, site): the one whose file the record is in, or those who are named in a group."""
    found = desk.read.get(registry.kind(kind).cls, record) if registry.known(kind) else None
    if found is None or registry.is_trace(kind):
        return []
    if found.subject:
        return [(found.subject, found.site)]
    parts = select(Participation).where(Participation.encounter == record, col(Participation.deleted).is_(False))
    return [(part.person, found.site) for part in desk.read.exec(parts)]
